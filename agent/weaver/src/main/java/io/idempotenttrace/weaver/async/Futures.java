package io.idempotenttrace.weaver.async;

import io.idempotenttrace.core.failure.Failures;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the agent does to futures of its own. */
public final class Futures {

    private Futures() {}

    /**
     * Ends the future as another one has ended. What fails it is the failure itself, as libraries would pass on what a
     * {@code CompletionStage} puts around it.
     *
     * @param failure null for none
     */
    public static <T> void end(CompletableFuture<T> future, @Nullable T value, @Nullable Throwable failure) {
        if (failure == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(Failures.cause(failure));
        }
    }

    /** Throws what the future has failed with, whatever that is; does nothing if it has not failed. */
    public static void throwFailure(CompletableFuture<?> future) {
        Throwable failure = Failures.of(future);
        if (failure != null) {
            throw Futures.<RuntimeException>sneaky(failure);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
