package io.idempotenttrace;

/** What a call gets that is a duplicate of a completed one. Its body does not run in any case. */
public enum OnDuplicate {

    /** As configured by {@code on-duplicate}; {@link #RETURN_STORED} where nothing is. */
    DEFAULT,

    /**
     * The stored trace id of a method annotated with {@link TraceId}, else the stored result, else nothing for
     * {@code void}. A value is never made up: where none is stored, {@link DuplicateTraceException} is thrown.
     */
    RETURN_STORED,

    /** {@link DuplicateTraceException}. */
    THROW
}
