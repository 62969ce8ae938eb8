package io.idempotenttrace.weaver.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.bridge.DriverCalls;
import io.idempotenttrace.testkit.Await;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What calls are told of the transactions of connections, by the methods that these are asked to run. */
class JdbcConnectionTest {

    private final Connection connection = connection(null);
    private final JdbcConnection state = new JdbcConnection();
    private final List<String> told = new CopyOnWriteArrayList<>();

    /** @param wrapped what it says that it wraps; null for nothing */
    private static Connection connection(Connection wrapped) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isWrapperFor" -> wrapped != null;
                    case "unwrap" -> wrapped;
                    case "getAutoCommit", "isClosed" -> false;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private JdbcTransaction transaction() {
        return Objects.requireNonNull(state.transaction(connection));
    }

    private JdbcCall join(String name, JdbcTransaction... transactions) {
        return JdbcCall.join(List.of(transactions), new TransactionEnd() {
            @Override
            public void committed() {
                told.add(name + " committed");
            }

            @Override
            public void rolledBack(String outcome) {
                told.add(name + ": " + outcome);
            }
        });
    }

    private void run(int how, boolean throwing) {
        state.ending(how);
        state.ended(how, throwing);
    }

    @Test
    void aCommitTellsAllThatHaveJoined() {
        join("first", transaction());
        join("second", transaction());
        run(DriverCalls.COMMIT, /* throwing= */ false);
        assertEquals(List.of("first committed", "second committed"), told);
        run(DriverCalls.ROLLBACK, /* throwing= */ false);
        assertEquals(2, told.size());
    }

    @Test
    void whatDoesNotCommitTellsThatItWasRolledBack() {
        join("a", transaction());
        run(DriverCalls.COMMIT, /* throwing= */ true);
        join("b", transaction());
        run(DriverCalls.AUTO_COMMIT, /* throwing= */ true);
        join("c", transaction());
        run(DriverCalls.ROLLBACK, /* throwing= */ true);
        join("d", transaction());
        run(DriverCalls.CLOSE, /* throwing= */ false);
        join("e", transaction());
        run(DriverCalls.AUTO_COMMIT, /* throwing= */ false);
        assertEquals(
                List.of(
                        "a: its transaction failed to commit",
                        "b: its transaction failed to commit",
                        "c: its transaction was rolled back",
                        "d: its connection was closed without a commit",
                        "e committed"),
                told);
    }

    /** A commit that fails may roll back, and a close may commit, by methods of the same object. */
    @Test
    void theMethodThatAnotherOneCallsDecides() {
        join("a", transaction());
        state.ending(DriverCalls.COMMIT);
        run(DriverCalls.ROLLBACK, /* throwing= */ false);
        state.ended(DriverCalls.COMMIT, /* threw= */ true);
        join("b", transaction());
        state.ending(DriverCalls.CLOSE);
        run(DriverCalls.COMMIT, /* throwing= */ false);
        state.ended(DriverCalls.CLOSE, /* threw= */ false);
        join("c", transaction());
        state.ending(DriverCalls.ROLLBACK);
        // setAutoCommit(false), which only ends.
        state.ended(DriverCalls.AUTO_COMMIT, /* threw= */ false);
        state.ended(DriverCalls.ROLLBACK, /* threw= */ false);
        assertEquals(
                List.of("a: its transaction was rolled back", "b committed", "c: its transaction was rolled back"),
                told);
    }

    @Test
    void whatIsDoneWhileACommitRunsBelongsToTheNextTransaction() throws Exception {
        JdbcTransaction first = transaction();
        join("first", first);
        state.ending(DriverCalls.COMMIT);
        Thread other = new Thread(() -> {
            join("next", transaction());
            run(DriverCalls.ROLLBACK, /* throwing= */ false);
        });
        other.start();
        other.join();
        assertNotSame(first, transaction());
        state.ended(DriverCalls.COMMIT, /* threw= */ false);
        assertEquals(List.of("next: its transaction was rolled back", "first committed"), told);
    }

