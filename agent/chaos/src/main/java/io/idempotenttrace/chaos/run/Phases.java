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

    /** Without bodies whose lease would be lost in a short outage. */
    private static final Mix SHORT = new Mix(30, 0, 0.05, 0.1, 0.05);

    /** Without messages that come again after a lease: the phase that runs in each build is over sooner. */
    private static final Mix WITHOUT_REPEATS = new Mix(30, 0, 0.08, 0.12, 0);

    private static final Set<ServerKind> EACH = Set.of(standalone, sentinel, cluster);
    private static final Set<ServerKind> ALONE = Set.of(standalone);

    private final boolean proceeds;
    private final List<Phase> phases = new ArrayList<>();

    private Phases(RunSettings settings) {
        proceeds = settings.policy().equals("proceed");
        // Where nothing excuses a duplicate.
        add("calm", EACH, Mix.USUAL, Nemesis::calm);
        add("cuts", ALONE, Mix.USUAL, Nemesis::cutConnections);
        add("stalls", EACH, Mix.USUAL, Nemesis::stallServers);
        add("delays", ALONE, Mix.USUAL, Nemesis::delayAndDrain);
        add("burst", EACH, Mix.USUAL, Nemesis::burst);
        add("drain", EACH, Mix.USUAL, Nemesis::drainWorkers);
        add("scripts", EACH, WITHOUT_REPEATS, Nemesis::flushScriptsAndKillClients);
        add("reshard", Set.of(cluster), Mix.USUAL, Nemesis::reshard);
        // Where the worker's own fate does.
        add("kills", EACH, Mix.USUAL, Nemesis::killWorkers, KILLED);
        add("clock", ALONE, Mix.USUAL, Nemesis::setClockBack, KILLED);
        addWithoutStore("pauses", EACH, Mix.USUAL, Nemesis::pauseWorkers, PAUSED);
        // Where the store can't be asked for a while.
        addWithoutStore("network-down", ALONE, SHORT, Nemesis::networkDown);
        addWithoutStore("alone", ALONE, Mix.USUAL, Nemesis::outageOfOne, LEASE_LOST);
        addWithoutStore("black-holes", ALONE, Mix.USUAL, Nemesis::blackHoles, LEASE_LOST);
        addWithoutStore("password", ALONE, Mix.USUAL, Nemesis::changePassword, LEASE_LOST);
        addWithoutStore("resources", EACH, Mix.USUAL, Nemesis::exhaust, LEASE_LOST);
        // Where it may lose what it has not written or replicated.
        if (settings.isDurable()) {
            addWithoutStore("restart", ALONE, Mix.USUAL, Nemesis::restartServer);
            addWithoutStore("outage", ALONE, Mix.USUAL, Nemesis::outage, LEASE_LOST);
        } else {
            addLosing("restart", ALONE, Nemesis::restartServer);
            addLosing("outage", ALONE, Nemesis::outage);
        }
        addLosing("failover", Set.of(sentinel, cluster), Nemesis::failOver);
        addLosing("partition", Set.of(sentinel, cluster), Nemesis::partition);
        addLosing("dead-shard", Set.of(cluster), Nemesis::deadShard);
    }

    /** One in which the store can always be asked. */
    private void add(String name, Set<ServerKind> servers, Mix mix, Phase.Work work, String... excuses) {
        phases.add(new Phase(name, servers, List.of(excuses), List.of(excuses), /* loses= */ false, mix, work));
    }

    /** One in which it can't: calls run unguarded, where the policy allows it. */
    private void addWithoutStore(
            String name, Set<ServerKind> servers, Mix mix, Phase.Work work, String... strictExcuses) {
        phases.add(new Phase(
                name, servers, orUnguarded(strictExcuses), List.of(strictExcuses), /* loses= */ false, mix, work));
    }

    private void addLosing(String name, Set<ServerKind> servers, Phase.Work work) {
        phases.add(new Phase(
                name,
                servers,
                orUnguarded(LOST_RECORD, LEASE_LOST),
                List.of(LOST_RECORD, LEASE_LOST),
                /* loses= */ true,
                Mix.USUAL,
                work));
    }

    private List<String> orUnguarded(String... excuses) {
        List<String> all = new ArrayList<>(List.of(excuses));
        if (proceeds) {
            all.add(UNGUARDED);
        }
        return all;
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
                    EVERYTHING_CONFLICTS,
                    CLAIMS_OVERTAKE,
                    IGNORES_THE_VERSION,
                    FOLLOWS_NOBODY,
                    FAIL_UNDOES_COMPLETION,
                    FAILED_STAYS_IN_PLACE,
                    PENDING_OUTLIVES_ITS_LEASE,
                    BELIEVES_A_STRANGERS_FAILURE,
                    ONE_NAME_FOR_TWO -> "calm";
            case NO_TAKEOVER, CLAIM_COMPLETES, FENCE_STANDS_STILL -> "kills";
            case COMPLETE_IGNORES_OWNER,
                    FAIL_IGNORES_OWNER,
                    RENEW_IGNORES_OWNER,
                    BELIEVES_LATE_ANSWERS,
                    ONE_ANSWER_FOR_ALL -> "pauses";
            case RESEND_IS_A_STRANGER, COMPLETE_ONLY_ONCE, TAKES_ANY_REPLY -> "cuts";
            case FORGETS_COMPLETIONS, LOSES_SILENTLY -> "network-down";
            case TRUSTS_THE_CLOCK -> "clock";
            case COMPLETE_NEEDS_A_RECORD -> "restart";
            case OPEN_WHEN_CLOSED,
                    BREAKER_NEVER_CLOSES,
                    COUNTS_NOTHING_UNGUARDED,
                    GIVE_BACK_IGNORES_OWNER,
                    REMEMBERS_NOTHING,
                    FORGETS_WHO_HOLDS,
                    BELIEVES_THE_STORE_ALONE,
                    CLAIMS_WHILE_GIVING_BACK,
                    FAILS_A_CALL_THAT_WAITS -> "outage";
        };
    }
}
