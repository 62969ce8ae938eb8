package io.idempotenttrace.core.failure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What a failure is, and says, without what carried it here. */
public final class Failures {

    private Failures() {}

    /** What failed, without the exception that a future puts around it. */
    public static Throwable cause(Throwable failure) {
        boolean mayWrap = failure instanceof CompletionException || failure instanceof ExecutionException;
        Throwable wrapped = mayWrap ? failure.getCause() : null;
        return wrapped != null ? wrapped : failure;
    }

    /** As {@link #cause}, of a future that may not have failed; null for null. */
    public static @Nullable Throwable causeOrNull(@Nullable Throwable failure) {
        return failure == null ? null : cause(failure);
    }

    /** What the future has failed with; null if it has not, or has not ended. */
    public static @Nullable Throwable of(CompletableFuture<?> future) {
        return future.isCompletedExceptionally()
                ? cause(future.handle((value, failure) -> failure).join())
                : null;
    }

    /** As {@link #cause}, to be thrown where only RuntimeExceptions are expected. */
    public static RuntimeException toThrow(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }

    /** Type and message; the type alone where the failure's own code can't even tell its message. */
    public static String text(Throwable failure) {
        try {
            return failure.toString();
        } catch (Throwable again) {
            return failure.getClass().getName();
        }
    }

    /** The message; null if there is none, or if the failure's own code can't tell it. */
    public static @Nullable String message(Throwable failure) {
        try {
            return failure.getMessage();
        } catch (Throwable again) {
            return null;
        }
    }

    /** The first line of the message, since others tell of places in code; the simple name of the failure's class if there is none. */
    public static String firstLine(Throwable failure) {
        String message = message(failure);
        return message == null ? failure.getClass().getSimpleName() : firstLine(message);
    }

    /** Empty for an empty text. */
    public static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
