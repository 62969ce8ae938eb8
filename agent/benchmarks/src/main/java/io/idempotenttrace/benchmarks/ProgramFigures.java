package io.idempotenttrace.benchmarks;

import io.idempotenttrace.benchmarks.report.Samples;
import io.idempotenttrace.testkit.ForkedJvm;
import java.util.stream.Stream;

/** Reads what a program printed: lines of what, variant and value, by tabs. */
final class ProgramFigures {

    /** Many rounds on a slow machine. */
    private static final long MAX_SECONDS = 1800;

    private final ForkedJvm.Result result;

    private ProgramFigures(ForkedJvm.Result result) {
        this.result = result;
    }

    static ProgramFigures of(ForkedJvm.Builder program) {
        ProgramFigures figures = ofUnguarded(program);
        // The last line is the agent's exit line: a benchmark of calls that were not guarded would look splendid.
        if (!figures.result.lastErr().contains(" failed=0 unguarded=0 ")) {
            throw new IllegalStateException(figures.result.toString());
        }
        return figures;
    }

    /** Of a program without guarded calls. */
    static ProgramFigures ofUnguarded(ForkedJvm.Builder program) {
        try (ForkedJvm jvm = program.start()) {
            ForkedJvm.Result result = jvm.await(MAX_SECONDS);
            if (result.exitCode() != 0) {
                throw new IllegalStateException(result.toString());
            }
            return new ProgramFigures(result);
        }
    }

    void addTo(Samples samples, String what) {
        figures(what).forEach(line -> samples.add(line[1], Double.parseDouble(line[2])));
    }

    /** Of all that the program printed of it, whatever the variant. */
    double median(String what) {
        Samples samples = new Samples(what, "");
        figures(what).forEach(line -> samples.add(what, Double.parseDouble(line[2])));
        return samples.median(what);
    }

    private Stream<String[]> figures(String what) {
        return result.out().stream()
                .map(line -> line.split("\t"))
                .filter(line -> line.length == 3 && line[0].equals(what));
    }
}
