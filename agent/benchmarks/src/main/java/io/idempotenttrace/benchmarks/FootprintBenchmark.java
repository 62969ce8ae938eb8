package io.idempotenttrace.benchmarks;

import io.idempotenttrace.benchmarks.program.Footprint;
import io.idempotenttrace.benchmarks.report.Goal;
import io.idempotenttrace.benchmarks.report.Report;
import io.idempotenttrace.benchmarks.report.Samples;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Heap and metaspace of an idle JVM, with and without the agent, and the size of the jar. */
@Command(
        name = "footprint",
        description = "Heap and metaspace that an idle JVM has more with the agent; the jar's size.")
final class FootprintBenchmark implements Callable<Integer> {

    private static final String NONE = "no agent";
    private static final String IDLE = "nothing annotated";
    private static final String MEMORY = "after a call, in memory";
    private static final String REDIS = "after a call, on Redis";

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        Report report = options.report("footprint", options.jdks(), "");
        try (TestRedis redis = TestRedis.start()) {
            for (Jdks.Jdk jdk : options.jdks()) {
                Samples heap = new Samples("heap in use after a collection, " + jdk, "MB");
                Samples metaspace = new Samples("metaspace in use, " + jdk, "MB");
                for (int round = 1; round <= options.rounds(); round++) {
                    for (ProgramFigures figures : new ProgramFigures[] {
                        ProgramFigures.ofUnguarded(program(ForkedJvm.on(jdk), NONE)),
                        ProgramFigures.ofUnguarded(
                                program(ForkedJvm.on(jdk).agent(Artifacts.AGENT, "redis-url=" + redis.url()), IDLE)),
                        ProgramFigures.of(
                                program(ForkedJvm.on(jdk).agent(Artifacts.AGENT, "store=memory"), MEMORY, "call")),
                        ProgramFigures.of(program(
                                ForkedJvm.on(jdk).agent(Artifacts.AGENT, "redis-url=" + redis.url()), REDIS, "call"))
                    }) {
                        figures.addTo(heap, "heap");
                        figures.addTo(metaspace, "metaspace");
                    }
                    options.progress(round);
                }
                report.add(heap).add(metaspace);
                for (String variant : new String[] {IDLE, MEMORY, REDIS}) {
                    report.add(Goal.atMost(
                            15,
                            "MB",
                            jdk + ": heap and metaspace added, " + variant,
                            heap.medianDifference(variant, NONE) + metaspace.medianDifference(variant, NONE)));
                }
            }
        }
        report.add(Goal.atMost(14, "MB", "the agent's jar", Files.size(Artifacts.AGENT) / 1e6));
        options.publish(report);
        return 0;
    }

    private static ForkedJvm.Builder program(ForkedJvm.Builder jvm, String... arguments) {
        return jvm.main(Artifacts.CLASS_PATH, Footprint.class.getName(), arguments);
    }
}
