package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.failure.FinalFailure;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Update;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Ends the calls of a guard: counts them, hands to the store what their bodies left, takes them out of the map, and lets those go on who wait
 * for them. Safe for use by many threads.
 */
final class CallEnds {

    private static final CompletableFuture<Void> HANDED_OVER = CompletableFuture.completedFuture(null);

    private final ConcurrentMap<RecordId, RunningCall> running;
    private final GuardedStore store;
    private final CallReports reports;
    private final GuardLog log;

    CallEnds(ConcurrentMap<RecordId, RunningCall> running, GuardedStore store, CallReports reports, GuardLog log) {
        this.running = running;
        this.store = store;
        this.reports = reports;
        this.log = log;
    }

    /**
     * The body returned: the key is completed.
     *
     * @param mayBlock whether the caller may be blocked until the store has acknowledged it, as the policy says
     * @return completes when the completion is handed over; fails with {@link UnacknowledgedCompletionException} where the policy refuses calls
     *         that the store can't answer for, or by a fault of the agent
     */
    CompletableFuture<Void> complete(RunningCall call, Completion completion, boolean mayBlock) {
        return complete(call, completion, call.isUnguarded() ? Ending.UNGUARDED : Ending.NEW, mayBlock);
    }

    /**
     * The body threw what no retry would change: the key is completed, as by {@link #complete}.
     *
     * @param result of {@link FinalFailure#toResult}
     */
    CompletableFuture<Void> failForGood(RunningCall call, String result, boolean mayBlock) {
        return complete(call, new Completion("", result, ""), Ending.FAILED, mayBlock);
    }

    private CompletableFuture<Void> complete(RunningCall call, Completion completion, Ending ending, boolean mayBlock) {
        CompletableFuture<Void> ended = completeUntold(call, completion, ending, mayBlock);
        reports.tellIfNoted(call);
        return ended;
    }

    private CompletableFuture<Void> completeUntold(
            RunningCall call, Completion completion, Ending ending, boolean mayBlock) {
        reports.count(ending, call, completion.traceIdOr(call.claim.traceId()));
        if (log.isDebug()) {
            reports.debug(call.policy, call.claim.id(), "its body ended; counted as " + ending.label());
        }
        CompletableFuture<Update> handedOver = store.complete(call, completion, mayBlock);
        if (handedOver.isDone() && !handedOver.isCompletedExceptionally()) {
            handedOver(call, completion, handedOver.join());
            return HANDED_OVER;
        }
        CompletableFuture<Void> ended = handedOver.handle((update, failure) -> {
            handedOver(call, completion, update);
            return null;
        });
        if (ended.isCompletedExceptionally()) {
            withdrawAndTell(call);
        }
        return call.policy.onStoreFailure() == OnStoreFailure.THROW
                ? ended.thenCompose(nothing -> acknowledged(call, handedOver))
                : ended;
    }

    private static CompletableFuture<Void> acknowledged(RunningCall call, CompletableFuture<Update> handedOver) {
        return handedOver.handle((update, failure) -> {
            if (Failures.causeOrNull(failure) instanceof IdempotencyStoreException unacknowledged) {
                throw new UnacknowledgedCompletionException(call.claim.id(), unacknowledged);
            }
            return null;
        });
    }

    /** If another worker has taken the key over, waiting calls get nothing from this call: each claims the key itself. */
    private void handedOver(RunningCall call, Completion completion, @Nullable Update update) {
        withdraw(call, update == Update.REFUSED ? null : completion);
    }

    /** The key is claimable at once; the call is not counted. */
    void release(RunningCall call, String reason, boolean mayBlock) {
        try {
            store.fail(call, reason, mayBlock);
        } finally {
            withdrawAndTell(call);
        }
    }

    /** The body has failed, or what it did is undone: the key is claimable at once. */
    void fail(RunningCall call, String error, boolean mayBlock) {
        try {
            reports.count(Ending.FAILED, call, call.claim.traceId());
            if (log.isDebug()) {
                reports.debug(call.policy, call.claim.id(), "failed, the key is free again: " + error);
            }
            store.fail(call, error, mayBlock);
        } finally {
            withdrawAndTell(call);
        }
    }

    /** Takes the call out of the map without an answer for those who wait, who claim for themselves, and tells of it. */
    void withdrawAndTell(RunningCall call) {
        try {
            withdraw(call, null);
        } finally {
            reports.tellIfNoted(call);
        }
    }

    /**
     * Takes the call out of the map, then lets those go on who wait for it, see {@link RunningCall#release}: they must not meet it
     * again. Calls that wait for one that was placed first wait for its record.
     */
    void withdraw(RunningCall call, @Nullable Object left) {
        boolean known = !call.isFirst();
        try {
            store.giveBackUnanswered(call);
        } finally {
            // Whatever that meets: those who wait must not wait for a call that has left.
            call.ended();
            if (known) {
                running.remove(call.claim.id(), call);
                call.release(left);
            }
        }
    }
}
