package io.idempotenttrace.applications.spring;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.stereotype.Component;

/** Fails once; Spring Framework's own retry calls it again. */
@Component
class RetriedEmitter {

    private final Bodies bodies;
    private final AtomicBoolean failed = new AtomicBoolean();

    RetriedEmitter(Bodies bodies) {
        this.bodies = bodies;
    }

    @Retryable(maxRetries = 2, delay = 1)
    @IdempotentTrace
    public void emit(@IdempotencyKey String id, String payload) {
        bodies.ran("retried");
        if (failed.compareAndSet(false, true)) {
            throw new IllegalStateException("the sink is away");
        }
    }
}
