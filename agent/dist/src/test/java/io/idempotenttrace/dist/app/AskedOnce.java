package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;

/** A new call, a duplicate and a conflict, and then the end. */
public final class AskedOnce {

    private AskedOnce() {}

    @IdempotentTrace
    static String emit(@IdempotencyKey String key, String payload) {
        return "emitted";
    }

    public static void main(String[] arguments) {
        emit("k", "a");
        emit("k", "a");
        try {
            emit("k", "b");
        } catch (TraceConflictException conflict) {
            System.out.println("conflict");
        }
    }
}
