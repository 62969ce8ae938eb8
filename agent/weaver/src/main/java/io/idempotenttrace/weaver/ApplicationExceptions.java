package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.bridge.GuardPoint;
import io.idempotenttrace.config.Printable;
import org.jspecify.annotations.Nullable;

/**
 * Throws our exceptions as the classes that the application itself sees: its own loader has another copy of them than the
 * engine's.
 */
final class ApplicationExceptions {

    private static final String BRIDGE = GuardPoint.class.getPackageName() + '.';
    private static final int MOST_FRAMES_OF_BRIDGE = 8;
    private static final int LONGEST_MESSAGE = 4_000;
    private static final String JACKSON = "tools.jackson.";

    private final @Nullable ClassLoader loader;

    /** @param loader the woven class's own; null for the boot loader */
    ApplicationExceptions(@Nullable ClassLoader loader) {
        this.loader = loader;
    }

    /**
     * The application's copy of the exception; an IllegalStateException where its loader has none.
     *
     * @param detail what the message says besides; may be empty
     */
    RuntimeException translate(IdempotencyException ours, String detail) {
        // A server's reply or a key may carry what would forge a line of a log.
        String message = Printable.text(ours.getMessage() + detail, LONGEST_MESSAGE);
        Throwable cause = cause(ours);
        Class<?> type = ours.getClass();
        while (!type.getPackageName().equals(IdempotencyException.class.getPackageName())) {
            type = type.getSuperclass();
        }
        RuntimeException theirs;
        try {
            theirs = Class.forName(type.getName(), true, loader)
                    .asSubclass(RuntimeException.class)
                    .getConstructor(String.class, String.class, String.class, String.class, Throwable.class)
                    .newInstance(message, ours.getTenant(), ours.getKey(), ours.getStoredTraceId(), cause);
        } catch (ReflectiveOperationException | LinkageError e) {
            return new IllegalStateException(
                    message + " (" + type.getName() + " is not on the application's class path)", cause);
        }
        try {
            theirs.setStackTrace(applicationFrames(theirs.getStackTrace()));
        } catch (Throwable fault) {
            // It says the same with more frames.
        }
        return theirs;
    }

    /** The engine's own exception classes mean nothing outside; what they stand for is told by class name and message. */
    private static @Nullable Throwable cause(IdempotencyException ours) {
        Throwable cause = ours.getCause();
        if (cause == null || cause.getClass().getClassLoader() != IdempotencyException.class.getClassLoader()) {
            return cause;
        }
        // Jackson's messages quote what they could not read, which is stored values.
        return new IllegalStateException(
                cause.getClass().getName().startsWith(JACKSON)
                        ? cause.getClass().getName()
                        : Printable.text(cause.toString(), LONGEST_MESSAGE));
    }

    /** From the woven method on: how the agent got here is of no use to the reader. */
    private static StackTraceElement[] applicationFrames(StackTraceElement[] all) {
        for (int i = 0; i < all.length; i++) {
            if (all[i].getMethodName().equals("enter")
                    && all[i].getClassName().startsWith(GuardedMethod.class.getPackageName())) {
                return java.util.Arrays.copyOfRange(all, outermostOfBridge(all, i) + 1, all.length);
            }
        }
        return all;
    }

    /** The bridge may have called by {@code doPrivileged}, which adds frames of its own and of the JDK's. */
    private static int outermostOfBridge(StackTraceElement[] all, int entered) {
        int outermost = entered;
        for (int i = entered + 1; i < all.length && i <= entered + MOST_FRAMES_OF_BRIDGE; i++) {
            outermost = all[i].getClassName().startsWith(BRIDGE) ? i : outermost;
        }
        return outermost;
    }
}
