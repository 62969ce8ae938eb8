package io.idempotenttrace.core.store;

/** The answer of a store to a claim. */
public enum Verdict {

    /** The caller owns the key now: its body runs. */
    NEW,
    /** Same key, same hash, completed. */
    DUPLICATE,
    /** Same key, same hash, its owner still runs. */
    IN_PROGRESS,
    /** Same key, another hash. */
    CONFLICT
}
