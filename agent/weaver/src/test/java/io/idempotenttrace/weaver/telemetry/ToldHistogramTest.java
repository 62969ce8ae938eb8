package io.idempotenttrace.weaver.telemetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.idempotenttrace.core.guard.TimeHistogram;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ToldHistogramTest {

    private static final double[] BOUNDS = TimeHistogram.boundsSeconds();

    private final ToldHistogram told = new ToldHistogram();
    /** As a library would have it. */
    private final long[] counts = new long[BOUNDS.length + 1];

    private long sumNanos;

    private static int bucket(double seconds) {
        int bucket = 0;
        while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
            bucket++;
        }
        return bucket;
    }

    private void record(long nanos) {
        counts[bucket(nanos / 1e9)]++;
        sumNanos += nanos;
    }

    @Test
    void hasTheBucketsAndTheSumThatWereCounted() throws Throwable {
        Random random = new Random(1);
        long[] counted = new long[BOUNDS.length + 1];
        double sum = 0;
        for (int look = 0; look < 300; look++) {
            for (int values = random.nextInt(5); values > 0; values--) {
                // From 10 microseconds to 100 s.
                double seconds = Math.pow(10, random.nextDouble() * 7 - 5);
                counted[bucket(seconds)]++;
                sum += seconds;
            }
            told.tell(new TimeHistogram.Snapshot(counted.clone(), sum), this::record);
            assertArrayEquals(counted, counts);
            // A value that makes up for others lies above all bounds, or comes with the next look.
            assertEquals(sum, sumNanos / 1e9, 5.0);
        }
    }

    @Test
    void withoutValuesAboveAllBoundsTheSumIsExactAtEachLook() throws Throwable {
        Random random = new Random(2);
        long[] counted = new long[BOUNDS.length + 1];
        double sum = 0;
        for (int look = 0; look < 300; look++) {
            for (int values = 1 + random.nextInt(5); values > 0; values--) {
                double seconds = Math.pow(10, random.nextDouble() * 6 - 5);
                counted[bucket(seconds)]++;
                sum += seconds;
            }
            told.tell(new TimeHistogram.Snapshot(counted.clone(), sum), this::record);
            assertArrayEquals(counted, counts);
            assertEquals(sum, sumNanos / 1e9, 1e-6);
        }
    }

    @Test
    void valuesOnABoundBelongBelowIt() throws Throwable {
        long[] counted = new long[BOUNDS.length + 1];
        double sum = 0;
        for (int i = 0; i < BOUNDS.length; i++) {
            counted[i] = 3;
            sum += 3 * BOUNDS[i];
        }
        told.tell(new TimeHistogram.Snapshot(counted, sum), this::record);
        assertArrayEquals(counted, counts);
        assertEquals(sum, sumNanos / 1e9, 1e-6);
    }

    @Test
    void tellsNothingTwice() throws Throwable {
        long[] counted = new long[BOUNDS.length + 1];
        counted[2] = 2;
        counted[BOUNDS.length] = 1;
        TimeHistogram.Snapshot snapshot = new TimeHistogram.Snapshot(counted, 40.0016);
        assertThrows(
                IOException.class,
                () -> told.tell(snapshot, nanos -> {
                    record(nanos);
                    throw new IOException("full");
                }));
        told.tell(snapshot, this::record);
        told.tell(snapshot, this::record);
        assertArrayEquals(counted, counts);
        assertEquals(40.0016, sumNanos / 1e9, 1e-6);
    }
}
