package io.idempotenttrace.benchmarks.program;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;

/** An application whose first act is a guarded call; prints the time at which it had returned. */
public final class FirstCall {

    private static int bodies;

    private FirstCall() {}

    public static void main(String[] arguments) {
        emit("first", Span.typical());
        // Comparable with the clock of the process that forked this one, where both are of the same machine.
        System.out.println(System.nanoTime());
        if (bodies != 1) {
            throw new IllegalStateException("the body ran " + bodies + " times");
        }
    }

    @IdempotentTrace
    private static void emit(@IdempotencyKey String key, Span span) {
        bodies++;
    }
}
