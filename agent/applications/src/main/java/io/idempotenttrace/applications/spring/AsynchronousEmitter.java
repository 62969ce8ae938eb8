package io.idempotenttrace.applications.spring;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

/** Runs on Spring's task executor. */
@Component
class AsynchronousEmitter {

    private final Bodies bodies;

    AsynchronousEmitter(Bodies bodies) {
        this.bodies = bodies;
    }

    @Async
    @IdempotentTrace
    public void emit(@IdempotencyKey String id, String payload) {
        bodies.ran("asynchronous");
    }
}
