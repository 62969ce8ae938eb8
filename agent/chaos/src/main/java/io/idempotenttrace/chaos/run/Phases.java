package io.idempotenttrace.chaos.run;

import static io.idempotenttrace.chaos.run.ServerKind.cluster;
import static io.idempotenttrace.chaos.run.ServerKind.sentinel;
import static io.idempotenttrace.chaos.run.ServerKind.standalone;

import io.idempotenttrace.chaos.WrongArgumentException;
import io.idempotenttrace.chaos.mutants.Mutant;
import io.idempotenttrace.chaos.run.MessageQueue.Mix;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The phases that there are. */
final class Phases {

    private static final String UNGUARDED = "unguarded";
    private static final String KILLED = "killed";
    private static final String PAUSED = "paused";
    private static final String LEASE_LOST = "lease-lost";
    private static final String LOST_RECORD = "lost-record";

    private static final Set<ServerKind> EACH = Set.of(standalone, sentinel, cluster);
    private static final Set<ServerKind> ALONE = Set.of(standalone);

    private final boolean proceeds;
    private final boolean durable;
    private final List<Phase> phases = new ArrayList<>();

    private Phases(RunSettings settings) {
        proceeds = settings.policy().equals("proceed");
        durable = settings.isDurable();
        // Where nothing excuses a duplicate.
        add("calm", EACH, List.of(), Mix.USUAL, Nemesis::calm);
        add("cuts", ALONE, List.of(), Mix.USUAL, Nemesis::cutConnections);
        add("stalls", EACH, List.of(), Mix.USUAL, Nemesis::stallServers);
        add("delays", ALONE, List.of(), Mix.USUAL, Nemesis::delayAndDrain);
        add("burst", EACH, List.of(), Mix.USUAL, Nemesis::burst);
        add("drain", EACH, List.of(), Mix.USUAL, Nemesis::drainWorkers);
        add("scripts", EACH, List.of(), Mix.USUAL, Nemesis::flushScriptsAndKillClients);
        add("reshard", Set.of(cluster), List.of(), Mix.USUAL, Nemesis::reshard);
        // Where the worker's own fate does.
        add("kills", EACH, List.of(KILLED), Mix.USUAL, Nemesis::killWorkers);
        add("clock", ALONE, List.of(KILLED), Mix.USUAL, Nemesis::setClockBack);
        add(
                "pauses",
                EACH,
                unless(proceeds, PAUSED, LEASE_LOST),
                List.of(PAUSED, LEASE_LOST),
                false,
                Mix.USUAL,
                Nemesis::pauseWorkers);
        // Where the store can't be asked for a while.
        add("restart", ALONE, unless(proceeds, lost()), List.of(lost()), !durable, Mix.USUAL, Nemesis::restartServer);
        add(
                "outage",
                ALONE,
                unless(proceeds, lostAndLate()),
                List.of(lostAndLate()),
                !durable,
                Mix.USUAL,
                Nemesis::outage);
        add("alone", ALONE, unless(proceeds, LEASE_LOST), List.of(LEASE_LOST), false, Mix.USUAL, Nemesis::outageOfOne);
        add(
                "black-holes",
                ALONE,
                unless(proceeds, LEASE_LOST),
                List.of(LEASE_LOST),
                false,
                Mix.USUAL,
                Nemesis::blackHoles);
        add(
                "password",
                ALONE,
                unless(proceeds, LEASE_LOST),
                List.of(LEASE_LOST),
                false,
                Mix.USUAL,
                Nemesis::changePassword);
        add("resources", EACH, unless(proceeds, LEASE_LOST), List.of(LEASE_LOST), false, Mix.USUAL, Nemesis::exhaust);
        // Where the store loses what it has not replicated.
        add(
                "failover",
                Set.of(sentinel, cluster),
                unless(proceeds, LOST_RECORD, LEASE_LOST),
                List.of(LOST_RECORD, LEASE_LOST),
                true,
                Mix.USUAL,
                Nemesis::failOver);
        add(
                "partition",
                Set.of(sentinel, cluster),
                unless(proceeds, LOST_RECORD, LEASE_LOST),
                List.of(LOST_RECORD, LEASE_LOST),
                true,
                Mix.USUAL,
                Nemesis::partition);
        add(
                "dead-shard",
                Set.of(cluster),
                unless(proceeds, LOST_RECORD, LEASE_LOST),
                List.of(LOST_RECORD, LEASE_LOST),
                true,
                Mix.USUAL,
                Nemesis::deadShard);
    }

    private String[] lost() {
        return durable ? new String[0] : new String[] {LOST_RECORD};
    }

    private String[] lostAndLate() {
        return durable ? new String[] {LEASE_LOST} : new String[] {LOST_RECORD, LEASE_LOST};
    }

    /** These, and that a call runs unguarded, where the policy allows it. */
    private static List<String> unless(boolean proceeds, String... excuses) {
        List<String> all = new ArrayList<>(List.of(excuses));
        if (proceeds) {
            all.add(UNGUARDED);
        }
        return all;
    }

    private void add(String name, Set<ServerKind> servers, List<String> excuses, Mix mix, Phase.Work work) {
        add(name, servers, excuses, excuses, /* loses= */ false, mix, work);
    }

    private void add(
            String name,
            Set<ServerKind> servers,
            List<String> excuses,
            List<String> strictExcuses,
            boolean loses,
            Mix mix,
            Phase.Work work) {
        phases.add(new Phase(name, servers, excuses, strictExcuses, loses, mix, work));
    }

    /** Those that such a run can have. */
    static List<Phase> of(RunSettings settings) {
        List<Phase> possible = new Phases(settings)
                .phases.stream()
                        .filter(phase -> phase.servers().contains(settings.server()))
                        .toList();
        if (settings.phases().isEmpty()) {
            return possible;
        }
        List<Phase> chosen = new ArrayList<>();
        for (String name : settings.phases()) {
            chosen.add(possible.stream()
                    .filter(phase -> phase.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new WrongArgumentException("there is no phase '" + name + "' with --server "
                            + settings.server() + "; give some of "
                            + possible.stream().map(Phase::name).toList())));
        }
        return chosen;
    }

    /** The phase that brings about what that planted bug needs to be seen. */
    static String directedAt(Mutant mutant) {
        return switch (mutant) {
            case CLAIM_IGNORES_PAYLOAD,
                    TAKEOVER_OF_A_LIVE_LEASE,
                    SHORT_MEMORY,
                    NO_RENEWAL,
                    FAILED_COUNTS_AS_DONE,
                    WAITS_FOR_EVER,
                    FOREIGN_RESULT,
                    EVERYTHING_CONFLICTS -> "calm";
            case NO_TAKEOVER, CLAIM_COMPLETES, FENCE_STANDS_STILL -> "kills";
            case COMPLETE_IGNORES_OWNER, FAIL_IGNORES_OWNER, RENEW_IGNORES_OWNER -> "pauses";
            case RESEND_IS_A_STRANGER, FORGETS_COMPLETIONS -> "cuts";
            case TRUSTS_THE_CLOCK -> "clock";
            case OPEN_WHEN_CLOSED, BREAKER_NEVER_CLOSES, COUNTS_NOTHING_UNGUARDED -> "outage";
        };
    }
}
