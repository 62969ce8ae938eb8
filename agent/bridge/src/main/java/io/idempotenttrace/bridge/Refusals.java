package io.idempotenttrace.bridge;

import org.jspecify.annotations.Nullable;

/** Refuses a call where the engine can't: with the exception class that the application itself sees. */
final class Refusals {

    private static final String EXCEPTION = "io.idempotenttrace.IdempotencyStoreException";

    private Refusals() {}

    /** What the call throws; an IllegalStateException where the application's loader lacks the exception's class. */
    static RuntimeException of(Class<?> woven, String message, @Nullable Throwable cause) {
        try {
            return Class.forName(EXCEPTION, true, woven.getClassLoader())
                    .asSubclass(RuntimeException.class)
                    .getConstructor(String.class, String.class, String.class, String.class, Throwable.class)
                    .newInstance(message, null, null, null, cause);
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            return new IllegalStateException(message + " (" + EXCEPTION + " could not be made)", cause);
        }
    }
}
