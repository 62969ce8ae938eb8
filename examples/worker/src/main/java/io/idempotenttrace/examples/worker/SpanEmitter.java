package io.idempotenttrace.examples.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TenantId;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Emits spans into the trace store. */
final class SpanEmitter {

    private final TraceStore store;
    private final AtomicLong emitted = new AtomicLong();

    SpanEmitter(TraceStore store) {
        this.store = store;
    }

    /** Emits the span; the caller does not care how often the queue has delivered it. */
    void handle(String tenant, JsonNode span) throws IOException {
        emit(tenant, span, span.path("kind").asText(""), span.path("shared").asText(""));
    }

    /**
     * The guarded method. Private, and called by its own class: no proxy would see the call. The key is what names a span in
     * Zipkin; it is shared with whatever other worker emits spans, so no scope belongs to it. Not every span has a kind: what may be
     * absent is a parameter of its own, since a pointer that matches nothing leaves a call without key.
     */
    @IdempotentTrace(scope = IdempotentTrace.SHARED)
    private void emit(
            @TenantId String tenant,
            @IdempotencyKey({"/traceId", "/id"}) JsonNode span,
            @IdempotencyKey String kind,
            @IdempotencyKey String shared)
            throws IOException {
        store.append(span);
        emitted.incrementAndGet();
    }

    /** How many bodies have run to their end. */
    long emitted() {
        return emitted.get();
    }
}
