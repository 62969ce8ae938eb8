package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.BackgroundThread;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.PendingCompletion;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RefusedStepException;
import io.idempotenttrace.core.store.Update;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Completions and failures on their way to the store, off the callers' path. One that can't be written is written by a thread of
 * its own as soon as the store answers, until its lease is over: after that another worker may own the key. Both are bounded:
 * callers wait while too many are on their way; what the thread has no room for is lost as if the worker had died, and said.
 */
final class PendingUpdates {

    static final CompletableFuture<Update> APPLIED = CompletableFuture.completedFuture(Update.APPLIED);

    /** Above the calls that a process has at a time, ten thousand virtual threads too; with these below what a client's queue takes. */
    private static final int MOST_ON_THEIR_WAY = 16_000;
    private static final int MOST_RETRIED = 10_000;
    private static final long RETRY_EVERY_NANOS = 100_000_000L;
    private static final long ROOM_CHECK_NANOS = 200_000L;

    /** One of them, until the store has answered or it is to be retried. */
    private final class PendingUpdate implements PendingCompletion {

        private final Claim claim;
        /** Null for a failure; then {@code error} is set. */
        private final Completion completion;
        private final String error;
        private final long deadlineNanos;
        private boolean onItsWay;

        PendingUpdate(RunningCall call, Completion completion, String error) {
            this.claim = call.claim;
            this.completion = completion;
            this.error = error;
            this.deadlineNanos = call.leaseEndNanos();
        }

        @Override
        public Claim claim() {
            return claim;
        }

        @Override
        public Completion completion() {
            return completion;
        }

        PendingUpdate begin() {
            onItsWay = true;
            onTheirWay.incrementAndGet();
            return this;
        }

        @Override
        public void ended(Update answer, Throwable failure) {
            synchronized (this) {
                if (!onItsWay) {
                    return;
                }
                onItsWay = false;
            }
            try {
                settle(this, answer, failure instanceof CompletionException ? failure.getCause() : failure);
            } finally {
                // Last: a flush must not find it gone before it is retried.
                onTheirWay.decrementAndGet();
            }
        }
    }

    private final LingeringCompletions<PendingUpdate> lingering = new LingeringCompletions<>(this::sendTogether);
    private final BlockingQueue<PendingUpdate> retried = new ArrayBlockingQueue<>(MOST_RETRIED);
    private final AtomicInteger onTheirWay = new AtomicInteger();
    private final AtomicInteger waitingForRetry = new AtomicInteger();
    private final AtomicBoolean started = new AtomicBoolean();
    private final IdempotencyStore store;
    private final StoreBreaker breaker;
    private final GuardLog log;

    PendingUpdates(IdempotencyStore store, StoreBreaker breaker, GuardLog log) {
        this.store = store;
        this.breaker = breaker;
        this.log = log;
    }

    /** Waits while too many updates are on their way: a store that is slower than its callers must slow them down. */
    void awaitRoom() {
        while (onTheirWay.get() >= MOST_ON_THEIR_WAY && !breaker.isOpen()) {
            LockSupport.parkNanos(ROOM_CHECK_NANOS);
        }
    }

    /** Sends the completion; it is retried where that fails. Completes when the store has answered, or it is to be retried. */
    CompletableFuture<Update> complete(RunningCall call, Completion completion) {
        return send(new PendingUpdate(call, completion, null));
    }

    /** Sends the completion within a millisecond, together with others; it is retried where that fails. */
    void completeSoon(RunningCall call, Completion completion) {
        lingering.add(call.claim.id(), new PendingUpdate(call, completion, null).begin());
    }

    /** A claim of that record comes next: it must not overtake a completion. */
    void sendBeforeClaim(RecordId id) {
        try {
            lingering.release(id);
        } catch (RuntimeException | Error fault) {
            // Not this claim's: it may meet its own process in progress, and waits. The completion is sent with others.
        }
    }

    /** Sends the failure; it is retried where that fails. */
    void fail(RunningCall call, String error) {
        send(new PendingUpdate(call, null, error));
    }

    /** Writes the completion while the caller waits; it is retried where that fails. */
    CompletableFuture<Update> completeNow(RunningCall call, Completion completion) {
        try {
            Update update = store.markCompleted(call.claim, completion);
            sayIfRefused(update, call.claim);
            return CompletableFuture.completedFuture(update);
        } catch (RefusedStepException e) {
            lost(new PendingUpdate(call, completion, null), e.getMessage());
            return APPLIED;
        } catch (IdempotencyStoreException e) {
            completeLater(call, completion);
            return APPLIED;
        }
    }

