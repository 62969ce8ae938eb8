package io.idempotenttrace.benchmarks;

import io.idempotenttrace.benchmarks.program.FirstCall;
import io.idempotenttrace.benchmarks.program.FirstRawCall;
import io.idempotenttrace.benchmarks.report.Goal;
import io.idempotenttrace.benchmarks.report.Report;
import io.idempotenttrace.benchmarks.report.Samples;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** From the start of a JVM to the return of its first guarded call. */
@Command(
        name = "first-call",
        description = "JVM start to the first guarded call, in memory and on Redis, over a do-nothing agent.")
final class FirstCallBenchmark implements Callable<Integer> {

    private static final String DO_NOTHING = "do-nothing agent, call unguarded";
    private static final String MEMORY = "idempotent-trace, memory";
    private static final String REDIS = "idempotent-trace, Redis";
    private static final String LETTUCE = "do-nothing agent, a script by Lettuce alone";

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        Path doNothing = Artifacts.doNothingAgent();
        try (TestRedis redis = TestRedis.start()) {
            Report report =
                    options.report("first-call", options.jdks(), "Redis " + redis.info("server", "redis_version"));
            for (Jdks.Jdk jdk : options.jdks()) {
                Samples millis = new Samples("JVM start to the end of the first call, " + jdk, "ms");
                for (int round = 1; round <= options.rounds(); round++) {
                    millis.add(DO_NOTHING, toFirstCall(program(jdk).agent(doNothing, "")));
                    millis.add(MEMORY, toFirstCall(program(jdk).agent(Artifacts.AGENT, "store=memory")));
                    // Another tenant for each JVM: the call must be new.
                    millis.add(
                            REDIS,
                            toFirstCall(program(jdk)
                                    .agent(
                                            Artifacts.AGENT,
                                            "redis-url=" + redis.url() + ",tenant=" + jdk.version() + '-' + round)));
                    millis.add(
                            LETTUCE,
                            toFirstCall(ForkedJvm.on(jdk)
                                    .agent(doNothing, "")
                                    .main(
                                            Artifacts.CLASS_PATH_WITH_LIBRARIES,
                                            FirstRawCall.class.getName(),
                                            redis.url())));
                    options.progress(round);
                }
                report.add(millis);
                report.add(
                        Goal.atMost(250, "ms", jdk + ": added in memory", millis.medianDifference(MEMORY, DO_NOTHING)));
                report.add(
                        Goal.atMost(600, "ms", jdk + ": added on Redis", millis.medianDifference(REDIS, DO_NOTHING)));
            }
            options.publish(report);
        }
        return 0;
    }

    private static ForkedJvm.Builder program(Jdks.Jdk jdk) {
        return ForkedJvm.on(jdk).main(Artifacts.CLASS_PATH, FirstCall.class.getName());
    }

    /** The JVM's end is not part of it: it waits for completions. */
    private static double toFirstCall(ForkedJvm.Builder jvm) {
        long begin = System.nanoTime();
        ForkedJvm.Result result = jvm.run();
        if (result.exitCode() != 0 || result.toString().contains("unguarded=1")) {
            throw new IllegalStateException(result.toString());
        }
        return (Long.parseLong(result.out().get(0)) - begin) / 1e6;
    }
}
