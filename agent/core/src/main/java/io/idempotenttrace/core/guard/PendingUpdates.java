package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordTimes;
import io.idempotenttrace.core.store.RefusedStepException;
import io.idempotenttrace.core.store.Update;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Completions and failures on their way to the store, off the callers' path. An update that can't be written waits, and is tried again by
 * a thread of its own until the record's TTL would be over: the store refuses it if another worker owns the key by then. Both are
 * bounded: callers wait while too many updates are on their way; an update that there is no room for is lost as if the worker had died,
 * which is counted and said. What waits to be told of one record is told in the order in which it happened.
 */
final class PendingUpdates implements AutoCloseable {

    static final CompletableFuture<Update> APPLIED = CompletableFuture.completedFuture(Update.APPLIED);

    /** What hears of completions that the store knows. */
    interface Told {

        /** @param update what the store did; null where it can't be told for good */
        void told(CompletedCall call, @Nullable Update update);
    }

    /**
     * More than the calls that a process runs at a time, even on ten thousand virtual threads. With those that are retried together it stays
     * below the length of the Redis client's queue.
     */
    private static final int MOST_ON_THEIR_WAY = 16_000;
    /** One round of the retries sends that many at a time, and waits for their answers. */
    private static final int MOST_RETRIED_TOGETHER = 512;

    private static final long RETRY_EVERY_NANOS = 100_000_000L;
    private static final long ROOM_CHECK_NANOS = 200_000L;

    /** One that is sent for the first time, until the store has answered or it is to be retried. */
    private final class OnItsWay extends SentUpdate {

        private final ScopeFigures figures;
        /** By {@code nanoClock}. One that lingers is sent later than it is made. */
        private volatile long sentAtNanos;

        private boolean ended;

        OnItsWay(PendingUpdate update, ScopeFigures figures) {
            super(update);
            this.figures = figures;
            onTheirWay.incrementAndGet();
            completionsOnTheirWay.addAndGet(update.completion() == null ? 0 : 1);
        }

        @Override
        public void ended(@Nullable Update answer, @Nullable Throwable failure) {
            boolean first = false;
            boolean waits = false;
            try {
                Throwable cause;
                // Whoever sends it as well goes on when it is written or waits here: the claim that comes next must not
                // overtake it. Nothing is said inside: what is printed may go to the application's own stream.
                synchronized (this) {
                    if (ended) {
                        return;
                    }
                    ended = true;
                    first = true;
                    cause = Failures.causeOrNull(failure);
                    waits = mayBeRetried(cause) && waiting.add(update);
                }
                if (cause == null) {
                    StoreStep step = update.completion() == null ? StoreStep.FAIL : StoreStep.COMPLETE;
                    figures.answered(step, nanoClock.getAsLong() - sentAtNanos);
                }
                if (waits) {
                    waits(update, cause);
                } else if (!isAnswered(update, answer, cause)) {
                    hasNoRoom(update);
                }
            } catch (RuntimeException | Error fault) {
                if (first && !waits && failure != null) {
                    lost(
                            update,
                            "neither could it be sent (" + failure + "), nor kept to be sent again (" + fault + ")");
                }
                throw fault;
            } finally {
                if (first) {
                    // Count it as gone last: a flush must not find it gone before it is in the queue of those to be
                    // retried.
                    completionsOnTheirWay.addAndGet(update.completion() == null ? 0 : -1);
                    onTheirWay.decrementAndGet();
                }
            }
        }
    }

    private final LingeringCompletions<OnItsWay> lingering;
    private final WaitingUpdates waiting;
    /** Those that are tried again now; guarded by this. */
    private final RetriedUpdates retried;

    private final AtomicInteger onTheirWay = new AtomicInteger();
    /** Those of them that are completions. */
    private final AtomicInteger completionsOnTheirWay = new AtomicInteger();

    private final BackgroundLoop retrier;
    private final LongAdder lost = new LongAdder();
    private final LongAdder unacknowledged = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final IdempotencyStore store;
    private final StoreBreaker breaker;
    private final LongSupplier nanoClock;
    private final Platform platform;
    private final GuardLog log;
    private final Told told;
    private final long maxBytes;

    /** @param maxBytes what the updates that wait may take, roughly; above 0 */
    PendingUpdates(
            IdempotencyStore store,
            StoreBreaker breaker,
            LongSupplier nanoClock,
            Platform platform,
            GuardLog log,
            long maxBytes,
            Told told) {
        this.store = store;
        this.breaker = breaker;
        this.nanoClock = nanoClock;
        this.platform = platform;
        this.log = log;
        this.maxBytes = maxBytes;
        this.waiting = new WaitingUpdates(maxBytes);
        this.retried = new RetriedUpdates(store, platform, this::isAnswered);
        this.told = told;
        this.lingering = new LingeringCompletions<>(this::sendTogether, platform);
        this.retrier = new BackgroundLoop("idempotent-trace-updates", this::retryAll, platform);
    }

