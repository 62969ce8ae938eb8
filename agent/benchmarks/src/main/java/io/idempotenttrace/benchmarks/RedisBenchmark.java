package io.idempotenttrace.benchmarks;

import io.idempotenttrace.benchmarks.program.RedisCalls;
import io.idempotenttrace.benchmarks.program.RedisThroughput;
import io.idempotenttrace.benchmarks.report.Goal;
import io.idempotenttrace.benchmarks.report.Report;
import io.idempotenttrace.benchmarks.report.Samples;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Guarded calls on Redis against the one script that they can't do without, sent raw. */
@Command(
        name = "redis",
        description = "Guarded calls on Redis against raw EVALSHA: time, calls a second, commands, bytes.")
final class RedisBenchmark implements Callable<Integer> {

    /** JVMs differ by what they compiled; each measures all variants in turn. */
    private static final int FORKS = 3;

    @Mixin
    private RunOptions options;

    @Option(
            names = "--redis-benchmark",
            description = "Where redis-benchmark is (default: on the PATH; without it, its rows are missing).")
    private Path redisBenchmark = onPath("redis-benchmark");

    private final Samples micros = new Samples("one call, one thread", "us");
    private final Samples uncached = new Samples("one call, one thread, duplicate-cache-bytes=0", "us");
    private final Samples throughput = new Samples("calls a second", "calls/s");
    private final Samples commands = new Samples("commands sent for a call", "commands");
    private final Samples cpu = new Samples("time that the scripts of a call take of Redis", "us");
    private final Samples bytes = new Samples("a completed record in Redis", "bytes");

    @Override
    public Integer call() throws Exception {
        Jdks.Jdk jdk = options.oneJdk();
        try (TestRedis redis = TestRedis.start()) {
            int forks = options.quick() ? 1 : FORKS;
            for (int fork = 1; fork <= forks; fork++) {
                // Between the forks' own rounds, so that those of a variant lie apart in time.
                int rounds = (options.rounds() + forks - 1) / forks;
                try (AwakeProcessors awake = AwakeProcessors.keep()) {
                    oneThread(jdk, redis, rounds);
                }
                manyThreads(jdk, redis, rounds);
                System.err.println("fork " + fork + " of " + forks);
            }
            Report report = options.report(
                    "redis", List.of(jdk), "Redis " + redis.info("server", "redis_version") + " on loopback");
            report.add(micros)
                    .add(uncached)
                    .add(throughput)
                    .add(commands)
                    .add(cpu)
                    .add(bytes);
            addGoals(report);
            options.publish(report);
        }
        return 0;
    }

    private void oneThread(Jdks.Jdk jdk, TestRedis redis, int rounds) {
        String calls = options.quick() ? "300" : "2000";
        ProgramFigures cached = ProgramFigures.of(program(jdk, redis, "")
                .main(
                        Artifacts.CLASS_PATH_WITH_LIBRARIES,
                        RedisCalls.class.getName(),
                        redis.url(),
                        Integer.toString(rounds),
                        calls));
        cached.addTo(micros, "time");
        cached.addTo(commands, "commands");
        cached.addTo(cpu, "cpu");
        cached.addTo(bytes, "bytes");
        ProgramFigures.of(program(jdk, redis, ",duplicate-cache-bytes=0")
                        .main(
                                Artifacts.CLASS_PATH_WITH_LIBRARIES,
                                RedisCalls.class.getName(),
                                redis.url(),
                                Integer.toString(rounds),
                                calls))
                .addTo(uncached, "time");
    }

    private void manyThreads(Jdks.Jdk jdk, TestRedis redis, int rounds) {
        List<String> arguments = new ArrayList<>(List.of(
                redis.url(),
                Integer.toString(redis.port()),
                Integer.toString(rounds),
                options.quick() ? "300" : "1500"));
        if (redisBenchmark != null) {
            arguments.add(redisBenchmark.toAbsolutePath().toString());
        }
        ProgramFigures.of(program(jdk, redis, "")
                        .main(
                                Artifacts.CLASS_PATH_WITH_LIBRARIES,
                                RedisThroughput.class.getName(),
                                arguments.toArray(String[]::new)))
                .addTo(throughput, "calls");
    }

    private static ForkedJvm.Builder program(Jdks.Jdk jdk, TestRedis redis, String more) {
        return ForkedJvm.on(jdk)
                .agent(Artifacts.AGENT, "redis-url=" + redis.url() + ",scope.emit-sync.completion=sync" + more);
    }

    private void addGoals(Report report) {
        String first = "duplicate met for the first time";
        report.add(Goal.atMost(
                1.10,
                "times",
                "duplicate met for the first time, of one raw EVALSHA",
                micros.medianRatio(first, "raw EVALSHA, duplicate")));
        report.add(Goal.atMost(
                1.10,
                "times",
                "duplicate, cache off, of one raw EVALSHA",
                uncached.medianRatio(first, "raw EVALSHA, duplicate")));
        report.add(Goal.atMost(
                2,
                "us",
                "duplicate met before, beyond the hash",
                micros.medianDifference("duplicate met before", "hash alone")));
        report.add(Goal.atMost(
                1.25,
                "times",
                "new call, completion=async, of one raw EVALSHA",
                micros.medianRatio("new, completion=async", "raw EVALSHA, new")));
        report.add(Goal.atMost(
                2.2,
                "times",
                "new call, completion=sync, of one raw EVALSHA",
                micros.medianRatio("new, completion=sync", "raw EVALSHA, new")));
        report.add(Goal.atLeast(
                0.8,
                "times",
                "new calls a second at 64 threads, of redis-benchmark -c 64",
                redisBenchmark == null
                        ? Double.NaN
                        : throughput.medianRatio("new, 64 threads", "redis-benchmark -c 64")));
        report.add(Goal.atMost(
                1.25,
                "times",
                "time of Redis for a claim, of the minimal script",
                cpu.medianRatio("raw EVALSHA, new", "raw EVALSHA of the minimal script, new")));
        report.add(Goal.atMost(
                1.6,
                "times",
                "bytes of a record, of the minimal five fields",
                bytes.medianRatio(variant(bytes, "ours"), variant(bytes, "minimal, five fields"))));
    }

    private static String variant(Samples samples, String prefix) {
        return samples.variants().stream()
                .filter(name -> name.startsWith(prefix))
                .findFirst()
                .orElseThrow();
    }

    private static Path onPath(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }
}