    @Test
    void aRollbackToASavepointUndoesThoseThatJoinedBehindIt() {
        JdbcTransaction transaction = transaction();
        Object early = new Object();
        Object late = new Object();
        Object unknown = new Object();
        join("first", transaction);
        transaction.savepoint(early);
        join("second", transaction);
        transaction.savepoint(late);
        transaction.rolledBackTo(late);
        assertEquals(List.of(), told);
        transaction.rolledBackTo(early);
        assertEquals(List.of("second: its transaction was rolled back to a savepoint before it"), told);
        transaction.rolledBackTo(unknown);
        run(DriverCalls.COMMIT, /* throwing= */ false);
        assertEquals(2, told.size(), told::toString);
        assertTrue(told.get(1).startsWith("first: its transaction was rolled back to a savepoint"));
    }

    @Test
    void aCallOfTwoTransactionsWaitsForBoth() {
        JdbcConnection second = new JdbcConnection();
        Connection other = connection(null);
        join("a", transaction(), Objects.requireNonNull(second.transaction(other)));
        run(DriverCalls.COMMIT, /* throwing= */ false);
        assertEquals(List.of(), told);
        second.ending(DriverCalls.COMMIT);
        second.ended(DriverCalls.COMMIT, /* threw= */ false);
        assertEquals(List.of("a committed"), told);

        JdbcTransaction committed = transaction();
        JdbcTransaction undone = Objects.requireNonNull(second.transaction(other));
        run(DriverCalls.COMMIT, /* throwing= */ false);
        join("b", committed, undone);
        second.ending(DriverCalls.ROLLBACK);
        second.ended(DriverCalls.ROLLBACK, /* threw= */ false);
        assertEquals("b: its transaction was rolled back", told.get(1));
    }

    @Test
    void aWrapperLeavesTheTransactionToWhatItWraps() {
        Connection wrapper = connection(connection);
        JdbcTransaction above = Objects.requireNonNull(new JdbcConnection().transaction(wrapper));
        assertTrue(above.wraps(connection));
        assertFalse(transaction().wraps(wrapper));
        assertFalse(Objects.requireNonNull(new JdbcConnection().transaction(connection(connection(null))))
                .wraps(connection));
        above.leaveToTheOneBelow();
        assertTrue(above.hasEnded());
        assertTrue(above.isOfWrapper());
    }

    @Test
    void aTransactionIsNotCurrentWhileItsThreadHasBegunAnother() {
        JdbcTransaction transaction = transaction();
        JdbcCall call = join("a", transaction);
        Connection inner = connection(null);
        transaction.begun(connection);
        assertTrue(call.isCurrent());
        transaction.begun(inner);
        assertFalse(call.isCurrent());
        transaction.ended(inner);
        assertTrue(call.isCurrent());
    }

    @Test
    void aConnectionThatNobodyHoldsCountsAsRolledBack() {
        JdbcConnections connections = new JdbcConnections();
        join("a", connections.transaction(connection(null)));
        Await.until("the collector has noticed it", () -> {
            System.gc();
            return !told.isEmpty();
        });
        assertEquals(List.of("a: its connection was given up without a commit or a rollback"), told);
        connections.transaction(connection);
        Await.until("the collector has noticed it", () -> {
            System.gc();
            connections.transaction(connection(null));
            return connections.size() < 5;
        });
    }

    @Test
    void aConnectionIsForgottenWhenItsTransactionHasEnded() {
        JdbcConnections connections = new JdbcConnections();
        JdbcTransaction first = connections.transaction(connection);
        assertSame(first, connections.transaction(connection));
        JdbcConnection known = Objects.requireNonNull(connections.get(connection));
        connections.tidy(connection, known);
        assertSame(known, connections.get(connection));
        known.ending(DriverCalls.COMMIT);
        known.ended(DriverCalls.COMMIT, /* threw= */ false);
        connections.tidy(connection, known);
        assertNull(connections.get(connection));
        assertNull(known.transaction(connection));
        assertNotSame(first, connections.transaction(connection));
    }
}
