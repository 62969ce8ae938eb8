package io.idempotenttrace.benchmarks;

import io.idempotenttrace.benchmarks.program.PeerCalls;
import io.idempotenttrace.benchmarks.report.Goal;
import io.idempotenttrace.benchmarks.report.Report;
import io.idempotenttrace.benchmarks.report.Samples;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What others use for this, in the same JVMs and on the same Redis. */
@Command(
        name = "peers",
        description = "The same operation by Spring Integration, Camel and Jdempotent: time, commands, calls a second.")
final class PeersBenchmark implements Callable<Integer> {

    private static final int FORKS = 3;
    private static final String OURS = "idempotent-trace";

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        Jdks.Jdk jdk = options.oneJdk();
        Map<String, Samples> panels = new java.util.LinkedHashMap<>();
        panels.put("new", new Samples("new call, one thread", "us"));
        panels.put("duplicate", new Samples("duplicate met for the first time, one thread", "us"));
        panels.put("commands-new", new Samples("commands sent for a new call", "commands"));
        panels.put(
                "commands-duplicate", new Samples("commands sent for a duplicate met for the first time", "commands"));
        Map<String, Samples> loads = new java.util.LinkedHashMap<>();
        for (String kind : new String[] {"new", "repeated duplicate"}) {
            for (int threads : new int[] {1, 8, 64}) {
                String name = kind + " calls a second, " + threads + (threads == 1 ? " thread" : " threads");
                loads.put(name, new Samples(name, "calls/s"));
                panels.put((kind.equals("new") ? "load" : "repeated") + threads, loads.get(name));
            }
        }
        try (TestRedis redis = TestRedis.start()) {
            int forks = options.quick() ? 1 : FORKS;
            for (int fork = 1; fork <= forks; fork++) {
                try (AwakeProcessors awake = AwakeProcessors.keep()) {
                    measure("calls", jdk, redis, forks, panels);
                }
                measure("loads", jdk, redis, forks, panels);
                System.err.println("fork " + fork + " of " + forks);
            }
            Report report = options.report(
                    "peers", List.of(jdk), "Redis " + redis.info("server", "redis_version") + " on loopback");
            panels.values().forEach(report::add);
            for (String peer : panels.get("new").variants()) {
                if (!peer.equals(OURS)) {
                    addGoals(report, peer, panels, loads);
                }
            }
            options.publish(report);
        }
        return 0;
    }

    private void measure(String part, Jdks.Jdk jdk, TestRedis redis, int forks, Map<String, Samples> panels) {
        ProgramFigures figures = ProgramFigures.of(ForkedJvm.on(jdk)
                .agent(Artifacts.AGENT, "redis-url=" + redis.url())
                .main(
                        Artifacts.CLASS_PATH_WITH_LIBRARIES,
                        PeerCalls.class.getName(),
                        part,
                        redis.url(),
                        Integer.toString(redis.port()),
                        Integer.toString((options.rounds() + forks - 1) / forks),
                        options.quick() ? "300" : "2000",
                        options.quick() ? "300" : "1500"));
        panels.forEach((what, samples) -> figures.addTo(samples, what));
    }

    private static void addGoals(Report report, String peer, Map<String, Samples> panels, Map<String, Samples> loads) {
        for (String kind : new String[] {"new", "duplicate"}) {
            report.add(Goal.atMost(
                    1,
                    "times",
                    kind + ", time of a call, of " + peer,
                    panels.get(kind).medianRatio(OURS, peer)));
        }
        loads.forEach((name, samples) ->
                report.add(Goal.atLeast(1, "times", name + ", of " + peer, samples.medianRatio(OURS, peer))));
    }
}
