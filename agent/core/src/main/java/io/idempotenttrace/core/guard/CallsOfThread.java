package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.RecordId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls of one thread that its later calls may be a part of. Used by that thread alone. */
final class CallsOfThread {

    private static final int PRUNED_ABOVE = 64;

    /** The body that runs; null if none does. */
    @Nullable
    ThreadBody innermost;
    /** The calls that returned inside transactions that are still open, or ended on another thread. Null until there is one. */
    private @Nullable Map<RecordId, RunningCall> joined;

    private int prunedAbove = PRUNED_ABOVE;

    void enter(ThreadBody body) {
        body.outer(innermost);
        innermost = body;
    }

    void leave(ThreadBody body) {
        innermost = body.outer();
        body.outer(null);
    }

    /** @param keepingItsThread whether only bodies count that {@linkplain ThreadBody#keepsItsThread() keep their thread} */
    boolean isInBodyOf(RecordId id, boolean keepingItsThread) {
        for (ThreadBody body = innermost; body != null; body = body.outer()) {
            if ((!keepingItsThread || body.keepsItsThread()) && body.id().equals(id)) {
                return true;
            }
        }
        return false;
    }

    /** The bodies that run here, one inside of the other, work in that transaction. */
    void use(UsedTransaction transaction) {
        for (ThreadBody body = innermost; body != null; body = body.outer()) {
            body.uses(transaction);
        }
    }

    /** Those that the innermost body has worked in and that have not ended. */
    List<UsedTransaction> openTransactions() {
        return innermost == null ? List.of() : innermost.openTransactions();
    }

    /** The call that returned with that key inside a transaction that is still open; else null. */
    @Nullable
    RunningCall joined(RecordId id) {
        RunningCall call = joined == null ? null : joined.get(id);
        return call == null || call.transaction == null ? null : call;
    }

    void join(RunningCall call) {
        if (joined == null) {
            joined = new HashMap<>();
        } else if (joined.size() >= prunedAbove) {
            joined.values().removeIf(ended -> ended.transaction == null);
            // A transaction may hold many calls: to look through them at every call would take the square of their
            // number.
            prunedAbove = Math.max(PRUNED_ABOVE, 2 * joined.size());
        }
        joined.put(call.claim.id(), call);
    }

    /** Of no effect where the call joined on another thread. */
    void leave(RunningCall call) {
        if (joined != null && joined.remove(call.claim.id(), call) && joined.isEmpty()) {
            joined = null;
            prunedAbove = PRUNED_ABOVE;
        }
    }
}
