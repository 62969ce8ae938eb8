package io.idempotenttrace.benchmarks;

import io.idempotenttrace.benchmarks.program.RecordFormat;
import io.idempotenttrace.benchmarks.report.Goal;
import io.idempotenttrace.benchmarks.report.Report;
import io.idempotenttrace.benchmarks.report.Samples;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * What a new call, which is a claim and a completion, costs Redis by the record's format: the hash that is shared with other workers,
 * one packed text, and what people write by hand.
 */
@Command(
        name = "record-format",
        description = "What a claim and its completion cost Redis: our record, a packed one, SET NX EX and SET.")
final class RecordFormatBenchmark implements Callable<Integer> {

    private static final int CALLS = 20_000;
    private static final int QUICK_CALLS = 2000;
    /** From which gain on a second format would be worth its code. */
    private static final double WORTH_A_SECOND_FORMAT = 1.5;

    @Mixin
    private RunOptions options;

    private final Samples cpu = new Samples("CPU of Redis for a claim and its completion", "us");
    private final Samples scripts = new Samples("of it, in the commands themselves", "us");
    private final Samples pending = new Samples("a pending record in Redis", "bytes");
    private final Samples completed = new Samples("a completed record in Redis", "bytes");

    @Override
    public Integer call() throws Exception {
        Jdks.Jdk jdk = options.oneJdk();
        try (TestRedis redis = TestRedis.start();
                RecordFormat.Server server = new RecordFormat.Server(redis.url())) {
            for (int round = 1; round <= options.rounds(); round++) {
                for (RecordFormat format : RecordFormat.values()) {
                    RecordFormat.Cost cost = format.measure(server, options.quick() ? QUICK_CALLS : CALLS);
                    cpu.add(format.title(), cost.cpuMicros());
                    scripts.add(format.title(), cost.commandMicros());
                    pending.add(format.title(), cost.pendingBytes());
                    completed.add(format.title(), cost.completedBytes());
                }
                options.progress(round);
            }
            Report report = options.report(
                    "record-format", List.of(jdk), "Redis " + redis.info("server", "redis_version") + " on loopback");
            report.add(cpu).add(scripts).add(pending).add(completed);
            report.add(Goal.atMost(
                    WORTH_A_SECOND_FORMAT,
                    "times",
                    "CPU of our record, of a packed one (above: a second format would be worth it)",
                    cpu.medianRatio(RecordFormat.OURS.title(), RecordFormat.PACKED.title())));
            report.add(Goal.atMost(
                    WORTH_A_SECOND_FORMAT,
                    "times",
                    "time of our scripts, of a packed record's",
                    scripts.medianRatio(RecordFormat.OURS.title(), RecordFormat.PACKED.title())));
            report.add(Goal.atMost(
                    WORTH_A_SECOND_FORMAT,
                    "times",
                    "time of our scripts, of the least that two scripts can do",
                    scripts.medianRatio(RecordFormat.OURS.title(), RecordFormat.BARE.title())));
            report.add(Goal.atMost(
                    WORTH_A_SECOND_FORMAT,
                    "times",
                    "CPU of our record, of SET NX EX and SET",
                    cpu.medianRatio(RecordFormat.OURS.title(), RecordFormat.BY_HAND.title())));
            options.publish(report);
        }
        return 0;
    }
}
