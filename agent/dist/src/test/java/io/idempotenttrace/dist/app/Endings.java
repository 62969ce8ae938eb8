package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.Unhashed;

/** Programs that end in the midst of something. */
public final class Endings {

    private Endings() {}

    /** @param arguments which */
    public static void main(String[] arguments) {
        switch (arguments[0]) {
            case "at once":
                break;
            case "exit in an initialiser":
                Initialiser.emit("k");
                break;
            case "exit in a body":
                emit("k", () -> System.exit(5));
                break;
            case "halt":
                emit("k", () -> {});
                Runtime.getRuntime().halt(6);
                break;
            default:
                throw new IllegalArgumentException(arguments[0]);
        }
    }

    @IdempotentTrace
    private static void emit(@IdempotencyKey String key, @Unhashed Runnable body) {
        body.run();
    }

    private static final class Initialiser {

        static {
            System.exit(7);
        }

        @IdempotentTrace
        static void emit(@IdempotencyKey String key) {
            System.out.println("body");
        }
    }
}
