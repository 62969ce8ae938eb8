package io.idempotenttrace.core.store;

import java.util.concurrent.CompletableFuture;

/**
 * A call's watch on a record that another call holds. Used by one call: wait until it is {@link #ready()}; then arm it, claim,
 * and where the answer is IN_PROGRESS, wait for the change; and again. Armed before the claim, it misses no change after it.
 */
public interface RecordWatch extends AutoCloseable {

    /** Completes, never exceptionally, when changes are heard of or it is known that they can't be; a claim before is early. */
    CompletableFuture<Void> ready();

    /**
     * Begins to watch for the next change.
     *
     * @return completes when the record may have changed, never exceptionally. It may not complete at all: wait for
     *         {@link #pollMillis()} at most
     */
    CompletableFuture<Void> arm();

    /** How long to wait for the armed change at most before asking the store again, in milliseconds; above 0. */
    long pollMillis();

    /** Ends the watch; does not throw. */
    @Override
    void close();
}
