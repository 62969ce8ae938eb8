package io.idempotenttrace.weaver.transaction;

import io.idempotenttrace.core.guard.OpenTransaction;
import io.idempotenttrace.core.guard.UsedTransaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of JDBC connections. Nothing binds them to a thread: {@link JdbcTransactions} notes in which of them a body works, and
 * the call's own list of them stands for the active one.
 */
final class JdbcLibrary extends TransactionLibrary {

    static final JdbcLibrary INSTANCE = new JdbcLibrary();

    private JdbcLibrary() {}

    @Override
    String name() {
        return "JDBC";
    }

    @Override
    @Nullable
    Object active() {
        return null;
    }

    /** @param transaction a list of those that are open */
    @Override
    OpenTransaction join(Object transaction, TransactionEnd end) {
        List<JdbcTransaction> transactions = new ArrayList<>();
        for (Object used : (List<?>) transaction) {
            transactions.add((JdbcTransaction) used);
        }
        return JdbcCall.join(transactions, end);
    }

    /** What {@link #join} takes; null if the body has left no transaction open. */
    static @Nullable Object leftBy(List<UsedTransaction> open) {
        return open.isEmpty() ? null : open;
    }
}
