package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimField;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.PendingCompletion;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.RefusedStepException;
import io.idempotenttrace.core.store.Update;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Completions and failures on their way to the store, off the callers' path. An update that can't be written is tried again by a thread
 * of its own, at least once, and until the update's lease is over: after that another worker may own the key. Both are bounded: callers wait while too
 * many updates are on their way; an update that the thread has no room for is lost as if the worker had died, and the log says so.
 */
final class PendingUpdates implements AutoCloseable {

    static final CompletableFuture<Update> APPLIED = CompletableFuture.completedFuture(Update.APPLIED);

    /**
     * More than the calls that a process runs at a time, even on ten thousand virtual threads. With those that are retried it stays below the
     * length of the Redis client's queue.
     */
    private static final int MOST_ON_THEIR_WAY = 16_000;

    private static final int MOST_RETRIED = 10_000;
    private static final String TOO_MANY = "more than " + MOST_RETRIED + " updates wait for the store";
    private static final long RETRY_EVERY_NANOS = 100_000_000L;
    private static final long ROOM_CHECK_NANOS = 200_000L;

    /** One of them, until the store has answered or it is to be retried. */
    private final class PendingUpdate implements PendingCompletion {

        private final Claim claim;
        /** Null for a failure, or where there is nothing but a claim to give back. */
        private final @Nullable Completion completion;
        /** Null for a completion. */
        private final @Nullable String error;
        /** A claim that the store should not have granted, to be deleted first; null for most. */
        private final @Nullable Claim givenBack;

        private final long deadlineNanos;
        private boolean onItsWay;

        PendingUpdate(RunningCall call, @Nullable Completion completion, @Nullable String error) {
            this(call.claim, completion, error, /* givenBack= */ null, call.leaseEndNanos());
        }

        private PendingUpdate(
                Claim claim,
                @Nullable Completion completion,
                @Nullable String error,
                @Nullable Claim givenBack,
                long deadlineNanos) {
            this.claim = claim;
            this.completion = completion;
            this.error = error;
            this.givenBack = givenBack;
            this.deadlineNanos = deadlineNanos;
        }

        @Override
        public Claim claim() {
            return claim;
        }

        @Override
        public Completion completion() {
            return Objects.requireNonNull(completion, "only completions are sent together");
        }

        PendingUpdate begin() {
            onItsWay = true;
            onTheirWay.incrementAndGet();
            return this;
        }

        @Override
        public void ended(@Nullable Update answer, @Nullable Throwable failure) {
            synchronized (this) {
                if (!onItsWay) {
                    return;
                }
                onItsWay = false;
            }
            try {
                settle(this, answer, Failures.causeOrNull(failure));
            } finally {
                // Count it as gone last: a flush must not find it gone before it is in the queue of those to be
                // retried.
                onTheirWay.decrementAndGet();
            }
        }
    }

    private final LingeringCompletions<PendingUpdate> lingering = new LingeringCompletions<>(this::sendTogether);
    private final BlockingQueue<PendingUpdate> retried = new ArrayBlockingQueue<>(MOST_RETRIED);
    private final AtomicInteger onTheirWay = new AtomicInteger();
    private final AtomicInteger waitingForRetry = new AtomicInteger();
    private final BackgroundLoop retrier = new BackgroundLoop("idempotent-trace-updates", this::retryAll);
    private final IdempotencyStore store;
    private final StoreBreaker breaker;
    private final LongSupplier nanoClock;
    private final GuardLog log;

