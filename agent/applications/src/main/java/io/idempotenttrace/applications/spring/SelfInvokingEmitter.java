package io.idempotenttrace.applications.spring;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;
import org.springframework.stereotype.Component;

/** What no proxy reaches: a private method, called by its own class. */
@Component
class SelfInvokingEmitter {

    /** A result that is stored as JSON and read back for the duplicate. */
    record Receipt(String id, int position) {}

    private final Bodies bodies;

    SelfInvokingEmitter(Bodies bodies) {
        this.bodies = bodies;
    }

    void deliver(String id, String payload) {
        emit(id, payload);
    }

    @IdempotentTrace
    private void emit(@IdempotencyKey String id, String payload) {
        bodies.ran("self-invoked");
    }

    @IdempotentTrace
    Receipt store(@IdempotencyKey String id, int position) {
        bodies.ran("storing");
        return new Receipt(id, position);
    }

    /** The exception is the class that this application carries: in its fat jar, and nowhere else. */
    String storeOther(String id, int position) {
        try {
            return "stored: " + store(id, position);
        } catch (TraceConflictException e) {
            return "conflict of key " + e.getKey() + ", loader "
                    + (e.getClass().getClassLoader() == getClass().getClassLoader() ? "own" : "foreign");
        }
    }
}