    /** Waits while too many updates are on their way: a store that is slower than its callers must slow them down. */
    void awaitRoom() {
        while (onTheirWay.get() >= MOST_ON_THEIR_WAY && !breaker.isOpen()) {
            platform.parkNanos(this, ROOM_CHECK_NANOS);
        }
    }

    /** The call whose completion the store could not be told yet; null if there is none of that record. */
    @Nullable
    CompletedCall untold(RecordId id) {
        return waiting.completed(id);
    }

    /**
     * Sends the completion; it is retried where that fails.
     *
     * @return what the store did; fails with {@link IdempotencyStoreException} where it has not acknowledged the completion
     */
    CompletableFuture<Update> complete(RunningCall call, Completion completion) {
        return send(completing(call, completion), call).exceptionallyCompose(failure -> {
            Throwable cause = Failures.cause(failure);
            return unacknowledged(
                    call,
                    cause instanceof IdempotencyStoreException known
                            ? known
                            : failure(call.claim.id(), "the completion could not be sent", cause));
        });
    }

    /** Sends the completion of a call that nobody waits for; it is retried where that fails. */
    void completeAside(RunningCall call, Completion completion) {
        send(completing(call, completion), call);
    }

    /** Sends the completion within a millisecond, together with others; it is retried where that fails. */
    void completeSoon(RunningCall call, Completion completion) {
        PendingUpdate update = completing(call, completion);
        if (waiting.has(update.claim().id())) {
            retry(update, null);
        } else {
            lingering.add(update.claim().id(), new OnItsWay(update, call.counters.figures()));
        }
    }

    /** A claim of that record comes next: it must not overtake a completion. */
    void sendBeforeClaim(RecordId id) {
        try {
            if (waiting.size() > 0 && !retrier.isAlive()) {
                // No thread could be started when they came, and no later one may ever have to wait.
                retrier.wake();
            }
            lingering.release(id);
        } catch (RuntimeException | Error fault) {
            // Not this claim's: it may meet its own process in progress, and waits. The completion is sent with others.
        }
    }

    /** Sends the failure; it is retried where that fails. */
    void fail(RunningCall call, String error) {
        send(failing(call, error), call);
    }

    /**
     * Writes the completion while the caller waits; it is retried where that fails.
     *
     * @return what the store did; fails with {@link IdempotencyStoreException} where it has not acknowledged the completion
     */
    CompletableFuture<Update> completeNow(RunningCall call, Completion completion) {
        PendingUpdate update = completing(call, completion);
        if (waiting.has(update.claim().id())) {
            retry(update, null);
            return unacknowledged(call, waitsItsTurn(update));
        }
        try {
            long sentAt = nanoClock.getAsLong();
            Update answer = store.markCompleted(call.claim, completion);
            call.counters.figures().answered(StoreStep.COMPLETE, nanoClock.getAsLong() - sentAt);
            isAnswered(update, answer, null);
            return CompletableFuture.completedFuture(answer);
        } catch (RefusedStepException e) {
            lost(update, e.getMessage());
            return unacknowledged(call, e);
        } catch (IdempotencyStoreException e) {
            retry(update, e);
            return unacknowledged(call, e);
        }
    }

    private static IdempotencyStoreException waitsItsTurn(PendingUpdate update) {
        return failure(update.claim().id(), "an earlier update of the record still waits for the store", null);
    }

    private static IdempotencyStoreException failure(RecordId id, String message, @Nullable Throwable cause) {
        return new IdempotencyStoreException(message, id.tenant(), id.key(), null, cause);
    }

    private CompletableFuture<Update> unacknowledged(RunningCall call, IdempotencyStoreException failure) {
        unacknowledged.increment();
        log.sayOnceAPeriod(
                GuardLog.Occasion.UNACKNOWLEDGED,
                call.claim.id().scope(),
                "the completion of " + call.claim.id().forPeople() + " is not acknowledged (" + failure.getMessage()
                        + "). Its body ran; "
                        + (mayBeRetried(failure)
                                ? "the completion is sent when the store is back"
                                : "the completion is lost, since the store refuses it")
                        + " (completion=sync)");
        return CompletableFuture.failedFuture(failure);
    }

    /** For a call whose store could not answer its claim. */
    void completeLater(RunningCall call, Completion completion) {
        retry(completing(call, completion), null);
    }

    /** For a call whose store could not answer its claim. */
    void failLater(RunningCall call, String error) {
        retry(failing(call, error), null);
    }

    private PendingUpdate completing(RunningCall call, Completion completion) {
        return new PendingUpdate(
                call.claim, completion, null, null, call.isUnguarded(), until(call.claim.ttlSeconds()));
    }

