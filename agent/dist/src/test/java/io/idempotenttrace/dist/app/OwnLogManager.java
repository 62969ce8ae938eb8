package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** An application that installs its own log manager in main, which works only as long as nobody has logged before. */
public final class OwnLogManager {

    /** A class of its own: the program's main class must not initialise LogManager by extending it. */
    public static final class Manager extends LogManager {}

    private OwnLogManager() {}

    public static void main(String[] arguments) {
        emit("k");
        System.setProperty("java.util.logging.manager", "io.idempotenttrace.dist.app.OwnLogManager$Manager");
        Logger.getLogger("x");
        System.out.println(
                "log manager: " + LogManager.getLogManager().getClass().getSimpleName());
    }

    @IdempotentTrace
    private static void emit(@IdempotencyKey String key) {
        System.out.println("body");
    }
}
