package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordWatch;
import io.idempotenttrace.core.store.RefusedStepException;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The store as the guard sees it: while the real one is away, claims go to the records of this process, and completions wait
 * until it is back. Safe for use by many threads.
 */
final class GuardedStore {

    private final IdempotencyStore store;
    private final IdempotencyStore fallback;
    private final StoreBreaker breaker;
    private final PendingUpdates updates;
    private final GuardLog log;
    /** Whether the fallback may know something that the store does not. */
    private volatile boolean fallbackUsed;

    /** @param fallback null where the store is itself in this process and can't be away */
    GuardedStore(IdempotencyStore store, IdempotencyStore fallback, GuardLog log) {
        this.store = store;
        this.fallback = fallback;
        this.log = log;
        this.breaker = new StoreBreaker(store, log);
        this.updates = new PendingUpdates(store, breaker, log);
    }

    /** Whether the store is in another process, so that its answer may be late. */
    boolean isElsewhere() {
        return fallback != null;
    }

    /** As {@link IdempotencyStore#known}. */
    ClaimResult known(RecordId id, String hash, String form) {
        return store.known(id, hash, form);
    }

    /**
     * Claims in the store, else among the records of this process; then a NEW call is marked as unguarded.
     *
     * @param mayProceed whether the call may run without the store; if not, the records of this process are not asked
     * @throws IdempotencyStoreException if nobody could answer
     */
    ClaimResult check(RunningCall call, boolean mayProceed) {
        ClaimResult withoutStore = withoutStore(call, mayProceed);
        if (withoutStore != null) {
            return withoutStore;
        }
        ClaimResult answer;
        try {
            answer = store.check(call.claim);
        } catch (IdempotencyStoreException e) {
            return unanswered(call, e, mayProceed);
        }
        return answered(call, answer);
    }

    /** Whether the call owns a record that it is the first to claim; else nothing has happened. Only for a store of this process. */
    boolean placeFirst(RunningCall call) {
        // Before it is: a pause of this thread, however long, must not let the lease end in between.
        call.claim.granted(true);
        try {
            call.placedFirst = store.placeFirst(call.claim, System.nanoTime());
        } finally {
            call.claim.granted(call.placedFirst);
        }
        return call.placedFirst;
    }

    /** As {@link #check}, without blocking; fails with what that throws, which may be wrapped in a CompletionException. */
    CompletableFuture<ClaimResult> checkAsync(RunningCall call, boolean mayProceed) {
        ClaimResult withoutStore = withoutStore(call, mayProceed);
        if (withoutStore != null) {
            return CompletableFuture.completedFuture(withoutStore);
        }
        return store.checkAsync(call.claim).handle((answer, failure) -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause == null) {
                return answered(call, answer);
            }
            if (cause instanceof IdempotencyStoreException away) {
                return unanswered(call, away, mayProceed);
            }
            throw new CompletionException(cause);
        });
    }

    /** The answer while the store is known to be away; null if it is to be asked. */
    private ClaimResult withoutStore(RunningCall call, boolean mayProceed) {
        // Before the answer: a renewal must not come later than the lease that the store began meanwhile.
        call.leasedAt(System.nanoTime());
        call.claim.granted(!isElsewhere());
        call.answeredHere = false;
        if (!breaker.isOpen()) {
            updates.sendBeforeClaim(call.claim.id());
            return null;
        }
        if (!mayProceed || call.heldElsewhere) {
            throw breaker.lastFailure();
        }
        return checkFallback(call);
    }

    private ClaimResult answered(RunningCall call, ClaimResult answer) {
        breaker.succeeded();
        call.claim.granted(answer.verdict() == Verdict.NEW);
        return call.claim.isGranted() && fallbackUsed ? knownHere(call, answer) : answer;
    }

    private ClaimResult unanswered(RunningCall call, IdempotencyStoreException failure, boolean mayProceed) {
        if (!isElsewhere()) {
            throw failure;
        }
        if (!(failure instanceof RefusedStepException)) {
            breaker.failed(failure);
        }
        log.sayOnceAPeriod(GuardLog.Occasion.STORE_FAILURE, failure.getMessage() + (mayProceed
                ? ". Until it answers, bodies run unguarded and only duplicates inside this process are caught"
                        + " (on-store-failure=proceed)"
                : ". Until it answers, calls are refused (on-store-failure=throw)"));
        if (call.heldElsewhere) {
            throw failure;
        }
        if (!mayProceed) {
            // The claim may have reached the store all the same, and would hold the key for its whole lease.
            updates.failLater(call, "the claim's answer was lost");
            throw failure;
        }
        return checkFallback(call);
    }

    private ClaimResult checkFallback(RunningCall call) {
        fallbackUsed = true;
        ClaimResult answer = fallback.check(call.claim);
        call.answeredHere = true;
        call.unguarded = answer.verdict() == Verdict.NEW;
        return answer;
    }

    /** What ran here while the store was away and could not be told to it: told now, as its duplicate is asked for. */
    private ClaimResult knownHere(RunningCall call, ClaimResult granted) {
        Claim claim = call.claim;
        Optional<StoredRecord> known = fallback.status(claim.id());
        if (known.isEmpty() || known.get().status() != RecordStatus.COMPLETED
                || !claim.hash().equals(known.get().fields().get("hash"))) {
            return granted;
        }
        String traceId = known.get().fields().getOrDefault("trace_id", "");
        String result = known.get().fields().get("result");
        updates.complete(call, new Completion(traceId, result, known.get().fields().getOrDefault("response_hash", "")));
        return new ClaimResult(Verdict.DUPLICATE, claim.hash(), traceId, result, "", granted.attempt(), granted.fence(), 0, "", 0);
    }

    /** A watch on the record where the call's last answer came from. */
    RecordWatch watch(RunningCall call) {
        return (call.answeredHere ? fallback : store).watch(call.claim.id());
    }

    /**
     * Completes, at once or in the background, as the call's policy says.
     *
     * @return REFUSED if another worker is known to own the record; completes when the update is handed over
     */
    CompletableFuture<Update> complete(RunningCall call, Completion completion, boolean mayBlock) {
        if (call.unguarded) {
            fallback.markCompleted(call.claim, completion);
            // The claim that timed out may have reached the store all the same, and would hold the key for its whole lease.
            updates.completeLater(call, completion);
            return PendingUpdates.APPLIED;
        }
        if (!isElsewhere()) {
            Update update = store.markCompleted(call.claim, completion);
            return update == Update.APPLIED ? PendingUpdates.APPLIED : CompletableFuture.completedFuture(update);
        }
        if (!call.policy.asyncCompletion()) {
            return mayBlock ? updates.completeNow(call, completion) : updates.complete(call, completion);
        }
        if (mayBlock) {
            updates.awaitRoom();
        }
        updates.completeSoon(call, completion);
        return PendingUpdates.APPLIED;
    }

    /** As {@link #complete}, for a body that failed. */
    void fail(RunningCall call, String error, boolean mayBlock) {
        if (call.unguarded) {
            fallback.markFailed(call.claim, error);
            updates.failLater(call, error);
        } else if (!isElsewhere()) {
            store.markFailed(call.claim, error);
        } else {
            if (mayBlock) {
                updates.awaitRoom();
            }
            updates.fail(call, error);
        }
    }

    void flush(long maxMillis) {
        updates.flush(maxMillis);
    }
}