    PendingUpdates(IdempotencyStore store, StoreBreaker breaker, LongSupplier nanoClock, GuardLog log) {
        this.store = store;
        this.breaker = breaker;
        this.nanoClock = nanoClock;
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

    /**
     * For a claim that the store granted though this process knows better: deletes it, and then completes the record for the body that
     * ran here.
     *
     * @param ran null where no body has completed here
     */
    void giveBackLater(RunningCall call, GuardedStore.@Nullable RanHere ran) {
        if (ran != null) {
            forget(ran.claim().id());
        }
        retry(new PendingUpdate(
                ran == null ? call.claim : ran.claim(),
                ran == null ? null : ran.completion(),
                /* error= */ null,
                call.claim,
                call.leaseEndNanos()));
    }

    /** What waits to be told of that record is told by another call. */
    void forget(RecordId id) {
        retried.removeIf(update -> {
            boolean same = update.claim.id().equals(id);
            if (same) {
                waitingForRetry.decrementAndGet();
            }
            return same;
        });
    }

    private CompletableFuture<Update> send(PendingUpdate update) {
        update.begin();
        if (breaker.isOpen(update.claim.id())) {
            update.ended(null, breaker.lastFailure(update.claim.id()));
            return APPLIED;
        }
        return start(update).handle((answer, failure) -> {
            update.ended(answer, failure);
            return answer == null ? Update.APPLIED : answer;
        });
    }

    private CompletableFuture<Update> start(PendingUpdate update) {
        try {
            return update.completion != null
                    ? store.markCompletedAsync(update.claim, update.completion)
                    : store.markFailedAsync(update.claim, Objects.requireNonNull(update.error, "error"));
        } catch (RuntimeException | Error fault) {
            onTheirWay.decrementAndGet();
            throw fault;
        }
    }

    /** Whoever sends what waited has nothing to do with it: a fault is the updates' own, as at its end it would be its call's. */
    private void sendTogether(List<PendingUpdate> updates) {
        try {
            if (breaker.isOpen()) {
                updates.forEach(update -> update.ended(null, breaker.lastFailure(update.claim.id())));
            } else {
                store.markCompletedTogether(updates);
            }
        } catch (RuntimeException | Error fault) {
            updates.forEach(update -> update.ended(null, fault));
        }
    }

    private void settle(PendingUpdate update, @Nullable Update answer, @Nullable Throwable failure) {
        if (failure instanceof IdempotencyStoreException && !(failure instanceof RefusedStepException)) {
            retry(update);
        } else if (failure != null) {
            lost(update, failure instanceof RefusedStepException ? failure.getMessage() : failure.toString());
        } else if (update.completion != null) {
            sayIfRefused(answer, update.claim);
        }
    }

    private void retry(PendingUpdate update) {
        boolean first = waitingForRetry.getAndIncrement() == 0;
        if (!retried.offer(update)) {
            waitingForRetry.decrementAndGet();
            lost(update, TOO_MANY);
        } else if (first || !retrier.isAlive()) {
            // Later ones are met by the round that comes anyway. Where no thread can be started, the next update tries
            // again, and a flush
            // does the work itself.
            retrier.wake();
        }
    }

    /** Waits until everything is written or given up, at most that long. */
    void flush(long maxMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(maxMillis);
        lingering.releaseAll();
        while ((onTheirWay.get() > 0 || waitingForRetry.get() > 0)
                && !breaker.isOpen()
                && System.nanoTime() - deadline < 0) {
            if (waitingForRetry.get() > 0 && !retrier.isAlive() && !retrier.wake()) {
                retryAll();
            }
            LockSupport.parkNanos(ROOM_CHECK_NANOS);
        }
    }

    boolean hasThreads() {
        return lingering.hasThread() || retrier.isAlive();
    }

    /** Ends the threads. What waits for the store is tried once more, and given up and said if it still can't be written. */
    @Override
    public void close() {
        lingering.close();
        retrier.close();
        giveUpRest();
    }

    /** After the round that may be under way. */
    private synchronized void giveUpRest() {
        for (PendingUpdate update = retried.poll(); update != null; update = retried.poll()) {
            waitingForRetry.decrementAndGet();
            if (!isWritten(update)) {
                lost(update, "the guard was closed");
            }
        }
    }

    /** One round: tries each update once. */
    private synchronized long retryAll() {
        for (int left = retried.size(); left > 0; left--) {
            PendingUpdate update = retried.poll();
            if (update == null) {
                break;
            }
            boolean settled = false;
            try {
                settled = isSettled(update);
            } finally {
                // After an Error, too, it is tried again: its lease's end is what ends that.
                if (settled || !putBack(update)) {
                    waitingForRetry.decrementAndGet();
                }
            }
        }
        return waitingForRetry.get() == 0 ? BackgroundLoop.UNTIL_WOKEN : RETRY_EVERY_NANOS;
    }

    private boolean putBack(PendingUpdate update) {
        boolean hasRoom = retried.offer(update);
        if (!hasRoom) {
            lost(update, TOO_MANY);
        }
        return hasRoom;
    }

    private boolean isSettled(PendingUpdate update) {
        // It is sent once even if its lease is over: the script refuses it if the key has another owner by now.
        if (!breaker.isOpen(update.claim.id()) && isWritten(update)) {
            return true;
        }
        boolean late = nanoClock.getAsLong() - update.deadlineNanos >= 0;
        if (late) {
            lost(update, "the store did not answer before its lease was over");
        }
        return late;
    }

    /** Whether nothing is left to do for it: it is written, or can't ever be. */
    private boolean isWritten(PendingUpdate update) {
        try {
            writeNow(update);
        } catch (RefusedStepException e) {
            lost(update, e.getMessage());
        } catch (IdempotencyStoreException e) {
            return false;
        } catch (RuntimeException e) {
            lost(update, e.toString());
        }
        return true;
    }

    private void writeNow(PendingUpdate update) {
        if (update.givenBack != null && isStillHeld(update.givenBack)) {
            store.delete(update.givenBack.id());
        }
        if (update.completion != null) {
            sayIfRefused(store.markCompleted(update.claim, update.completion), update.claim);
        } else if (update.error != null) {
            store.markFailed(update.claim, update.error);
        }
    }

    private boolean isStillHeld(Claim claim) {
        return store.status(claim.id())
                .filter(record -> record.status() == RecordStatus.PENDING
                        && ClaimField.of(record.fields().get(ClaimField.NAME))
                                .owner()
                                .equals(claim.owner()))
                .isPresent();
    }

    private void lost(PendingUpdate update, @Nullable String reason) {
        if (update.completion != null) {
            log.sayOnceAPeriod(
                    GuardLog.Occasion.COMPLETION_LOST,
                    update.claim.id().scope(),
                    "the completion of key '" + update.claim.id().key()
                            + "' of tenant '" + update.claim.id().tenant() + "' was not recorded: " + reason
                            + ". Its body ran; a redelivery may run it again");
        }
    }

    private void sayIfRefused(@Nullable Update update, Claim claim) {
        if (update == Update.REFUSED) {
            log.sayOnceAPeriod(
                    GuardLog.Occasion.RAN_TWICE,
                    claim.id().scope(),
                    "the body for key '" + claim.id().key() + "' of tenant '"
                            + claim.id().tenant() + "' ran twice: it outlived its lease (" + claim.leaseMillis()
                            + " ms) or the store was away, and another worker owns the key now; its completion was refused");
        }
    }
}
