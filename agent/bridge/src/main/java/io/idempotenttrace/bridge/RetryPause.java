package io.idempotenttrace.bridge;

/**
 * When something that failed is tried again: the first time at once, then after pauses that grow from a tenth of a second to half a
 * minute. So a failure that passes costs few calls, and one that stays costs little. Safe for use by many threads; allocates nothing.
 */
public final class RetryPause {

    private static final long SHORTEST_NANOS = 100_000_000L;
    private static final long LONGEST_NANOS = 30_000_000_000L;

    private long pauseNanos;
    private long lastNanos;

    /** Whether enough time has passed since the last failure. */
    public synchronized boolean isOver() {
        return pauseNanos == 0 || System.nanoTime() - lastNanos >= pauseNanos;
    }

    /**
     * It failed.
     *
     * @param first whether it had not failed before
     */
    public synchronized void failed(boolean first) {
        pauseNanos = first ? 0 : Math.min(LONGEST_NANOS, Math.max(SHORTEST_NANOS, 2 * pauseNanos));
        lastNanos = System.nanoTime();
    }
}
