package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.RecordId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls of one thread that its later calls may be a part of. Used by that thread alone. */
final class CallsOfThread {

    private static final int PRUNED_ABOVE = 64;

    private record Joined(RunningCall call, long inTasks) {}

    private record BodyInTask(
            ThreadBody body, PoolTasks tasks, @Nullable BodyInTask outer) {}

    /** The body that runs; null if none does. */
    @Nullable
    ThreadBody innermost;
    /** The calls that returned inside transactions that are still open, or ended on another thread. Null until there is one. */
    private @Nullable Map<RecordId, Joined> joined;
    /** The bodies that run, with the tasks that they run in. Null if none does, and where the thread is no worker of a pool. */
    private @Nullable BodyInTask inTasks;

    private final boolean runsTasks = PoolTasks.runHere();

    private int prunedAbove = PRUNED_ABOVE;

    void enter(ThreadBody body) {
        if (runsTasks) {
            inTasks = new BodyInTask(body, new PoolTasks(), inTasks);
        }
        body.outer(innermost);
        innermost = body;
    }

    void leave(ThreadBody body) {
        innermost = body.outer();
        body.outer(null);
        if (inTasks != null && inTasks.body == body) {
            inTasks = inTasks.outer;
        }
    }

    /** @param keepingItsThread whether only bodies count that {@linkplain ThreadBody#keepsItsThread() keep their thread} */
    boolean isInBodyOf(RecordId id, boolean keepingItsThread) {
        return bodyOf(id, keepingItsThread) != null;
    }

    private @Nullable ThreadBody bodyOf(RecordId id, boolean keepingItsThread) {
        for (ThreadBody body = innermost; body != null; body = body.outer()) {
            if ((!keepingItsThread || body.keepsItsThread()) && body.id().equals(id)) {
                return body;
            }
        }
        return null;
    }

    /** As {@link #isInBodyOf}, and whether the body itself makes the call, not another task of its pool. */
    boolean isPartOfBody(RecordId id, boolean keepingItsThread) {
        ThreadBody body = bodyOf(id, keepingItsThread);
        if (body == null) {
            return false;
        }
        for (BodyInTask entered = inTasks; entered != null; entered = entered.outer) {
            if (entered.body == body) {
                return !entered.tasks.runAnother();
            }
        }
        return true;
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
        Joined known = joined == null ? null : joined.get(id);
        return known == null || known.call.transaction == null ? null : known.call;
    }

    /** Whether another task of a pool runs here than the one in which that call has {@linkplain #join joined} its transaction. */
    boolean isOfOtherTask(RunningCall call) {
        Joined known = joined == null ? null : joined.get(call.claim.id());
        return runsTasks && known != null && PoolTasks.count() > known.inTasks;
    }

    void join(RunningCall call) {
        if (joined == null) {
            joined = new HashMap<>();
        } else if (joined.size() >= prunedAbove) {
            joined.values().removeIf(ended -> ended.call.transaction == null);
            // A transaction may hold many calls: to look through them at every call would take the square of their
            // number.
            prunedAbove = Math.max(PRUNED_ABOVE, 2 * joined.size());
        }
        joined.put(call.claim.id(), new Joined(call, runsTasks ? PoolTasks.count() : 0));
    }

    /** Of no effect where the call joined on another thread. */
    void leave(RunningCall call) {
        Joined known = joined == null ? null : joined.get(call.claim.id());
        if (joined != null && known != null && known.call == call) {
            joined.remove(call.claim.id());
            if (joined.isEmpty()) {
                joined = null;
                prunedAbove = PRUNED_ABOVE;
            }
        }
    }
}