    private PendingUpdate failing(RunningCall call, String error) {
        return new PendingUpdate(call.claim, null, error, null, false, until(call.claim.failedTtlSeconds()));
    }

    /** As long as the record would have lived, if it had been written at once. */
    private long until(long ttlSeconds) {
        return nanoClock.getAsLong() + RecordTimes.nanos(ttlSeconds, TimeUnit.SECONDS);
    }

    /**
     * For a claim that the store granted though this process knows better: gives it back, and then completes the record for the body that
     * ran here.
     *
     * @param ran null where no body has completed here
     */
    void giveBackLater(RunningCall call, @Nullable CompletedCall ran) {
        if (ran != null) {
            forgetEnds(ran.claim().id());
        }
        retry(
                new PendingUpdate(
                        ran == null ? call.claim : ran.claim(),
                        ran == null ? null : ran.completion(),
                        /* error= */ null,
                        call.claim,
                        /* unguarded= */ ran != null,
                        until(call.claim.ttlSeconds())),
                null);
    }

    /** Whether {@link #giveBackLater} was asked to give that claim back, and the store has not been told yet. */
    boolean isGivingBack(Claim claim) {
        return waiting.givesBack(claim);
    }

    /** What waits to be told of that record is told by another call. */
    void forgetEnds(RecordId id) {
        waiting.forgetEnds(id);
    }

    /** Completes when the store has answered; fails where it has not, or has refused: then the update is sent again, or lost. */
    private CompletableFuture<Update> send(PendingUpdate update, RunningCall call) {
        RecordId id = update.claim().id();
        if (waiting.has(id)) {
            retry(update, null);
            return CompletableFuture.failedFuture(waitsItsTurn(update));
        }
        if (breaker.isOpen(id)) {
            retry(update, null);
            return CompletableFuture.failedFuture(breaker.lastFailure(id));
        }
        OnItsWay sent = new OnItsWay(update, call.counters.figures());
        sent.sentAtNanos = nanoClock.getAsLong();
        return start(store, update).whenComplete(sent::ended);
    }

    /** What the store does with a completion or a failure; fails, and throws nothing. */
    static CompletableFuture<Update> start(IdempotencyStore store, PendingUpdate update) {
        try {
            return update.completion() != null
                    ? store.markCompletedAsync(update.claim(), update.completion())
                    : store.markFailedAsync(update.claim(), Objects.requireNonNull(update.error(), "error"));
        } catch (RuntimeException | Error fault) {
            return CompletableFuture.failedFuture(fault);
        }
    }

    /** Whoever sends what waited has nothing to do with it: a fault is the updates' own, as at its end it would be its call's. */
    private void sendTogether(List<OnItsWay> updates) {
        try {
            if (breaker.isOpen()) {
                updates.forEach(update ->
                        update.ended(null, breaker.lastFailure(update.claim().id())));
            } else {
                long now = nanoClock.getAsLong();
                updates.forEach(update -> update.sentAtNanos = now);
                store.markCompletedTogether(updates);
            }
        } catch (RuntimeException | Error fault) {
            updates.forEach(update -> update.ended(null, fault));
        }
    }

    /** Whether the update is done with: it is written, or can't ever be. Else it is to be tried again. */
    private boolean isAnswered(PendingUpdate update, @Nullable Update answer, @Nullable Throwable failure) {
        if (failure instanceof RefusedStepException) {
            lost(update, failure.getMessage());
            return true;
        }
        if (failure != null) {
            return false;
        }
        CompletedCall completed = update.completedCall();
        if (completed != null) {
            noteIfRefused(answer, completed.claim());
            told.told(completed, answer);
        }
        return true;
    }

    private static boolean mayBeRetried(@Nullable Throwable failure) {
        return failure != null && !(failure instanceof RefusedStepException);
    }

    private void retry(PendingUpdate update, @Nullable Throwable failure) {
        if (waiting.add(update)) {
            waits(update, failure);
        } else {
            hasNoRoom(update);
        }
    }

    private void hasNoRoom(PendingUpdate update) {
        lost(
                update,
                "the updates that wait for the store take more than " + maxBytes
                        + " bytes; raise pending-bytes, or shorten the outages");
    }

    private void waits(PendingUpdate update, @Nullable Throwable failure) {
        if (failure != null && !(failure instanceof IdempotencyStoreException)) {
            log.sayOnceAPeriod(
                    GuardLog.Occasion.AGENT_FAULT,
                    update.claim().id().scope(),
                    "the " + (update.completion() == null ? "failure" : "completion") + " of "
                            + update.claim().id().forPeople() + " could not be sent (" + failure
                            + "); it is tried again");
        }
        // Where no thread can be started, the next update tries again, and a flush does the work itself.
        retrier.wake();
    }

