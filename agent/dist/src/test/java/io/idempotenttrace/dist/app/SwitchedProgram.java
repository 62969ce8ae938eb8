package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;
import java.util.Map;

/** Emits the same again and again, and prints each body, until it is ended. */
public final class SwitchedProgram {

    private SwitchedProgram() {}

    @IdempotentTrace(scope = "paid")
    static void pay(@IdempotencyKey String key, Map<String, String> payload) {
        System.out.println("paid " + payload.get("amount"));
    }

    @IdempotentTrace(scope = "shipped")
    static void ship(@IdempotencyKey String key) {
        System.out.println("shipped");
    }

    public static void main(String[] arguments) throws Exception {
        pay("k", Map.of("amount", "1", "currency", "EUR"));
        ship("k");
        System.out.println("ready");
        while (true) {
            pay("k", Map.of("amount", "1", "currency", "EUR"));
            try {
                pay("k", Map.of("amount", "2", "currency", "EUR"));
            } catch (TraceConflictException refused) {
                // Its body runs where the mode is to observe.
            }
            ship("k");
            Thread.sleep(20);
        }
    }
}
