package io.idempotenttrace.weaver.transaction;

import io.idempotenttrace.bridge.DriverCalls;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection in whose transaction a guarded body works. A method that ends the transaction takes it away when it begins,
 * so that what another thread does then belongs to the next one, and tells the outcome when it ends. Safe for use by many threads.
 */
final class JdbcConnection {

    /** A transaction that a method of the connection is about to end, and which one. */
    private static final class Ending {

        final JdbcTransaction transaction;
        final Thread thread = Thread.currentThread();
        int how;

        Ending(JdbcTransaction transaction, int how) {
            this.transaction = transaction;
            this.how = how;
        }
    }

    /** Guarded by this, as the others are. */
    private @Nullable JdbcTransaction current;

    private final List<Ending> endings = new ArrayList<>(1);
    private boolean retired;

    /** The open transaction, which begins here if there is none; null if this object is {@link #retire() retired}. */
    synchronized @Nullable JdbcTransaction transaction(Object connection) {
        if (retired) {
            return null;
        }
        if (current == null) {
            current = new JdbcTransaction(connection);
        }
        return current;
    }

    synchronized @Nullable JdbcTransaction openTransaction() {
        return current;
    }

    /** A method begins that ends the transaction. One that is called by another such method decides. */
    synchronized void ending(int how) {
        if (current != null) {
            endings.add(new Ending(current, how));
            current = null;
            return;
        }
        for (Ending ending : endings) {
            if (ending.thread == Thread.currentThread()) {
                ending.how = how;
            }
        }
    }

    /** That method ends: tells the outcome of the transaction that it has taken away, if it has. */
    void ended(int how, boolean threw) {
        JdbcTransaction taken = null;
        synchronized (this) {
            for (int i = endings.size() - 1; i >= 0 && taken == null; i--) {
                Ending ending = endings.get(i);
                if (ending.thread == Thread.currentThread() && ending.how == how) {
                    taken = ending.transaction;
                    endings.remove(i);
                }
            }
        }
        if (taken == null) {
            return;
        }
        switch (how) {
            case DriverCalls.COMMIT, DriverCalls.AUTO_COMMIT -> {
                if (threw) {
                    taken.rolledBack("its transaction failed to commit");
                } else {
                    taken.committed();
                }
            }
            case DriverCalls.ROLLBACK -> taken.rolledBack(JdbcTransaction.ROLLED_BACK);
            default -> taken.rolledBack("its connection was closed without a commit");
        }
    }

    /** Whether nothing is left to know: then nobody may use this object any more. */
    synchronized boolean retire() {
        retired |= current == null && endings.isEmpty();
        return retired;
    }
}
