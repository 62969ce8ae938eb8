package io.idempotenttrace.bridge;

/**
 * What drivers and connection pools of databases tell the engine, see {@link DriverCalls}. Implemented by the engine; safe for use by many
 * threads. Nothing that its methods throw reaches a driver.
 */
public abstract class DriverWatch {

    /** A statement is about to be executed, or added to a batch. */
    protected abstract void executing(Object statement);

    /**
     * A method begins that ends the connection's transaction.
     *
     * @param how one of the constants of {@link DriverCalls}
     */
    protected abstract void ending(Object connection, int how);

    /**
     * That method ends.
     *
     * @param how as for {@link #ending}
     * @param threw whether it throws
     */
    protected abstract void ended(Object connection, int how, boolean threw);

    /** The connection is switched to a transaction that somebody else has to end. */
    protected abstract void beginning(Object connection);

    /** The connection has made a savepoint. */
    protected abstract void savepoint(Object connection, Object savepoint);

    /** The connection's transaction is about to be rolled back to a savepoint. */
    protected abstract void rollingBack(Object connection, Object savepoint);

    /** One of these methods has thrown that. */
    protected abstract void failed(Throwable fault);
}
