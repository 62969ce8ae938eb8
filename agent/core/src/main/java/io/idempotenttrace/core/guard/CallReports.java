package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.RecordId;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls of a guard, notes them for those who ask, and tells those who listen. It decides nothing: whatever becomes of a note, the
 * call goes on. Safe for use by many threads.
 */
final class CallReports {

    private final CallCounters counters;
    private final VerdictLog verdicts;
    private final ObservedCalls observed = new ObservedCalls();
    private final RecentConflicts conflicts = new RecentConflicts();
    /** Calls that somebody listened to and could not be told of. */
    private final LongAdder untold = new LongAdder();

    private final GuardLog log;
    private final Platform platform;

    /** @param nanoClock as {@link System#nanoTime()} */
    CallReports(CallCounters counters, GuardLog log, LongSupplier nanoClock, Platform platform) {
        this.counters = counters;
        this.verdicts = new VerdictLog(nanoClock);
        this.log = log;
        this.platform = platform;
    }

    /** Those of the method; of the scope, where a program made the call by itself. */
    CallCounters counters(CallPolicy policy, RecordId id) {
        CallCounters ofMethod = policy.counters();
        return ofMethod == null ? counters.ofScope(id.scope()) : ofMethod;
    }

    /** Says what became of a call, and why, where that is wanted. A text that has to be put together is made only there. */
    void debug(CallPolicy policy, RecordId id, String what) {
        if (log.isDebug()) {
            log.debug(counters(policy, id), id, what);
        }
    }

    /** Counts a call whose body has ended. */
    void count(Ending ending, RunningCall call, String traceId) {
        if (ending == Ending.NEW) {
            call.counters.count(ending);
            note(ending, null, call.counters, call.claim.id(), traceId, /* waitedMillis= */ 0, call);
        } else if (ending == Ending.UNGUARDED) {
            countUnguarded(UnguardedReason.STORE, call.policy, call.claim.id(), /* waitedMillis= */ 0, call);
        } else {
            count(ending, call.policy, call.claim.id(), traceId, /* waitedMillis= */ 0, call);
        }
    }

    /**
     * Counts a call of that policy, and notes it for those who ask what became of it.
     *
     * @param ending not UNGUARDED, which has a reason
     * @param traceId of the record that answers; empty where there is none
     * @param call null for one that was answered without a claim
     */
    void count(
            Ending ending,
            CallPolicy policy,
            RecordId id,
            String traceId,
            long waitedMillis,
            @Nullable RunningCall call) {
        CallCounters counting = counters(policy, id);
        counting.count(ending);
        verdicts.add(ending, counting.name(), id, waitedMillis);
        note(ending, null, counting, id, traceId, waitedMillis, call);
    }

    /** As {@link #count}, of a body that runs or ran without a claim that other processes see. */
    void countUnguarded(
            UnguardedReason reason, CallPolicy policy, RecordId id, long waitedMillis, @Nullable RunningCall call) {
        CallCounters counting = counters(policy, id);
        counting.countUnguarded(reason);
        verdicts.add(Ending.UNGUARDED, counting.name(), id, waitedMillis);
        note(Ending.UNGUARDED, reason, counting, id, call == null ? "" : call.claim.traceId(), waitedMillis, call);
    }

    /**
     * Takes down what is to be told of a call; nothing where nobody listens. Who listens may be the application's own code, so a call that
     * has made a claim is told of later, by {@link #tell}: it must have left its key, or have ended it, whatever that code does. Throws
     * nothing, for the same reason.
     */
    private void note(
            Ending ending,
            @Nullable UnguardedReason reason,
            CallCounters counting,
            RecordId id,
            String traceId,
            long waitedMillis,
            @Nullable RunningCall call) {
        try {
            CallListener listener = counting.listener();
            if (listener == null || !listener.isHeard()) {
                return;
            }
            EndedCall ended = new EndedCall(
                    counting.name(),
                    id.scope(),
                    id.tenant(),
                    id.key(),
                    ending,
                    reason,
                    traceId,
                    call == null ? waitedMillis : Math.max(waitedMillis, call.waitedMillis),
                    call == null ? 0 : call.storeNanos,
                    // A call that was placed first has met no record.
                    call == null ? 0 : call.isFirst() ? 1 : call.attempt);
            if (call == null) {
                tell(listener, ended);
            } else {
                call.untold = ended;
            }
        } catch (Throwable fault) {
            countUntold();
        }
    }

