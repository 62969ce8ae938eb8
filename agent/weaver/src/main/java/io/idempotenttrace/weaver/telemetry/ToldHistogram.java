package io.idempotenttrace.weaver.telemetry;

import io.idempotenttrace.core.guard.TimeHistogram;
import java.util.concurrent.TimeUnit;

/**
 * Tells a histogram of a library what one of the agent's has counted since the last time. Libraries take no buckets that somebody else has
 * filled, but values one by one: each value is told as one that lies in its bucket, and all of them together have the sum that was counted,
 * so that with the same bounds both have the same buckets, count and sum. Safe for use by many threads.
 */
final class ToldHistogram {

    /** A value of the library's histogram. */
    interface Recorder {
        void record(long nanos) throws Throwable;
    }

    private static final long[] BOUNDS_NANOS = TimeHistogram.boundsNanos();

    /** How many values of each bucket were told. */
    private final long[] told = new long[BOUNDS_NANOS.length + 1];

    /** The sum of what was told, which may differ a little from what was counted: the next values make up for it. */
    private double toldNanos;

    /** @throws Throwable what the recorder throws; the value it was given counts as told */
    synchronized void tell(TimeHistogram.Snapshot counted, Recorder recorder) throws Throwable {
        long[] values = valuesByBucket(counted);
        for (int bucket = 0; bucket < told.length; bucket++) {
            while (told[bucket] < counted.counts()[bucket]) {
                told[bucket]++;
                toldNanos += values[bucket];
                recorder.record(values[bucket]);
            }
        }
    }

    /** For each bucket one value in it, such that the new values have the sum that is missing. */
    private long[] valuesByBucket(TimeHistogram.Snapshot counted) {
        int above = BOUNDS_NANOS.length;
        long valuesAbove = counted.counts()[above] - told[above];
        double missing = counted.sumSeconds() * TimeUnit.SECONDS.toNanos(1) - toldNanos;
        double least = 0;
        double span = 0;
        for (int bucket = 0; bucket < above; bucket++) {
            long values = counted.counts()[bucket] - told[bucket];
            least += (double) values * least(bucket);
            span += (double) values * (BOUNDS_NANOS[bucket] - least(bucket));
        }
        // Where some lie above all bounds, these make up for what the others, told as the middle of their buckets,
        // leave.
        double share = valuesAbove > 0 ? 0.5 : span == 0 ? 0 : Math.min(1, Math.max(0, (missing - least) / span));
        long[] values = new long[told.length];
        for (int bucket = 0; bucket < above; bucket++) {
            values[bucket] = least(bucket) + Math.round(share * (BOUNDS_NANOS[bucket] - least(bucket)));
        }
        if (valuesAbove > 0) {
            double left = missing - least - share * span;
            values[above] = Math.max(least(above), Math.round(left / valuesAbove));
        }
        return values;
    }

    /** A bound belongs to the bucket below it. */
    private static long least(int bucket) {
        return bucket == 0 ? 0 : BOUNDS_NANOS[bucket - 1] + 1;
    }
}
