package io.idempotenttrace.frameworks.quarkus;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicInteger;

/** The emitting bean. The framework puts a class of its own in front of it, since its method is intercepted. */
@ApplicationScoped
public class Emitter {

    private final AtomicInteger bodies = new AtomicInteger();

    @Timed
    @IdempotentTrace
    String emit(@IdempotencyKey String id, String payload) {
        return "trace " + bodies.incrementAndGet();
    }

    int bodies() {
        return bodies.get();
    }
}
