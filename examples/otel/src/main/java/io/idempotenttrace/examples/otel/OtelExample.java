package io.idempotenttrace.examples.otel;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.logging.LoggingSpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;

/** Handles three messages, each of which is delivered three times, and exports their spans to the log. */
final class OtelExample {

    private static final int MESSAGES = 3;
    private static final int DELIVERIES = 3;

    private OtelExample() {}

    public static void main(String[] arguments) {
        DeliveryIds ids = new DeliveryIds();
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .setIdGenerator(ids)
                // In place of the exporter for the log: OtlpGrpcSpanExporter or another.
                .addSpanProcessor(BatchSpanProcessor.builder(new GuardedSpanExporter(LoggingSpanExporter.create()))
                        .build())
                .build()) {
            Tracer tracer = provider.get("orders");
            for (int delivery = 0; delivery < DELIVERIES; delivery++) {
                for (int message = 0; message < MESSAGES; message++) {
                    String messageId = "order-" + message;
                    ids.during(messageId, () -> handle(tracer, messageId));
                }
            }
        }
    }

    private static void handle(Tracer tracer, String messageId) {
        Span order =
                tracer.spanBuilder("order").setAttribute("order.id", messageId).startSpan();
        try (Scope scope = order.makeCurrent()) {
            tracer.spanBuilder("charge").startSpan().end();
        } finally {
            order.end();
        }
    }
}
