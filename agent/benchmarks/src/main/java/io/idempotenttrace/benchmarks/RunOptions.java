package io.idempotenttrace.benchmarks;

import io.idempotenttrace.benchmarks.report.Machine;
import io.idempotenttrace.benchmarks.report.Report;
import io.idempotenttrace.testkit.Jdks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** What every benchmark can be told. */
final class RunOptions {

    private static final int ROUNDS = 11;
    private static final int QUICK_ROUNDS = 3;

    @Option(
            names = "--rounds",
            description = "How often each variant is measured, in turn with the others (default: 11; 3 if quick).")
    private int rounds;

    @Option(names = "--quick", description = "Few and short rounds: to see that it works, not for figures.")
    private boolean quick;

    @Option(names = "--jdk", description = "The version of the JDK to fork (default: each benchmark's own choice).")
    private int jdk;

    @Option(names = "--results", description = "Where table, CSV and plot go (default: agent/benchmarks/results).")
    private Path results = Artifacts.RESULTS;

    boolean quick() {
        return quick;
    }

    int rounds() {
        return rounds > 0 ? rounds : quick ? QUICK_ROUNDS : ROUNDS;
    }

    /** The oldest and the newest of this machine, or the one that was asked for. */
    List<Jdks.Jdk> jdks() {
        List<Jdks.Jdk> wanted = Jdks.all().stream()
                .filter(each -> jdk == 0 || each.version() == jdk)
                .toList();
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("no JDK " + jdk + " here, only " + Jdks.all());
        }
        return wanted;
    }

    /** The oldest, or the one that was asked for: what benchmarks of long-running JVMs fork. */
    Jdks.Jdk oneJdk() {
        return jdks().get(0);
    }

    /** @param more of the machine, beside the JDKs; empty for nothing */
    Report report(String name, List<Jdks.Jdk> forked, String more) {
        String versions = forked.stream().map(Jdks.Jdk::toString).collect(Collectors.joining(" and "));
        return new Report(name, Machine.describe(more.isEmpty() ? versions : versions + ", " + more));
    }

    void publish(Report report) throws IOException {
        report.publish(results);
    }

    /** Tells on stderr how far it is: a run takes minutes. */
    void progress(int round) {
        System.err.print(
                round == rounds()
                        ? "\rround " + round + " of " + rounds() + "\n"
                        : "\rround " + round + " of " + rounds());
    }
}
