package io.idempotenttrace.core.guard;

/** The transaction in which the body of a call has returned, and which has not ended yet. */
@FunctionalInterface
public interface OpenTransaction {

    /**
     * Whether what this thread does now is a part of the transaction. It is not while the transaction is suspended for an inner one.
     * Asked only on the thread on which the body returned.
     */
    boolean isCurrent();
}
