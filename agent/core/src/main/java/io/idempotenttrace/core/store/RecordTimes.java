package io.idempotenttrace.core.store;

import java.util.concurrent.TimeUnit;

/**
 * How long what a call claims is kept; one object for all calls of a policy.
 *
 * @param ttlMillis how long the record lives; above 0, kept in whole seconds, of which it has one at least
 * @param failedTtlMillis how long a failed record lives; as {@code ttlMillis}
 * @param leaseMillis how long the claim is held without a renewal; above 0
 */
public record RecordTimes(long ttlMillis, long failedTtlMillis, long leaseMillis) {

    /** 15 digits, the most that the scripts take. */
    private static final long MOST_MILLIS = 999_999_999_999_999L;

    /** @throws IllegalArgumentException if a time is below 1 or has more than 15 digits */
    public RecordTimes {
        check("ttl", ttlMillis);
        check("failed ttl", failedTtlMillis);
        check("lease", leaseMillis);
    }

    private static void check(String name, long millis) {
        if (millis < 1 || millis > MOST_MILLIS) {
            throw new IllegalArgumentException("the " + name + " is " + millis + " ms; allowed is 1 to " + MOST_MILLIS);
        }
    }

    /** That time in nanoseconds; at most half the range, since differences of {@link System#nanoTime()} hold no more. */
    public static long nanos(long time, TimeUnit unit) {
        return Math.min(Long.MAX_VALUE / 2, unit.toNanos(time));
    }

    /** {@link #ttlMillis()} in whole seconds, never below 1. */
    public long ttlSeconds() {
        return Math.max(1, ttlMillis / 1000);
    }

    /** {@link #failedTtlMillis()} in whole seconds, never below 1. */
    public long failedTtlSeconds() {
        return Math.max(1, failedTtlMillis / 1000);
    }
}
