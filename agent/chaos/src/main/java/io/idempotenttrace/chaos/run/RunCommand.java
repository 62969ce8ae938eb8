package io.idempotenttrace.chaos.run;

import io.idempotenttrace.chaos.ProgramOptions;
import io.idempotenttrace.chaos.TemporaryFolder;
import io.idempotenttrace.chaos.WrongArgumentException;
import io.idempotenttrace.chaos.check.CheckCommand;
import io.idempotenttrace.chaos.check.Judgement;
import io.idempotenttrace.chaos.mutants.Mutant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs workers with the packed agent on real servers, under a nemesis. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Runs workers with the packed agent on real servers, does harm to them by a plan that is a function of the seed, and"
                        + " judges what happened. The last line on stdout is the result as JSON.")
public final class RunCommand implements Callable<Integer> {

    @Option(names = "--server", defaultValue = "standalone", description = "One of ${COMPLETION-CANDIDATES}.")
    private ServerKind server;

    @Option(names = "--minutes", defaultValue = "2", description = "How long; a phase that has begun is ended.")
    private double minutes;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "What the plan of the faults and the messages come from.")
    private long seed;

    @Option(
            names = "--mutant",
            description = "Plant this bug in the agent, and stop when it is found; see the command 'mutants'.")
    private String mutant;

    @Mixin
    private ProgramOptions programs;

    @Option(
            names = "--appendfsync",
            defaultValue = "everysec",
            description = "How servers write to disk: always, everysec, or no, with which they keep nothing.")
    private String appendfsync;

    @Option(
            names = "--on-store-failure",
            defaultValue = "proceed",
            description =
                    "What calls get that the store can't answer for: proceed or throw. Those of one scope always get throw.")
    private String policy;

    @Option(names = "--workers", defaultValue = "3", description = "How many worker processes.")
    private int workers;

    @Option(names = "--phases", split = ",", description = "Only these phases, in this order.")
    private List<String> phases = List.of();

    @Option(names = "--history", description = "Where the history is written; else it goes when the program ends.")
    private Path history;

    @Option(names = "--report", description = "A folder for report.md, the history and a plot.")
    private Path report;

    @Override
    public Integer call() throws Exception {
        Path folder = TemporaryFolder.create();
        RunSettings settings = settings(folder);
        long begun = System.nanoTime();
        Judgement judgement = new ChaosRun(settings, folder).run();
        long seconds = (System.nanoTime() - begun) / 1_000_000_000;
        if (report != null) {
            Report.write(settings, judgement, seconds);
        }
        CheckCommand.tell(judgement);
        System.out.println(judgement.json());
        return judgement.holds() ? 0 : 1;
    }

    private RunSettings settings(Path folder) throws Exception {
        if (!(minutes > 0) || minutes > 10_000) {
            throw new WrongArgumentException("--minutes is '" + minutes + "'; give a number above 0");
        }
        if (workers < 2 || workers > 64) {
            throw new WrongArgumentException("--workers is '" + workers + "'; give a number from 2 to 64");
        }
        oneOf("--appendfsync", appendfsync, "always", "everysec", "no");
        oneOf("--on-store-failure", policy, "proceed", "throw");
        if (report != null) {
            Files.createDirectories(report);
        }
        Path written = history != null ? history : (report != null ? report : folder).resolve("history.jsonl");
        return new RunSettings(
                server,
                minutes,
                seed,
                mutant == null ? null : Mutant.named(mutant),
                programs.agent(),
                programs.server(),
                appendfsync,
                policy,
                workers,
                written,
                report,
                phases);
    }

    private static void oneOf(String option, String value, String... allowed) {
        if (!List.of(allowed).contains(value)) {
            throw new WrongArgumentException(option + " is '" + value + "'; give one of " + String.join(", ", allowed));
        }
    }
}
