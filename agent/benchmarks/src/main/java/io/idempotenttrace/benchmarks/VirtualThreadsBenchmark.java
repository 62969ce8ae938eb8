package io.idempotenttrace.benchmarks;

import io.idempotenttrace.benchmarks.program.VirtualThreads;
import io.idempotenttrace.benchmarks.report.Goal;
import io.idempotenttrace.benchmarks.report.Report;
import io.idempotenttrace.benchmarks.report.Samples;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Guarded calls of virtual threads, of which each waits by itself. */
@Command(
        name = "virtual-threads",
        description = "New calls a second on Redis by 10,000 virtual threads against 64 platform threads; pinning.")
final class VirtualThreadsBenchmark implements Callable<Integer> {

    private static final int FIRST_VERSION = 21;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        Jdks.Jdk jdk = options.jdks().get(options.jdks().size() - 1);
        if (jdk.version() < FIRST_VERSION) {
            throw new IllegalStateException(jdk + " has no virtual threads; install a JDK of version 21 or newer");
        }
        Samples calls = new Samples("new calls a second, " + jdk, "calls/s");
        Samples pinned = new Samples("events of a pinned virtual thread, " + jdk, "events");
        try (TestRedis redis = TestRedis.start()) {
            ProgramFigures figures = ProgramFigures.of(ForkedJvm.on(jdk)
                    .agent(Artifacts.AGENT, "redis-url=" + redis.url())
                    .main(
                            Artifacts.CLASS_PATH_WITH_LIBRARIES,
                            VirtualThreads.class.getName(),
                            redis.url(),
                            Integer.toString(options.rounds()),
                            options.quick() ? "500" : "2000"));
            figures.addTo(calls, "calls");
            figures.addTo(pinned, "pinned");
            Report report = options.report(
                    "virtual-threads", List.of(jdk), "Redis " + redis.info("server", "redis_version") + " on loopback");
            report.add(calls).add(pinned);
            report.add(Goal.atLeast(
                    1,
                    "times",
                    "new calls a second of 10,000 virtual threads, of 64 platform threads",
                    calls.medianRatio("10,000 virtual threads", "64 platform threads")));
            report.add(Goal.atMost(0, "events", "jdk.VirtualThreadPinned", pinned.median("jdk.VirtualThreadPinned")));
            options.publish(report);
        }
        return 0;
    }
}
