package io.idempotenttrace.bridge;

import org.jspecify.annotations.Nullable;

/**
 * What the woven methods of JDBC drivers and connection pools call. The arguments are a {@code java.sql.Connection}, {@code Statement} or
 * {@code Savepoint}, as far as the weaver could tell from one class file; the boot loader does not see these types, and the engine checks
 * them. No method of this class throws: a driver must work as if the agent were not there.
 */
public final class DriverCalls {

    /** {@code commit()}. */
    public static final int COMMIT = 0;

    /** {@code setAutoCommit(true)}, which commits. */
    public static final int AUTO_COMMIT = 1;

    /** {@code rollback()}. */
    public static final int ROLLBACK = 2;

    /** {@code close()} and {@code abort(Executor)}. */
    public static final int CLOSE = 3;

    private static volatile @Nullable DriverWatch watch;

    private DriverCalls() {}

    /**
     * Called by the engine before it weaves the first driver.
     *
     * @throws IllegalStateException if anybody else calls it
     */
    public static void connect(DriverWatch engine) {
        Connecting.check(engine);
        watch = engine;
    }

    public static void executing(Object statement) {
        DriverWatch engine = watch;
        if (engine != null) {
            try {
                engine.executing(statement);
            } catch (Throwable fault) {
                failed(engine, fault);
            }
        }
    }

    public static void ending(Object connection, int how) {
        DriverWatch engine = watch;
        if (engine != null) {
            try {
                engine.ending(connection, how);
            } catch (Throwable fault) {
                failed(engine, fault);
            }
        }
    }

    /** The beginning of {@code setAutoCommit}. */
    public static void switching(Object connection, boolean autoCommit) {
        DriverWatch engine = watch;
        if (engine != null) {
            try {
                if (autoCommit) {
                    engine.ending(connection, AUTO_COMMIT);
                } else {
                    engine.beginning(connection);
                }
            } catch (Throwable fault) {
                failed(engine, fault);
            }
        }
    }

    public static void returned(Object connection, int how) {
        ended(connection, how, /* threw= */ false);
    }

    public static void threw(Object connection, int how) {
        ended(connection, how, /* threw= */ true);
    }

    private static void ended(Object connection, int how, boolean threw) {
        DriverWatch engine = watch;
        if (engine != null) {
            try {
                engine.ended(connection, how, threw);
            } catch (Throwable fault) {
                failed(engine, fault);
            }
        }
    }

    public static void savepoint(@Nullable Object savepoint, Object connection) {
        DriverWatch engine = watch;
        if (engine != null && savepoint != null) {
            try {
                engine.savepoint(connection, savepoint);
            } catch (Throwable fault) {
                failed(engine, fault);
            }
        }
    }

    public static void rollingBack(Object connection, @Nullable Object savepoint) {
        DriverWatch engine = watch;
        if (engine != null && savepoint != null) {
            try {
                engine.rollingBack(connection, savepoint);
            } catch (Throwable fault) {
                failed(engine, fault);
            }
        }
    }

    private static void failed(DriverWatch engine, Throwable fault) {
        try {
            engine.failed(fault);
        } catch (Throwable again) {
            // No stack or memory is left to say it with.
        }
    }
}
