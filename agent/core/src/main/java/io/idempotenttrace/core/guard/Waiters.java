package io.idempotenttrace.core.guard;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for the end of a call, each by a future of its own. Those that depend on one future could not leave it before it ends: each
 * that gave up would stay there as long as the call runs. Safe for use by many threads.
 */
final class Waiters {

    private final Set<CompletableFuture<Admission.@Nullable Stored>> futures = ConcurrentHashMap.newKeySet();
    private Admission.@Nullable Stored left;
    /** Written after {@code left}. */
    private volatile boolean released;

    CompletableFuture<Admission.@Nullable Stored> add() {
        CompletableFuture<Admission.@Nullable Stored> waiter = new CompletableFuture<>();
        futures.add(waiter);
        if (released) {
            // It may have come too late for release().
            waiter.complete(left);
        }
        return waiter;
    }

    @SuppressWarnings("CollectionUndefinedEquality") // This very future is meant.
    void remove(CompletableFuture<Admission.@Nullable Stored> waiter) {
        futures.remove(waiter);
    }

    int size() {
        return futures.size();
    }

    /** Completes all of them, and those to come; of no effect on a later call. */
    void release(Admission.@Nullable Stored stored) {
        synchronized (this) {
            if (!released) {
                left = stored;
                released = true;
            }
        }
        for (CompletableFuture<Admission.@Nullable Stored> waiter : futures) {
            waiter.complete(left);
        }
    }
}
