package io.idempotenttrace.benchmarks;

import io.idempotenttrace.benchmarks.program.ObservedCalls;
import io.idempotenttrace.benchmarks.report.Report;
import io.idempotenttrace.benchmarks.report.Samples;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.FreePort;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What it costs a guarded call that somebody looks: each variant in turn with the same program that nobody watches. */
@Command(
        name = "observability",
        description = "A guarded call with a flight recording, a scrape of the metrics, OpenTelemetry, and with none.")
final class ObservabilityBenchmark implements Callable<Integer> {

    private static final String NOBODY = "nobody looks";
    private static final String RECORDING = "flight recording";
    private static final String SCRAPED = "metrics scraped twice a second";
    private static final String SPANS_ALONE = "a span around each call, opentelemetry=off";
    private static final String SPANS_TOLD = "a span around each call, opentelemetry=auto";
    private static final List<String> KINDS = List.of("new", "duplicate");

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        Jdks.Jdk jdk = options.oneJdk();
        try (TestRedis redis = TestRedis.start()) {
            Report report = options.report(
                    "observability",
                    List.of(jdk),
                    "Redis " + redis.info("server", "redis_version") + " on loopback, OpenTelemetry's agent");
            add(report, jdk, "in memory", "store=memory", options.quick() ? 2_000 : 200_000);
            // Without the cache, so that a duplicate is a command too.
            try (AwakeProcessors awake = AwakeProcessors.keep()) {
                add(
                        report,
                        jdk,
                        "on Redis",
                        "redis-url=" + redis.url() + ",duplicate-cache-bytes=0",
                        options.quick() ? 500 : 10_000);
            }
            options.publish(report);
        }
        return 0;
    }

    private void add(Report report, Jdks.Jdk jdk, String where, String settings, int calls) throws Exception {
        List<Samples> samples = KINDS.stream()
                .map(kind -> new Samples(kind + " call " + where, "us"))
                .toList();
        for (int round = 1; round <= options.rounds(); round++) {
            // A tenant for each JVM: its calls must be new.
            String tenant = settings + ",tenant=r" + round;
            addTo(samples, NOBODY, agent(jdk, tenant + "n"), calls);
            addTo(samples, RECORDING, recording(agent(jdk, tenant + "f")), calls);
            int port = FreePort.find();
            try (Scrapes scrapes = Scrapes.of(port)) {
                addTo(samples, SCRAPED, agent(jdk, tenant + "m,metrics-port=" + port), calls);
                scrapes.requireSome();
            }
            addTo(samples, SPANS_ALONE, traced(agent(jdk, tenant + "o,opentelemetry=off")), calls, "spans");
            addTo(samples, SPANS_TOLD, traced(agent(jdk, tenant + "t")), calls, "spans");
            options.progress(round);
        }
        for (Samples each : samples) {
            report.add(each);
            report.note("- " + each.title() + ": of the same that nobody watches, a recording "
                    + ratio(each, RECORDING, NOBODY) + " times, scraped metrics " + ratio(each, SCRAPED, NOBODY)
                    + " times; telling each call's span, of the same with opentelemetry=off, "
                    + ratio(each, SPANS_TOLD, SPANS_ALONE) + " times.");
        }
    }

    private static String ratio(Samples samples, String variant, String base) {
        return String.format(java.util.Locale.ROOT, "%.2f", samples.medianRatio(variant, base));
    }

    private static ForkedJvm.Builder agent(Jdks.Jdk jdk, String settings) {
        return ForkedJvm.on(jdk).agent(Artifacts.AGENT, settings);
    }

    private static ForkedJvm.Builder recording(ForkedJvm.Builder jvm) throws IOException {
        Path file = Files.createTempFile("recording-", ".jfr");
        file.toFile().deleteOnExit();
        return jvm.jvm("-XX:StartFlightRecording=filename=" + file);
    }

    private static ForkedJvm.Builder traced(ForkedJvm.Builder jvm) {
        return jvm.agent(Artifacts.OPENTELEMETRY, "")
                .jvm("-Dotel.traces.exporter=none", "-Dotel.metrics.exporter=none", "-Dotel.logs.exporter=none");
    }

    private static void addTo(
            List<Samples> samples, String variant, ForkedJvm.Builder program, int calls, String... more) {
        String[] arguments = new String[more.length + 1];
        arguments[0] = Integer.toString(calls);
        System.arraycopy(more, 0, arguments, 1, more.length);
        ProgramFigures figures = ProgramFigures.of(
                program.main(Artifacts.CLASS_PATH_WITH_LIBRARIES, ObservedCalls.class.getName(), arguments));
        for (int i = 0; i < KINDS.size(); i++) {
            samples.get(i).add(variant, figures.median(KINDS.get(i)));
        }
    }
}
