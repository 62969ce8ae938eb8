package io.idempotenttrace.examples.library;

import io.idempotenttrace.core.open.CheckResponse;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.open.IdempotentCalls;
import java.util.List;

/**
 * Takes spans from a queue that delivers each of them more than once, and emits each once. Records live in the Redis that the
 * environment variable {@code REDIS_URL} names, else in the memory of this process.
 */
public final class SpanConsumer implements AutoCloseable {

    /** What a message carries. */
    public record Span(String id, String traceId, String name, double milliseconds) {}

    private static final int DELIVERIES_OF_EACH = 3;

    private int emitted;

    private final IdempotentCalls calls = IdempotencyStores.open();

    void onMessage(Span span) {
        CheckResponse call = calls.check(span.id(), span);
        if (call.isNew()) {
            calls.markCompleted(call, emit(span));
        } else if (!call.isDuplicate()) {
            throw new IllegalStateException(call + ": do not acknowledge the message");
        }
    }

    /** Stands for the application's own work; returns the trace id, which duplicates get. */
    private String emit(Span span) {
        emitted++;
        System.out.println("emitted " + span.id());
        return span.traceId();
    }

    /** Delivers three spans three times each, and then one under a key that another span has used. */
    public static void main(String[] arguments) {
        List<Span> spans = List.of(
                new Span("span-1", "trace-1", "GET /orders", 12.5),
                new Span("span-2", "trace-1", "SELECT orders", 3.25),
                new Span("span-3", "trace-2", "kafka.send", 0.75));
        try (SpanConsumer consumer = new SpanConsumer()) {
            for (int delivery = 0; delivery < DELIVERIES_OF_EACH; delivery++) {
                spans.forEach(consumer::onMessage);
            }
            try {
                consumer.onMessage(new Span("span-1", "trace-3", "DELETE /orders", 1.0));
            } catch (IllegalStateException refused) {
                System.out.println("refused " + refused.getMessage());
            }
            System.out.println("deliveries=" + spans.size() * DELIVERIES_OF_EACH + " emitted=" + consumer.emitted);
        }
    }

    @Override
    public void close() {
        calls.close();
    }
}
