package io.idempotenttrace.benchmarks.program;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;

/** Guarded methods whose bodies do nothing, so that the guard is all that is measured. */
final class Emitter {

    static final String SCOPE = "emit";

    private Emitter() {}

    @IdempotentTrace(scope = SCOPE)
    static void emit(@IdempotencyKey String key, Span span) {
        // Measured is what surrounds this.
    }

    /** Completed before it returns, if the program is started with {@code scope.emit-sync.completion=sync}. */
    @IdempotentTrace(scope = "emit-sync")
    static void emitInSync(@IdempotencyKey String key, Span span) {
        // Measured is what surrounds this.
    }

    static String redisKey(String key) {
        return "idem:default%:" + SCOPE + ':' + key;
    }
}
