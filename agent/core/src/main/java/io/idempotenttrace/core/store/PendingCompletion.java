package io.idempotenttrace.core.store;

import org.jspecify.annotations.Nullable;

/** A completion that is to be written, and hears how that ended. */
public interface PendingCompletion {

    Claim claim();

    Completion completion();

    /**
     * Called once written or failed; what comes after the first time has no effect.
     *
     * @param update what the store did; null if it failed
     * @param failure as {@link IdempotencyStore#markCompletedAsync} fails; null if it did not
     */
    void ended(@Nullable Update update, @Nullable Throwable failure);
}
