package io.idempotenttrace.applications.devtools;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;
import java.util.concurrent.atomic.AtomicInteger;

/** Defined anew by each generation's class loader. */
final class RestartedEmitter {

    private final AtomicInteger bodies;

    RestartedEmitter(AtomicInteger bodies) {
        this.bodies = bodies;
    }

    @IdempotentTrace
    private void write(@IdempotencyKey String id, String payload) {
        bodies.incrementAndGet();
    }

    void emit(String id, String payload) {
        write(id, payload);
    }

    String conflict(String id) {
        try {
            write(id, "other payload");
            return "no conflict";
        } catch (TraceConflictException e) {
            return "conflict";
        }
    }
}
