package io.idempotenttrace.core.guard;

/** A transaction that the body of a call has worked in, and that may still be open when the body returns. Safe for use by many threads. */
public interface UsedTransaction {

    /** Whether nothing is to be waited for: it has ended, or another one stands for it. */
    boolean hasEnded();
}
