package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.RecordId;
import java.util.HashMap;
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