    /** Tells what {@link #note} has taken down, once. Throws nothing. */
    void tell(RunningCall call) {
        try {
            EndedCall ended;
            // The end of a call and the loss of its key by max-hold may meet here.
            synchronized (call) {
                ended = call.untold;
                call.untold = null;
            }
            CallListener listener = call.counters.listener();
            if (ended != null && listener != null) {
                tell(listener, ended);
            }
        } catch (Throwable fault) {
            countUntold();
        }
    }

    private void tell(CallListener listener, EndedCall ended) {
        if (!listener.ended(ended)) {
            countUntold();
        }
    }

    /** The last step of a call that has ended or has left its key. */
    void tellIfNoted(RunningCall call) {
        if (call.untold != null) {
            try {
                tell(call);
            } catch (Throwable fault) {
                // Nobody is told. The call is over.
            }
        }
    }

    /**
     * Tells of a call that has no record: it had no key or no hash, or nobody sees its end. Throws nothing.
     *
     * @param reason why its body runs; null where it was refused
     */
    void tellWithoutRecord(
            CallCounters counting, @Nullable String scope, Ending ending, @Nullable UnguardedReason reason) {
        try {
            CallListener listener = counting.listener();
            if (listener != null && listener.isHeard()) {
                tell(
                        listener,
                        new EndedCall(
                                counting.name(),
                                scope,
                                /* tenant= */ null,
                                /* key= */ null,
                                ending,
                                reason,
                                "",
                                0,
                                0,
                                0));
            }
        } catch (Throwable fault) {
            countUntold();
        }
    }

    private void countUntold() {
        try {
            untold.increment();
        } catch (Throwable again) {
            // No stack or memory is left. The call goes on.
        }
    }

    /** How many calls could not be told to everybody who listens. */
    long untold() {
        return untold.sum();
    }

    /** Counts a call whose body runs all the same, since the mode is to observe. */
    void observed(Ending ending, ClaimRequest request, CallPolicy policy, ClaimResult answer, RunningCall call) {
        count(ending, policy, request.id(), answer.traceId(), /* waitedMillis= */ 0, call);
        if (log.isDebug()) {
            debug(policy, request.id(), "would be " + ending.label() + "; its body runs (mode=observe)");
        }
        observed.add(
                counters(policy, request.id()).name(),
                ending,
                request.id().key(),
                ending == Ending.CONFLICT ? request.differing(answer) : List.of());
        if (ending == Ending.CONFLICT) {
            conflict(request, policy, answer);
        }
    }

    /** Notes a conflict for those who watch. */
    void conflict(ClaimRequest request, CallPolicy policy, ClaimResult answer) {
        if (conflicts.areWanted()) {
            conflicts.add(
                    platform.currentTimeMillis(), counters(policy, request.id()).name(), request, answer);
        }
    }

    /** Whether somebody watches, so that conflicts are noted with the members in which payloads differ. */
    void watched(boolean isWatched) {
        conflicts.want(isWatched);
    }

    /** Those of the last seconds, the oldest first. */
    List<RecentConflicts.Conflict> conflictsSince(long nowMillis) {
        return conflicts.since(nowMillis);
    }

    /** What ran that would not have run in {@code mode=enforce}. */
    ObservedCalls observed() {
        return observed;
    }

    /** The last calls that were not new. */
    VerdictLog verdicts() {
        return verdicts;
    }
}
