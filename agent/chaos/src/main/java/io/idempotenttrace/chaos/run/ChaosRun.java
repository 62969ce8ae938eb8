package io.idempotenttrace.chaos.run;

import io.idempotenttrace.chaos.check.Checker;
import io.idempotenttrace.chaos.check.Judgement;
import io.idempotenttrace.chaos.mutants.MutantAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** One run, from the start of its servers to the verdict on its history. */
final class ChaosRun {

    private static final long SETTLE_SECONDS = 30;

    private final RunSettings settings;
    private final Path folder;

    /** @param folder for the files of workers and servers */
    ChaosRun(RunSettings settings, Path folder) {
        this.settings = settings;
        this.folder = folder;
    }

    Judgement run() throws IOException, InterruptedException {
        List<Phase> phases = Phases.of(settings);
        Path agent = settings.mutant() == null
                ? Files.copy(settings.agent(), folder.resolve(settings.agent().getFileName()))
                : MutantAgent.of(settings.agent(), folder, settings.mutant());
        HistoryWriter history = new HistoryWriter(settings.history());
        history.event(
                "run",
                "format",
                1,
                "seed",
                settings.seed(),
                "server",
                settings.server().name(),
                "policy",
                settings.policy(),
                "mutant",
                settings.mutant() == null ? "" : settings.mutant().title());
        try (Servers servers = Servers.start(settings, folder);
                Fleet fleet = new Fleet(settings, servers, agent, folder, history);
                MessageQueue queue = new MessageQueue(history, fleet, settings.seed())) {
            try (FreezeDetector freezes = new FreezeDetector(history)) {
                queue.beginPhase(0);
                begin(history, 0, "start", List.of(), List.of());
                fleet.begin(queue);
                settle(queue);
                history.event("phase-end", "phase", 0);
                if (run(order(phases), servers, fleet, queue, history)) {
                    fleet.stopAll();
                }
            }
        } finally {
            history.close();
        }
        return Checker.check(settings.history());
    }

    /** Each phase once, in an order that the seed gives; the one that a planted bug needs comes first. */
    private List<Phase> order(List<Phase> phases) {
        List<Phase> order = new ArrayList<>(phases);
        if (settings.phases().isEmpty()) {
            Collections.shuffle(order, new Random(settings.seed()));
        }
        if (settings.mutant() != null) {
            String directed = Phases.directedAt(settings.mutant());
            order.sort((one, other) ->
                    Boolean.compare(other.name().equals(directed), one.name().equals(directed)));
        }
        return order;
    }

    /** @return false where the planted bug was found: then nothing has to end in good order */
    private boolean run(List<Phase> phases, Servers servers, Fleet fleet, MessageQueue queue, HistoryWriter history)
            throws InterruptedException {
        long end = System.nanoTime() + (long) (settings.minutes() * 60e9);
        for (int number = 1; number == 1 || System.nanoTime() - end < 0; number++) {
            Phase phase = phases.get((number - 1) % phases.size());
            long begun = System.nanoTime();
            run(number, phase, servers, fleet, queue, history);
            System.err.printf(
                    "phase %d %s: %d s, %d calls so far%n",
                    number, phase.name(), TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun), queue.calls());
            if (settings.mutant() != null) {
                history.flush();
                if (!Checker.checkUnfinished(settings.history()).holds()) {
                    System.err.println("the mutant is found");
                    return false;
                }
            }
        }
        return true;
    }

    private void run(int number, Phase phase, Servers servers, Fleet fleet, MessageQueue queue, HistoryWriter history)
            throws InterruptedException {
        queue.beginPhase(number);
        begin(history, number, phase.name(), phase.excuses(), phase.strictExcuses());
        Thread sender = new Thread(() -> send(queue, phase.mix()), "chaos-sender");
        sender.setDaemon(true);
        sender.start();
        Nemesis nemesis =
                new Nemesis(settings.seed() * 1_000_003 + number, fleet, servers, queue, history, phase.loses());
        try {
            phase.work().run(nemesis);
        } finally {
            sender.interrupt();
            sender.join();
        }
        fleet.heal();
        settle(queue);
        queue.repeatedKeys().forEach((key, scope) -> {
            long attempt = scope.equals("shared")
                    ? 0
                    : servers.attempt("idem:" + settings.tenant() + "%:" + scope + ":" + key);
            if (attempt > 0) {
                history.event("record", "key", key, "attempt", attempt);
            }
        });
        history.event("phase-end", "phase", number);
    }

    private static void begin(
            HistoryWriter history, int number, String name, List<String> excuses, List<String> strictExcuses) {
        history.event("phase", "phase", number, "name", name, "excuses", excuses, "strictExcuses", strictExcuses);
    }

    private static void send(MessageQueue queue, MessageQueue.Mix mix) {
        try {
            while (true) {
                queue.send(mix);
                TimeUnit.MILLISECONDS.sleep(1000 / mix.perSecond());
            }
        } catch (InterruptedException e) {
            // The phase is over.
        }
    }

    private static void settle(MessageQueue queue) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
        while (!queue.isSettled()) {
            if (System.nanoTime() - end >= 0) {
                System.err.println("not settled after " + SETTLE_SECONDS + " s: " + queue.unsettled());
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
