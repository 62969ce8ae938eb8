package com.example;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;

/** Emits a span that is delivered twice. */
public final class Worker {

    private Worker() {}

    public static void main(String[] arguments) {
        emit("span-1", "checkout");
        emit("span-1", "checkout");
    }

    @IdempotentTrace
    private static void emit(@IdempotencyKey String id, String name) {
        System.out.println("emitted " + id);
    }
}