    /**
     * Waits until everything is written or given up, at most that long. For completions it waits while the store is away, too: it may come
     * back meanwhile, as where it is restarted together with this process. A failure is not worth that, since its lease ends anyway.
     */
    void flush(long maxMillis) {
        long deadline = platform.nanoTime() + TimeUnit.MILLISECONDS.toNanos(maxMillis);
        lingering.releaseAll();
        while ((unwrittenCompletions() > 0 || !breaker.isOpen() && (onTheirWay.get() > 0 || waiting.size() > 0))
                && platform.nanoTime() - deadline < 0) {
            if (waiting.size() > 0 && !retrier.isAlive() && !retrier.wake()) {
                retryAll();
            }
            platform.parkNanos(this, ROOM_CHECK_NANOS);
        }
    }

    /** How many updates wait for the store. */
    int waiting() {
        return waiting.size();
    }

    /** How many completions wait, or are on their way: their bodies ran, and it is not known whether the store knows. */
    int unwrittenCompletions() {
        return waiting.completions() + completionsOnTheirWay.get();
    }

    /** What those take, roughly. */
    long waitingBytes() {
        return waiting.bytes();
    }

    /** How many completions were given up. */
    long lost() {
        return lost.sum();
    }

    /** How many completions were to be acknowledged before their calls returned, and were not. */
    long unacknowledged() {
        return unacknowledged.sum();
    }

    /** How many completions the store has refused, since another owner had the key by then: their bodies ran twice, or will, where somebody released the key. */
    long refused() {
        return refused.sum();
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
        for (List<PendingUpdate> rest = rest(); !rest.isEmpty() || retried.size() > 0; rest = rest()) {
            retried.send(rest);
            RetriedUpdates.Ended ended = retried.ended();
            ended.written().forEach(waiting::settled);
            for (PendingUpdate update : ended.unwritten()) {
                waiting.settled(update);
                lost(update, "the guard was closed");
            }
            retried.awaitSome();
        }
    }

    /** Without those whose part of the store is known to be away. */
    private List<PendingUpdate> next() {
        return breaker.isOpen() ? List.of() : waiting.take(MOST_RETRIED_TOGETHER - retried.size(), breaker::isOpen);
    }

    private List<PendingUpdate> rest() {
        return waiting.take(MOST_RETRIED_TOGETHER - retried.size(), id -> false);
    }

    /** One round: tries those that wait, until some can't be written. Those that have no answer yet are taken up by the next round. */
    private synchronized long retryAll() {
        while (waiting.size() > 0) {
            RetriedUpdates.Ended ended = retried.ended();
            try {
                ended.written().forEach(waiting::settled);
            } finally {
                putBack(ended.unwritten());
            }
            if (!ended.unwritten().isEmpty()) {
                return RETRY_EVERY_NANOS;
            }
            List<PendingUpdate> together = next();
            if (together.isEmpty() && retried.size() == 0) {
                return RETRY_EVERY_NANOS;
            }
            send(together);
            retried.awaitSome();
        }
        return BackgroundLoop.UNTIL_WOKEN;
    }

    /** After an Error, too, they are tried again. */
    private void send(List<PendingUpdate> together) {
        boolean sent = false;
        try {
            retried.send(together);
            sent = true;
        } finally {
            if (!sent) {
                retried.forget(together);
                putBack(together);
            }
        }
    }

    private void putBack(List<PendingUpdate> unanswered) {
        try {
            for (PendingUpdate update : unanswered) {
                if (nanoClock.getAsLong() - update.deadlineNanos() >= 0) {
                    waiting.settled(update);
                    lost(update, "the store did not answer before its record would have expired");
                }
            }
        } finally {
            waiting.putBack(unanswered);
        }
    }

    private void lost(PendingUpdate update, @Nullable String reason) {
        CompletedCall completed = update.completedCall();
        if (completed != null) {
            lost.increment();
            told.told(completed, null);
            log.sayOnceAPeriod(
                    GuardLog.Occasion.COMPLETION_LOST,
                    update.claim().id().scope(),
                    "the completion of " + update.claim().id().forPeople() + " was not recorded: " + reason
                            + ". Its body ran; a redelivery may run it again");
        }
    }

    private void noteIfRefused(@Nullable Update update, Claim claim) {
        if (update == Update.REFUSED) {
            refused.increment();
            log.sayOnceAPeriod(
                    GuardLog.Occasion.RAN_TWICE,
                    claim.id().scope(),
                    "the body for " + claim.id().forPeople() + " ran twice: it outlived its lease ("
                            + claim.leaseMillis()
                            + " ms) or the store was away, and another worker owns the key now, or somebody has released it, and it runs again; its completion was refused");
        }
    }
}
