package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** An application that installs its own log manager in main, which works only as long as nobody has logged before. */
public final class OwnLogManager extends LogManager {

    public static void main(String[] arguments) {
        emit("k");
        System.setProperty("java.util.logging.manager", OwnLogManager.class.getName());
        Logger.getLogger("x");
        System.out.println("log manager: " + LogManager.getLogManager().getClass().getSimpleName());
    }

    @IdempotentTrace
    private static void emit(@IdempotencyKey String key) {
        System.out.println("body");
    }
}
