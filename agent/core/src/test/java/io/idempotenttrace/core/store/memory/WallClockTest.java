package io.idempotenttrace.core.store.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WallClockTest {

    /** Near the overflow, as System.nanoTime() may be. */
    private static final long START = Long.MAX_VALUE - 1000;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private final WallClock clock = new WallClock();

    private static void assertIsNow(long beforeMillis, long micros) {
        assertTrue(micros >= beforeMillis * 1000, micros + " is before " + beforeMillis);
        long after = System.currentTimeMillis() * 1000;
        assertTrue(micros <= after, micros + " is after " + after);
    }

    @Test
    void withinASecondItGoesWithTheClockThatWasRead() {
        long before = System.currentTimeMillis();
        long read = clock.micros(START);
        assertIsNow(before, read);
        assertEquals(read + 250_000, clock.micros(START + SECOND / 4));
        assertEquals(read + 999_999, clock.micros(START + SECOND - 1));
    }

    @Test
    void afterASecondItIsReadAgain() {
        long before = System.currentTimeMillis();
        clock.micros(START);
        assertIsNow(before, clock.micros(START + SECOND));
        assertIsNow(before, clock.micros(START + 3600 * SECOND));
    }

    /** A thread that was paused comes with an older moment than the last one. */
    @Test
    void ofAnOlderMomentItIsReadAgain() {
        long before = System.currentTimeMillis();
        clock.micros(START);
        assertIsNow(before, clock.micros(START - 3600 * SECOND));
    }
}
