package io.idempotenttrace.weaver.transaction;

import io.idempotenttrace.core.guard.OpenTransaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call whose body has returned while transactions of JDBC connections were open that it has worked in. It is committed when all of them
 * are, and rolled back by the first that is not. Safe for use by many threads.
 */
final class JdbcCall implements OpenTransaction {

    private final List<JdbcTransaction> transactions;
    /** Guarded by this; null after it was told. */
    private @Nullable TransactionEnd end;
    /** Guarded by this: how many have not committed. */
    private int open;

    private JdbcCall(List<JdbcTransaction> transactions, TransactionEnd end) {
        this.transactions = transactions;
        this.end = end;
        this.open = transactions.size();
    }

    /** Has {@code end} told, which may be before this method returns. */
    static JdbcCall join(List<JdbcTransaction> transactions, TransactionEnd end) {
        JdbcCall call = new JdbcCall(transactions, end);
        for (JdbcTransaction transaction : transactions) {
            transaction.join(call);
        }
        return call;
    }

    @Override
    public boolean isCurrent() {
        for (JdbcTransaction transaction : transactions) {
            if (!transaction.hasEnded() && !transaction.isCurrent()) {
                return false;
            }
        }
        return true;
    }

    void committed() {
        TransactionEnd told;
        synchronized (this) {
            open--;
            if (open > 0 || end == null) {
                return;
            }
            told = end;
            end = null;
        }
        told.committed();
    }

    void rolledBack(String how) {
        TransactionEnd told;
        synchronized (this) {
            told = end;
            end = null;
        }
        if (told != null) {
            told.rolledBack(how);
        }
    }
}
