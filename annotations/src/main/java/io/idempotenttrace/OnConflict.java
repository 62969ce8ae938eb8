package io.idempotenttrace;

/** What a call gets whose key is recorded with another payload. */
public enum OnConflict {

    /** As configured by {@code on-conflict}; {@link #THROW} where nothing is. */
    DEFAULT,

    /** {@link TraceConflictException}; the body does not run. */
    THROW,

    /** The body does not run and the call returns. For {@code void} methods only; elsewhere as {@link #THROW}. */
    SKIP,

    /** The body runs, unguarded; the record stays as it is. */
    PROCEED
}