    /** For a call whose store could not answer its claim. */
    void completeLater(RunningCall call, Completion completion) {
        retry(new PendingUpdate(call, completion, null));
    }

    /** For a call whose store could not answer its claim. */
    void failLater(RunningCall call, String error) {
        retry(new PendingUpdate(call, null, error));
    }

    private CompletableFuture<Update> send(PendingUpdate update) {
        update.begin();
        if (breaker.isOpen()) {
            update.ended(null, breaker.lastFailure());
            return APPLIED;
        }
        return start(update).handle((answer, failure) -> {
            update.ended(answer, failure);
            return answer == null ? Update.APPLIED : answer;
        });
    }

    private CompletableFuture<Update> start(PendingUpdate update) {
        try {
            return update.completion != null ? store.markCompletedAsync(update.claim, update.completion)
                    : store.markFailedAsync(update.claim, update.error);
        } catch (RuntimeException | Error fault) {
            onTheirWay.decrementAndGet();
            throw fault;
        }
    }

    /** Whoever sends what waited has nothing to do with it: a fault is the updates' own, as at its end it would be its call's. */
    private void sendTogether(List<PendingUpdate> updates) {
        try {
            if (breaker.isOpen()) {
                updates.forEach(update -> update.ended(null, breaker.lastFailure()));
            } else {
                store.markCompletedTogether(updates);
            }
        } catch (RuntimeException | Error fault) {
            updates.forEach(update -> update.ended(null, fault));
        }
    }

    private void settle(PendingUpdate update, Update answer, Throwable failure) {
        if (failure instanceof IdempotencyStoreException && !(failure instanceof RefusedStepException)) {
            retry(update);
        } else if (failure != null) {
            lost(update, failure instanceof RefusedStepException ? failure.getMessage() : failure.toString());
        } else if (update.completion != null) {
            sayIfRefused(answer, update.claim);
        }
    }

    private void retry(PendingUpdate update) {
        waitingForRetry.incrementAndGet();
        if (!retried.offer(update)) {
            waitingForRetry.decrementAndGet();
            lost(update, "more than " + MOST_RETRIED + " updates wait for the store");
        } else if (started.compareAndSet(false, true)) {
            BackgroundThread.of("idempotent-trace-updates", this::retryForEver).start();
        }
    }

    /** Waits until everything is written or given up, at most that long. */
    void flush(long maxMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(maxMillis);
        lingering.releaseAll();
        while ((onTheirWay.get() > 0 || waitingForRetry.get() > 0) && !breaker.isOpen() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(ROOM_CHECK_NANOS);
        }
    }

    private void retryForEver() {
        while (true) {
            PendingUpdate update;
            try {
                update = retried.take();
            } catch (InterruptedException e) {
                // Nobody interrupts this thread on purpose; the queue must still be written.
                continue;
            }
            try {
                write(update);
            } catch (Throwable fault) {
                // This thread must not die: every later update hangs on it.
            }
            waitingForRetry.decrementAndGet();
        }
    }

    private void write(PendingUpdate update) {
        while (System.nanoTime() - update.deadlineNanos < 0) {
            try {
                if (!breaker.isOpen()) {
                    writeNow(update);
                    return;
                }
            } catch (RefusedStepException e) {
                lost(update, e.getMessage());
                return;
            } catch (IdempotencyStoreException e) {
                // Tried again until the lease is over.
            } catch (RuntimeException e) {
                lost(update, e.toString());
                return;
            }
            LockSupport.parkNanos(RETRY_EVERY_NANOS);
        }
        lost(update, "the store did not answer before its lease was over");
    }

    private void writeNow(PendingUpdate update) {
        if (update.completion == null) {
            store.markFailed(update.claim, update.error);
        } else {
            sayIfRefused(store.markCompleted(update.claim, update.completion), update.claim);
        }
    }

    private void lost(PendingUpdate update, String reason) {
        if (update.completion != null) {
            log.sayOnceAPeriod(GuardLog.Occasion.COMPLETION_LOST, "the completion of key '" + update.claim.id().key()
                    + "' of tenant '" + update.claim.id().tenant() + "' was not recorded: " + reason
                    + ". Its body ran; a redelivery may run it again");
        }
    }

    private void sayIfRefused(Update update, Claim claim) {
        if (update == Update.REFUSED) {
            log.sayOnceAPeriod(GuardLog.Occasion.RAN_TWICE, "the body for key '" + claim.id().key() + "' of tenant '"
                    + claim.id().tenant() + "' ran twice: it outlived its lease (" + claim.leaseMillis()
                    + " ms) or the store was away, and another worker owns the key now; its completion was refused");
        }
    }
}
