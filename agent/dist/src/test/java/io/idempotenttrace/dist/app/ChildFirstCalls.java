package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;

/** Guarded calls of a class that several loaders have, with as many copies of the annotations and exceptions. */
public final class ChildFirstCalls {

    private ChildFirstCalls() {}

    public static void run(String key) {
        String answers = emit(key, 1) + " " + emit(key, 1);
        try {
            System.out.println(answers + " " + emit(key, 2));
        } catch (TraceConflictException e) {
            System.out.println(
                    answers + " conflict " + (e.getClass().getClassLoader() == ChildFirstCalls.class.getClassLoader()));
        }
    }

    @IdempotentTrace
    private static Receipt emit(@IdempotencyKey String key, int payload) {
        System.out.println("body");
        return new Receipt(key, payload);
    }

    record Receipt(String key, int payload) {}
}
