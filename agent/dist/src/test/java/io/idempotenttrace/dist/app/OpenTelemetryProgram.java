package io.idempotenttrace.dist.app;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Calls with an OpenTelemetry SDK of the program's own, whose spans and metrics it prints. */
public final class OpenTelemetryProgram {

    private OpenTelemetryProgram() {}

    public static void main(String[] arguments) throws Exception {
        InMemorySpanExporter spans = InMemorySpanExporter.create();
        InMemoryMetricReader metrics = InMemoryMetricReader.create();
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(spans))
                        .build())
                .setMeterProvider(
                        SdkMeterProvider.builder().registerMetricReader(metrics).build())
                .buildAndRegisterGlobal();
        for (int call = 0; call < 2; call++) {
            Span span = sdk.getTracer("program").spanBuilder("call").startSpan();
            try (Scope current = span.makeCurrent()) {
                ToldCalls.emit("traced", ToldCalls.TRACE, "payload");
            } finally {
                span.end();
            }
        }
        for (SpanData span : spans.getFinishedSpanItems()) {
            System.out.println("span: "
                    + new TreeMap<>(span.getAttributes().asMap().entrySet().stream()
                            .collect(Collectors.toMap(entry -> entry.getKey().getKey(), Map.Entry::getValue))));
            span.getLinks()
                    .forEach(link ->
                            System.out.println("link: " + link.getSpanContext().getTraceId()));
        }
        ToldCalls.all();
        ToldCalls.oneWaits();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        TreeMap<String, Double> counts = new TreeMap<>();
        while (counts.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(300);
            for (MetricData metric : metrics.collectAllMetrics()) {
                if (metric.getName().equals("idempotent.trace.calls")) {
                    metric.getDoubleSumData()
                            .getPoints()
                            .forEach(point -> counts.merge(
                                    point.getAttributes().get(AttributeKey.stringKey("verdict")),
                                    point.getValue(),
                                    Double::sum));
                } else if (metric.getName().equals("idempotent.trace.wait")) {
                    metric.getHistogramData()
                            .getPoints()
                            .forEach(point -> System.out.println("waits: " + point.getCount() + ", bounds "
                                    + point.getBoundaries().size() + ", unit " + metric.getUnit()));
                }
            }
        }
        System.out.println("meters: " + counts);
    }
}
