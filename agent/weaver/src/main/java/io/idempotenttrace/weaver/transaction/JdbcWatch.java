package io.idempotenttrace.weaver.transaction;

import io.idempotenttrace.bridge.DriverWatch;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.weaver.application.ApplicationCode;
import io.idempotenttrace.weaver.application.EngineRights;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the woven methods of drivers and pools call. Looks first at what costs nearly nothing: whether this thread runs a guarded body, and
 * whether any transaction is open that such a body works in. What the engine itself does with a driver, behind the door
 * {@link ApplicationCode}, is of no interest. Safe for use by many threads.
 */
public final class JdbcWatch extends DriverWatch {

    private final Guard guard;
    private final GuardLog log;
    private final Predicate<String> woven;
    /**
     * How many methods this thread is inside of that end transactions, or begin one, called by a guarded body. Some drivers execute statements
     * in them, which are no work of the body. An array of the JDK's own type, so that an application's thread holds no class of ours.
     */
    @SuppressWarnings("ThreadLocalUsage") // One watch for each guard.
    private final ThreadLocal<int[]> switching = new ThreadLocal<>() {
        @Override
        protected int[] initialValue() {
            return new int[1];
        }
    };
    /** Null until a guarded body first executes a statement. */
    private volatile @Nullable JdbcTransactions transactions;

    /** @param woven whether the class of that name has woven methods that end transactions */
    public JdbcWatch(Guard guard, GuardLog log, Predicate<String> woven) {
        this.guard = guard;
        this.log = log;
        this.woven = woven;
    }

    @Override
    protected void executing(Object statement) {
        if (guard.isInBody() && switching.get()[0] == 0) {
            executingInBody(statement);
        }
    }

    private void executingInBody(Object statement) {
        boolean[] door = ApplicationCode.door();
        if (door[0]) {
            return;
        }
        door[0] = true;
        try {
            transactions().executing(statement);
        } catch (Throwable fault) {
            failed(fault);
        } finally {
            door[0] = false;
        }
    }

    private JdbcTransactions transactions() {
        JdbcTransactions known = transactions;
        return known != null ? known : made();
    }

    private synchronized JdbcTransactions made() {
        JdbcTransactions known = transactions;
        if (known == null) {
            known = new JdbcTransactions(guard, log, woven);
            transactions = known;
        }
        return known;
    }

    @Override
    protected void ending(Object connection, int how) {
        enter();
        JdbcTransactions open = open();
        if (open != null) {
            open.ending(connection, how);
        }
    }

    /** What follows is the engine's own work, such as telling the store: it has the engine's rights. */
    @Override
    protected void ended(Object connection, int how, boolean threw) {
        leave();
        JdbcTransactions open = open();
        if (open != null) {
            EngineRights.run(() -> open.ended(connection, how, threw));
        }
    }

    @Override
    protected void beginning(Object connection) {
        enter();
        JdbcTransactions open = open();
        if (open != null) {
            behindTheDoor(() -> open.beginning(connection));
        }
    }

    private void enter() {
        if (guard.isInBody()) {
            switching.get()[0]++;
        }
    }

    private void leave() {
        if (guard.isInBody()) {
            int[] depth = switching.get();
            depth[0] = Math.max(0, depth[0] - 1);
        }
    }

    @Override
    protected void savepoint(Object connection, Object savepoint) {
        JdbcTransactions open = open();
        if (open != null) {
            open.savepoint(connection, savepoint);
        }
    }

    @Override
    protected void rollingBack(Object connection, Object savepoint) {
        JdbcTransactions open = open();
        if (open != null) {
            EngineRights.run(() -> open.rollingBack(connection, savepoint));
        }
    }

    /** Null where no transaction is open that a body works in. */
    private @Nullable JdbcTransactions open() {
        JdbcTransactions known = transactions;
        return known == null || known.hasNone() ? null : known;
    }

    /** Asks a driver, whose methods are the application's code. Does nothing where the engine itself has led here. */
    private static void behindTheDoor(Runnable question) {
        if (!ApplicationCode.isRunning()) {
            ApplicationCode.run(question);
        }
    }

    @Override
    protected void failed(Throwable fault) {
        log.sayOnceAPeriod(
                GuardLog.Occasion.AGENT_FAULT,
                "drivers " + fault.getClass().getName(),
                "fault of the agent while it followed a JDBC transaction (" + Failures.text(fault)
                        + "); a call inside of it may be completed before it commits. Please report it");
    }
}
