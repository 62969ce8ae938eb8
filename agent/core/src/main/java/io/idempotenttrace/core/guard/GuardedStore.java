package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import java.util.Optional;

/**
 * The store as the guard sees it: while the real one is away, claims go to the records of this process, and completions wait
 * until it is back. Safe for use by many threads.
 */
final class GuardedStore {

    private final IdempotencyStore store;
    private final IdempotencyStore fallback;
    private final StoreBreaker breaker;
    private final PendingUpdates pending;
    private final GuardLog log;
    /** Whether the fallback may know something that the store does not. */
    private volatile boolean fallbackUsed;

    /** @param fallback null where the store is itself in this process and can't be away */
    GuardedStore(IdempotencyStore store, IdempotencyStore fallback, GuardLog log) {
        this.store = store;
        this.fallback = fallback;
        this.log = log;
        this.breaker = new StoreBreaker(store, log);
        this.pending = new PendingUpdates(store, breaker, log);
    }

    /**
     * Claims in the store, else among the records of this process; then a NEW call is marked as unguarded.
     *
     * @param mayProceed whether the call may run without the store; if not, the records of this process are not asked
     * @throws IdempotencyStoreException if nobody could answer
     */
    ClaimResult check(RunningCall call, boolean mayProceed) {
        // Before the answer: a renewal must not come later than the lease that the store began meanwhile.
        call.leasedAtNanos = System.nanoTime();
        if (fallback == null) {
            return granted(call, store.check(call.claim));
        }
        if (breaker.isOpen()) {
            if (!mayProceed) {
                throw breaker.lastFailure();
            }
            return checkFallback(call);
        }
        try {
            ClaimResult answer = store.check(call.claim);
            breaker.succeeded();
            return granted(call, answer.verdict() == Verdict.NEW && fallbackUsed ? knownHere(call.claim, answer) : answer);
        } catch (IdempotencyStoreException e) {
            breaker.failed(e);
            log.sayOnceAPeriod(GuardLog.Occasion.STORE_FAILURE, e.getMessage() + (mayProceed
                    ? ". Until it answers, bodies run unguarded and only duplicates inside this process are caught"
                            + " (on-store-failure=proceed)"
                    : ". Until it answers, calls are refused (on-store-failure=throw)"));
            if (!mayProceed) {
                // The claim may have reached the store all the same, and would hold the key for its whole lease.
                pending.fail(call, "the claim's answer was lost");
                throw e;
            }
            return checkFallback(call);
        }
    }

    private static ClaimResult granted(RunningCall call, ClaimResult answer) {
        call.granted = answer.verdict() == Verdict.NEW;
        return answer;
    }

    private ClaimResult checkFallback(RunningCall call) {
        fallbackUsed = true;
        ClaimResult answer = fallback.check(call.claim);
        call.unguarded = answer.verdict() == Verdict.NEW;
        return answer;
    }

    /** What ran here while the store was away and could not be told to it: told now, as its duplicate is asked for. */
    private ClaimResult knownHere(Claim claim, ClaimResult granted) {
        Optional<StoredRecord> known = fallback.status(claim.id());
        if (known.isEmpty() || known.get().status() != RecordStatus.COMPLETED
                || !claim.hash().equals(known.get().fields().get("hash"))) {
            return granted;
        }
        String traceId = known.get().fields().getOrDefault("trace_id", "");
        String result = known.get().fields().get("result");
        store.markCompleted(claim, new Completion(traceId, result, known.get().fields().getOrDefault("response_hash", "")));
        return new ClaimResult(Verdict.DUPLICATE, claim.hash(), traceId, result, "", granted.attempt(), granted.fence(), 0, "", 0);
    }

    /** Completes, at once or in the background. REFUSED if another worker owns the record. */
    Update complete(RunningCall call, Completion completion) {
        if (call.unguarded) {
            fallback.markCompleted(call.claim, completion);
            // The claim that timed out may have reached the store all the same, and would hold the key for its whole lease.
            pending.complete(call, completion);
            return Update.APPLIED;
        }
        try {
            return store.markCompleted(call.claim, completion);
        } catch (IdempotencyStoreException e) {
            pending.complete(call, completion);
            return Update.APPLIED;
        }
    }

    void fail(RunningCall call, String error) {
        if (call.unguarded) {
            fallback.markFailed(call.claim, error);
            pending.fail(call, error);
            return;
        }
        try {
            store.markFailed(call.claim, error);
        } catch (IdempotencyStoreException e) {
            pending.fail(call, error);
        }
    }

    void awaitChange(RunningCall call, long maxMillis) throws InterruptedException {
        (breaker.isOpen() ? fallback : store).awaitChange(call.claim.id(), maxMillis);
    }

    void flush(long maxMillis) {
        pending.flush(maxMillis);
    }
}
