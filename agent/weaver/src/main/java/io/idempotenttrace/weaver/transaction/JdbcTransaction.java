package io.idempotenttrace.weaver.transaction;

import io.idempotenttrace.core.guard.UsedTransaction;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of one connection that is not in auto-commit mode: from the first statement that a guarded body executes in it to the
 * commit, the rollback or the close. The calls whose bodies return meanwhile end with it. An {@code EntityTransaction} of JPA stands in the
 * place of the connection where a body works on an entity manager. Safe for use by many threads.
 *
 * <p>The connection is held weakly. If the application lets go of it without an end, nobody knows the outcome, and the calls are told that
 * it was rolled back.
 */
final class JdbcTransaction implements UsedTransaction {

    static final String ROLLED_BACK = "its transaction was rolled back";

    private enum Outcome {
        OPEN,
        COMMITTED,
        ROLLED_BACK,
        /** A connection below this one has the transaction. */
        BELOW
    }

    /** A savepoint, and how many calls had joined before it was made: those are not undone by a rollback to it. */
    private record Mark(WeakReference<Object> savepoint, int callsBefore) {}

    private final WeakReference<Object> connection;

    /** Guarded by this, as the others are. In the order in which they joined; null after the end. */
    private @Nullable List<JdbcCall> calls = new ArrayList<>(1);

    private final List<Mark> marks = new ArrayList<>(0);
    private String how = "";
    /** Null until a call joins, and where this JVM has no thread left for it. */
    private Cleaner.@Nullable Cleanable forgotten;

    private volatile Outcome outcome = Outcome.OPEN;
    /** The thread on which the last call joined; null before the first has. */
    private volatile @Nullable WeakReference<Thread> thread;
    /** The connection on which that thread has begun another transaction since; null where it has not. */
    private volatile @Nullable WeakReference<Connection> inner;

    /** @param connection or what else has methods that end the transaction */
    JdbcTransaction(Object connection) {
        this.connection = new WeakReference<>(connection);
    }

    @Override
    public boolean hasEnded() {
        return outcome != Outcome.OPEN;
    }

    boolean isOfWrapper() {
        return outcome == Outcome.BELOW;
    }

    /** The call's body has returned inside of it. */
    void join(JdbcCall call) {
        Outcome known;
        synchronized (this) {
            known = outcome;
            if (calls != null) {
                calls.add(call);
                thread = new WeakReference<>(Thread.currentThread());
                inner = null;
                watchConnection();
            }
        }
        if (known == Outcome.ROLLED_BACK) {
            call.rolledBack(how);
        } else if (known != Outcome.OPEN) {
            call.committed();
        }
    }

    private void watchConnection() {
        Object held = connection.get();
        if (forgotten == null && held != null) {
            forgotten = JoinedTransaction.whenForgotten(
                    held, () -> rolledBack("its connection was given up without a commit or a rollback"));
        }
    }

    void committed() {
        end(Outcome.COMMITTED, "");
    }

    void rolledBack(String text) {
        end(Outcome.ROLLED_BACK, text);
    }

    /** The connection is a wrapper: the one below it tells of the end. No call has joined here. */
    void leaveToTheOneBelow() {
        end(Outcome.BELOW, "");
    }

    private void end(Outcome ending, String text) {
        List<JdbcCall> told;
        Cleaner.Cleanable watched;
        synchronized (this) {
            told = calls;
            watched = forgotten;
            if (told == null) {
                return;
            }
            calls = null;
            how = text;
            outcome = ending;
        }
        for (JdbcCall call : told) {
            if (ending == Outcome.ROLLED_BACK) {
                call.rolledBack(text);
            } else {
                call.committed();
            }
        }
        if (watched != null) {
            watched.clean();
        }
    }

    synchronized void savepoint(Object savepoint) {
        if (calls != null && !calls.isEmpty()) {
            marks.add(new Mark(new WeakReference<>(savepoint), calls.size()));
        }
    }

    /** The calls that had not joined when the savepoint was made are undone. */
    void rolledBackTo(Object savepoint) {
        List<JdbcCall> undone;
        synchronized (this) {
            if (calls == null) {
                return;
            }
            int kept = 0;
            for (Mark mark : marks) {
                if (mark.savepoint().get() == savepoint) {
                    kept = mark.callsBefore();
                }
            }
            undone = List.copyOf(calls.subList(kept, calls.size()));
        }
        for (JdbcCall call : undone) {
            call.rolledBack("its transaction was rolled back to a savepoint before it");
        }
    }

    /** Whether its connection only wraps the other one. */
    boolean wraps(Connection other) {
        try {
            return connection.get() instanceof Connection own
                    && own != other
                    && own.isWrapperFor(other.getClass())
                    && own.unwrap(other.getClass()) == other;
        } catch (SQLException | RuntimeException | LinkageError unknown) {
            // A connection of before JDBC 4, or one that tells nobody what it wraps: both have to end.
            return false;
        }
    }

    /** This thread begins a transaction on that connection. */
    void begun(Connection other) {
        WeakReference<Thread> joined = thread;
        if (joined != null && joined.get() == Thread.currentThread() && connection.get() != other) {
            inner = new WeakReference<>(other);
        }
    }

    /** The transaction of that connection has ended. */
    void ended(Object other) {
        WeakReference<Connection> begun = inner;
        if (begun != null && begun.get() == other) {
            inner = null;
        }
    }

    /** Whether what the thread does now that the last call joined on is a part of it, as far as that can be told. */
    boolean isCurrent() {
        WeakReference<Connection> begun = inner;
        Connection other = begun == null ? null : begun.get();
        try {
            return other == null || other.isClosed() || other.getAutoCommit();
        } catch (SQLException | RuntimeException unknown) {
            return false;
        }
    }
}
