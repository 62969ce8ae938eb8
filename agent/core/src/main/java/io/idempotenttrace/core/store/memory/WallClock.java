package io.idempotenttrace.core.store.memory;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time of day, as told by a clock of nanoseconds that was just read: to read a second one costs as much as a step on a record. It
 * is read again once a second, so that it follows a change of the machine's clock. Safe for use by many threads.
 */
final class WallClock {

    private static final long READ_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Both clocks at one moment. */
    private record Reading(long nanos, long micros) {}

    private volatile @Nullable Reading last;

    /** Microseconds since 1970, at a moment of the clock of nanoseconds. */
    long micros(long nanos) {
        Reading reading = last;
        if (reading == null || nanos - reading.nanos < 0 || nanos - reading.nanos >= READ_EVERY_NANOS) {
            reading = new Reading(nanos, System.currentTimeMillis() * 1000);
            last = reading;
        }
        return reading.micros + TimeUnit.NANOSECONDS.toMicros(nanos - reading.nanos);
    }
}
