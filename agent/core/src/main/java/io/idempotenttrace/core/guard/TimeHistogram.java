package io.idempotenttrace.core.guard;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often something took how long. The bounds are fixed, so that the histograms of all processes can be added up. One value costs a look
 * through the bounds and two additions. Safe for use by many threads.
 */
public final class TimeHistogram {

    /** From a fast answer of a Redis nearby to the longest wait that is usual. */
    private static final long[] BOUNDS_MICROS = {
        250,
        500,
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        30_000_000
    };

    private final LongAdder[] counts = new LongAdder[BOUNDS_MICROS.length + 1];
    private final LongAdder sumNanos = new LongAdder();

    TimeHistogram() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /**
     * What was counted until some moment.
     *
     * @param counts how many values lay at or below each of {@link #boundsSeconds()} and above the one before; the last, how many lay above
     *        all of them
     * @param sumSeconds of all values
     */
    public record Snapshot(long[] counts, double sumSeconds) {

        /** How many values there were. */
        public long count() {
            long sum = 0;
            for (long count : counts) {
                sum += count;
            }
            return sum;
        }

        /** How many values lay at or below each of {@link #boundsSeconds()}; the last, how many there were. */
        public long[] cumulative() {
            long[] sums = counts.clone();
            for (int i = 1; i < sums.length; i++) {
                sums[i] += sums[i - 1];
            }
            return sums;
        }
    }

    /** The bounds between which values are told apart, in nanoseconds, the smallest first. */
    public static long[] boundsNanos() {
        return Arrays.stream(BOUNDS_MICROS).map(TimeUnit.MICROSECONDS::toNanos).toArray();
    }

    /** The same in seconds. */
    public static double[] boundsSeconds() {
        double[] seconds = new double[BOUNDS_MICROS.length];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = BOUNDS_MICROS[i] / 1e6;
        }
        return seconds;
    }

    /** @param nanos below 0, as a clock may give, counts as 0 */
    void record(long nanos) {
        long time = Math.max(0, nanos);
        int bucket = 0;
        while (bucket < BOUNDS_MICROS.length && time > TimeUnit.MICROSECONDS.toNanos(BOUNDS_MICROS[bucket])) {
            bucket++;
        }
        counts[bucket].increment();
        sumNanos.add(time);
    }

    Snapshot snapshot() {
        long[] now = new long[counts.length];
        for (int i = 0; i < now.length; i++) {
            now[i] = counts[i].sum();
        }
        return new Snapshot(now, sumNanos.sum() / 1e9);
    }
}
