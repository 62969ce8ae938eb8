package io.idempotenttrace.applications.plain;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;
import java.util.concurrent.atomic.AtomicInteger;

/** The class that several agents write into. */
public final class PlainEmitter {

    private final AtomicInteger bodies = new AtomicInteger();

    @IdempotentTrace
    void emit(@IdempotencyKey String id, String payload) {
        bodies.incrementAndGet();
    }

    int bodies() {
        return bodies.get();
    }

    String conflict(String id) {
        try {
            emit(id, "other payload");
            return "no conflict";
        } catch (TraceConflictException e) {
            return "conflict";
        }
    }
}
