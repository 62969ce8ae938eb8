package io.idempotenttrace.weaver.transaction;

import io.idempotenttrace.bridge.DriverCalls;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.UsedTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which guarded bodies work in transactions that the application begins and ends itself, by the methods of {@link Connection}.
 *
 * <p>The problem: a body inserts a row on a connection that is not in auto-commit mode, and returns. If its call were completed then and
 * the commit failed, the redelivery would be a duplicate and the row be lost. So each statement that a body executes is noted by the
 * transaction of its connection, and a body that returns while such a transaction is open leaves the end of its call to that transaction.
 *
 * <p>The layers: a pool's connection wraps the driver's, and both tell of what they do. Where a body has met both, the wrapper is asked
 * what it wraps; if that is the driver's, the driver's alone counts, since nothing is committed without it. Else the call waits for both.
 *
 * <p>This class and those beside it name types of module {@code java.sql}; {@link JdbcWatch} does not, and makes this one when a driver is
 * first used. Safe for use by many threads.
 */
final class JdbcTransactions {

    private final Guard guard;
    private final GuardLog log;
    private final JdbcConnections connections = new JdbcConnections();
    /** Whether the methods of a class's instances tell how they end transactions. */
    private final ClassValue<Boolean> watched;

    /** @param woven whether the class of that name has woven methods that end transactions */
    JdbcTransactions(Guard guard, GuardLog log, Predicate<String> woven) {
        this.guard = guard;
        this.log = log;
        this.watched = new ClassValue<>() {
            @Override
            protected Boolean computeValue(Class<?> type) {
                for (Class<?> above = type; above != null; above = above.getSuperclass()) {
                    if (woven.test(above.getName())) {
                        return true;
                    }
                }
                return false;
            }
        };
    }

    /** A body that runs on this thread is about to have the statement executed, or works on that entity manager. */
    void executing(Object executed) throws Throwable {
        if (!(executed instanceof Statement statement)) {
            Object transaction = EntityManagers.activeTransaction(executed);
            if (transaction != null) {
                note(transaction);
            }
            return;
        }
        try {
            Connection connection = statement.getConnection();
            if (connection != null && !connection.getAutoCommit()) {
                note(connection);
            }
        } catch (SQLException closed) {
            // Executing it will fail, too.
        }
    }

    private void note(Object connection) {
        if (!watched.get(connection.getClass())) {
            sayUnseen(connection.getClass());
            return;
        }
        JdbcTransaction transaction = connections.transaction(connection);
        List<UsedTransaction> before = guard.openTransactions();
        if (transaction.isOfWrapper() || before.contains(transaction)) {
            return;
        }
        guard.uses(transaction);
        for (UsedTransaction other : before) {
            if (connection instanceof Connection below
                    && other instanceof JdbcTransaction above
                    && above.wraps(below)) {
                above.leaveToTheOneBelow();
            }
        }
    }

    private void sayUnseen(Class<?> type) {
        log.sayOnce("transactions of " + type.getName()
                + " are not seen, since its class could not be changed: unless a connection behind it tells of them,"
                + " a call that returns inside of one is completed before it commits");
    }

    void ending(Object connection, int how) {
        JdbcConnection state = connections.get(connection);
        if (state != null) {
            state.ending(how);
        }
    }

    void ended(Object connection, int how, boolean threw) {
        JdbcConnection state = connections.get(connection);
        if (state != null) {
            state.ended(how, threw);
            connections.tidy(connection, state);
        }
        if (how == DriverCalls.AUTO_COMMIT) {
            // Whether the connection is in that mode now is asked when somebody wants to know.
            return;
        }
        for (JdbcConnection other : connections.all()) {
            JdbcTransaction open = other.openTransaction();
            if (open != null) {
                open.ended(connection);
            }
        }
    }

    /** The connection leaves auto-commit mode: its next transaction is not the one that this thread's calls may have joined. */
    void beginning(Object begun) {
        if (connections.isEmpty() || !(begun instanceof Connection connection)) {
            return;
        }
        try {
            if (!connection.getAutoCommit()) {
                return;
            }
        } catch (SQLException closed) {
            return;
        }
        for (JdbcConnection other : connections.all()) {
            JdbcTransaction open = other.openTransaction();
            if (open != null) {
                open.begun(connection);
            }
        }
    }

    void savepoint(Object connection, Object savepoint) {
        JdbcTransaction open = openTransaction(connection);
        if (open != null) {
            open.savepoint(savepoint);
        }
    }

    void rollingBack(Object connection, Object savepoint) {
        JdbcTransaction open = openTransaction(connection);
        if (open != null) {
            open.rolledBackTo(savepoint);
        }
    }

    private @Nullable JdbcTransaction openTransaction(Object connection) {
        JdbcConnection state = connections.get(connection);
        return state == null ? null : state.openTransaction();
    }

    boolean hasNone() {
        return connections.isEmpty();
    }
}
