package io.idempotenttrace.applications.spring;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Behind a CGLIB proxy, whose class overrides the annotated method. */
@Component
class TransactionalEmitter {

    private final Bodies bodies;

    TransactionalEmitter(Bodies bodies) {
        this.bodies = bodies;
    }

    @Transactional
    @IdempotentTrace
    public void emit(@IdempotencyKey String id, String payload) {
        bodies.ran("transactional");
    }
}
