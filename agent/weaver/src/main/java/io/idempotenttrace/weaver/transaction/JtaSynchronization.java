package io.idempotenttrace.weaver.transaction;

import io.idempotenttrace.core.guard.OpenTransaction;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The {@code Synchronization} of Jakarta Transactions. */
final class JtaSynchronization extends JoinedTransaction {

    private static final int STATUS_ACTIVE = 0;
    static final int STATUS_MARKED_ROLLBACK = 1;
    private static final int STATUS_COMMITTED = 3;
    private static final int STATUS_ROLLEDBACK = 4;

    private final BooleanSupplier current;

    /** @param current whether this thread's transaction is the joined one; holds the transaction weakly, since that holds its synchronizations */
    JtaSynchronization(TransactionEnd end, BooleanSupplier current) {
        super(end);
        this.current = current;
    }

    /** Whether a transaction in that status has its end before it. Work that is done after it, such as in an afterCompletion, has none. */
    static boolean isOpen(int status) {
        return status == STATUS_ACTIVE || status == STATUS_MARKED_ROLLBACK;
    }

    /** Such a transaction takes no synchronization, and its outcome is known. */
    static OpenTransaction markedForRollback(TransactionEnd end) {
        end.rolledBack("its transaction was marked for rollback");
        return () -> false;
    }

    @Override
    public boolean isCurrent() {
        return current.getAsBoolean();
    }

    @Override
    @Nullable
    Object called(String method, Object[] arguments) {
        if (method.equals("afterCompletion")) {
            int status = (Integer) arguments[0];
            if (status == STATUS_COMMITTED) {
                committed();
            } else {
                rolledBack(
                        status == STATUS_ROLLEDBACK
                                ? "its transaction was rolled back"
                                : "its transaction ended in status " + status
                                        + " of Jakarta Transactions, so that it may not be committed");
            }
        }
        return null;
    }
}
