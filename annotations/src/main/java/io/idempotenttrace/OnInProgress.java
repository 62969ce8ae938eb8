package io.idempotenttrace;

/** What a call gets while another call with the same key and payload still runs. */
public enum OnInProgress {

    /** As configured by {@code on-in-progress}; {@link #WAIT} where nothing is. */
    DEFAULT,

    /**
     * Waits up to the setting {@code in-progress-wait} for the running call to end, then
     * {@link TraceInProgressException}. A wait that sees the owner complete ends as a duplicate; one that sees it fail or
     * lose its lease claims the key and runs the body.
     */
    WAIT,

    /** {@link TraceInProgressException} at once. The caller retries; nothing is acknowledged that may yet be lost. */
    THROW,

    /**
     * As if it were a duplicate, though the owner may yet fail: the trace id stored with the claim, nothing for
     * {@code void}, else {@link TraceInProgressException}.
     */
    SKIP
}
