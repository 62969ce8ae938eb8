package io.idempotenttrace.weaver;

import io.idempotenttrace.core.guard.OpenTransaction;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.guard.UnacknowledgedCompletionException;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.weaver.transaction.TransactionEnd;
import io.idempotenttrace.weaver.transaction.Transactions;
import org.jspecify.annotations.Nullable;

/**
 * A call whose method has returned inside a transaction. What its body did lasts only if the transaction commits, so the call ends when
 * the transaction and the body both have ended: completed if both were good, and failed, so that its key is claimable again, by the
 * first of them that was not. A method that returns no future has ended before the transaction does.
 */
final class CallInTransaction implements TransactionEnd {

    private final GuardedMethod method;
    private final RunningCall running;

    /** Guarded by this, as the others are. */
    private boolean bodyEnded;

    private boolean committed;
    private boolean over;

    private CallInTransaction(GuardedMethod method, RunningCall running) {
        this.method = method;
        this.running = running;
    }

    /** Null where this thread runs in no transaction. */
    static @Nullable CallInTransaction join(GuardedMethod method, RunningCall running, Transactions transactions) {
        Transactions.Active active = transactions.active(running);
        if (active == null) {
            return null;
        }
        CallInTransaction call = new CallInTransaction(method, running);
        try {
            call.open(active.join(call));
        } catch (Throwable failure) {
            // What the body did may be undone, and nobody would tell: its key must not be completed.
            method.sayUnjoined(failure);
            call.rolledBack("its transaction could not be joined");
        }
        return call;
    }

    private synchronized void open(OpenTransaction transaction) {
        if (!over) {
            method.guard.joined(running, transaction);
        }
    }

    /** The body has ended well, and left this. */
    void bodyCompleted(Completion completion) {
        synchronized (this) {
            if (over) {
                return;
            }
            method.guard.returned(running, completion);
            bodyEnded = true;
            if (!committed) {
                return;
            }
            over = true;
        }
        // What ends a future may be a thread that must not be blocked.
        complete(/* mayBlock= */ false);
    }

    /** The body has failed. Whether that ends the call; if not, its transaction has. */
    boolean bodyFailed() {
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
        }
        method.guard.leaveTransaction(running);
        return true;
    }

    @Override
    public void committed() {
        synchronized (this) {
            committed = true;
            if (over || !bodyEnded) {
                return;
            }
            over = true;
        }
        complete(/* mayBlock= */ true);
    }

    private void complete(boolean mayBlock) {
        try {
            method.guard.committed(running, mayBlock);
        } catch (UnacknowledgedCompletionException counted) {
            // Whoever ends the transaction gets no exception of what follows it.
        } catch (Throwable fault) {
            method.abandon(running, fault);
        }
    }

    @Override
    public void rolledBack(String outcome) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        try {
            method.guard.rolledBack(running, outcome);
        } catch (Throwable fault) {
            method.abandon(running, fault);
        }
    }
}
