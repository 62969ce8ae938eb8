package io.idempotenttrace.core.store.memory;

import io.idempotenttrace.core.store.RecordBytes;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * How much room the records of a store may take, and do take. Whoever adds a record to the store, changes or removes it says so here, once.
 * What goes for lack of room before its time is counted, and said once in a period, since the body of its redelivery will run again. Safe
 * for use by many threads.
 */
final class RecordRoom {

    /** A result that takes a larger part of the room is not stored: a few such results would drive out all other records. */
    private static final int RESULTS_THAT_FIT = 4;

    private final int maxRecords;
    private final long maxBytes;
    private final long periodNanos;
    private final Consumer<String> warnings;

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    /** How many of the dropped ones were said. */
    private volatile long said;

    private final AtomicLong sayDroppedAt;
    private final AtomicLong sayTooLargeAt;

    /**
     * @param maxRecords above 0
     * @param maxBytes above 0
     * @param periodMillis how long nothing is said of what repeats; above 0
     * @param warnings told, by the thread of a call, what is to be known
     * @param now of the store's clock
     */
    RecordRoom(int maxRecords, long maxBytes, long periodMillis, Consumer<String> warnings, long now) {
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
        this.periodNanos = TimeUnit.MILLISECONDS.toNanos(periodMillis);
        this.warnings = warnings;
        this.sayDroppedAt = new AtomicLong(now);
        this.sayTooLargeAt = new AtomicLong(now);
    }

    int maxRecords() {
        return maxRecords;
    }

    /** Whether there are that many bytes besides those that are taken. */
    boolean hasBytes(long more) {
        return bytes.get() + more <= maxBytes;
    }

    boolean fits(String result) {
        return RecordBytes.of(result) <= maxBytes / RESULTS_THAT_FIT;
    }

    /** What the records take, roughly. */
    long bytes() {
        return bytes.get();
    }

    /** @param more below 0 for what is free again */
    void take(long more) {
        if (more != 0) {
            bytes.addAndGet(more);
        }
    }

    /** How many completed records went before their time. */
    long dropped() {
        return dropped.get();
    }

    void dropped(int completedRecords) {
        if (completedRecords > 0) {
            dropped.addAndGet(completedRecords);
        }
    }

    /** @param ofBytes whether there were too few bytes, not too few places */
    void sayDropped(boolean ofBytes, long now) {
        if (dropped() == said || !isDue(sayDroppedAt, now)) {
            return;
        }
        long sum = dropped();
        said = sum;
        say("the in-memory store has dropped " + sum + " completed records before their time, since it holds at most "
                + (ofBytes ? maxBytes + " bytes (memory-max-bytes" : maxRecords + " records (memory-max-records")
                + "); a redelivery of one of them runs its body again. Raise "
                + (ofBytes ? "memory-max-bytes, of which a quarter of the heap counts at most" : "memory-max-records")
                + ", or use Redis");
    }

    void sayTooLarge(String result, String key, long now) {
        if (isDue(sayTooLargeAt, now)) {
            say("the result of key '" + key + "' takes " + RecordBytes.of(result)
                    + " bytes, more than a quarter of the "
                    + maxBytes + " that the in-memory store holds (memory-max-bytes), and is not stored;"
                    + " its duplicates get DuplicateTraceException");
        }
    }

    private boolean isDue(AtomicLong sayAt, long now) {
        long due = sayAt.get();
        return now - due >= 0 && sayAt.compareAndSet(due, now + periodNanos);
    }

    private void say(String message) {
        try {
            warnings.accept(message);
        } catch (RuntimeException | Error unsaid) {
            // The call goes on: what is said of it is counted as well.
        }
    }

    /** Why a record has no place though none is left that could be dropped. */
    String full(boolean ofBytes) {
        return ofBytes
                ? "the in-memory store is full: the calls that run at the same time take more than " + maxBytes
                        + " bytes. Raise memory-max-bytes, of which a quarter of the heap counts at most, or use Redis"
                : "the in-memory store is full: " + maxRecords
                        + " calls run at the same time. Raise memory-max-records, or use Redis";
    }
}
