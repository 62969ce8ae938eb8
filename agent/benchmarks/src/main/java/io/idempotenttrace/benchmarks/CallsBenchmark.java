package io.idempotenttrace.benchmarks;

import io.idempotenttrace.benchmarks.report.Goal;
import io.idempotenttrace.benchmarks.report.Report;
import io.idempotenttrace.benchmarks.report.Samples;
import io.idempotenttrace.testkit.Jdks;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Guarded calls in memory, beyond the hash itself; each round is a JVM of its own for each variant. */
@Command(
        name = "calls",
        description = "A guarded call in memory, new and duplicate, beyond the hash: time and allocation.")
final class CallsBenchmark implements Callable<Integer> {

    private static final List<String> PAYLOADS = List.of("text", "span");

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        Jdks.Jdk jdk = options.oneJdk();
        Samples nanos = new Samples("time, " + jdk, "ns a call");
        Samples bytes = new Samples("allocated, " + jdk, "bytes a call");
        for (int round = 1; round <= options.rounds(); round++) {
            for (RunResult result : new Runner(jmh(jdk)).run()) {
                String method = result.getParams().getBenchmark().replaceFirst(".*\\.", "");
                String variant = name(method, result.getParams().getParam("payload"));
                nanos.add(variant, result.getPrimaryResult().getScore());
                bytes.add(
                        variant,
                        result.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
            }
            options.progress(round);
        }
        Report report =
                options.report("calls", List.of(jdk), "store=memory").add(nanos).add(bytes);
        for (String payload : PAYLOADS) {
            String hash = name("hash", payload);
            report.add(Goal.atMost(
                    400,
                    "ns",
                    "new call beyond the hash, " + payload,
                    nanos.medianDifference(name("newCall", payload), hash)));
            report.add(Goal.atMost(
                    200,
                    "ns",
                    "duplicate beyond the hash, " + payload,
                    nanos.medianDifference(name("duplicate", payload), hash)));
            report.note(payload + ": beyond hash and key, a new call allocates "
                    + Math.round(bytes.medianDifference(name("newCall", payload), hash))
                    + " bytes (record and claim among them), a duplicate "
                    + Math.round(bytes.medianDifference(name("duplicate", payload), hash))
                    + ".");
        }
        options.publish(report);
        return 0;
    }

    private static String name(String method, String payload) {
        return (method.equals("newCall") ? "new" : method) + ", " + payload;
    }

    private org.openjdk.jmh.runner.options.Options jmh(Jdks.Jdk jdk) {
        TimeValue iteration = options.quick() ? TimeValue.milliseconds(200) : TimeValue.seconds(1);
        return new OptionsBuilder()
                .include(MemoryCallBenchmark.class.getName())
                .jvm(jdk.java().toString())
                .forks(1)
                // A heap that was touched before: the first use of each page costs more than a call, and belongs to
                // none.
                .jvmArgsAppend(
                        "-javaagent:" + Artifacts.AGENT + "=store=memory", "-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch")
                .warmupIterations(4)
                .warmupTime(iteration)
                .measurementIterations(2)
                .measurementTime(iteration)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .build();
    }
}
