package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.store.RecordId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last calls that were not new: what a person asks for who looks for a trace that is missing. Calls whose body ran and returned are
 * not kept; they are most, and their way costs nothing here. Of duplicates one in ten milliseconds is kept at most, so that a
 * redelivered batch neither pays for this nor drives out what is rare. Safe for use by many threads.
 */
public final class VerdictLog {

    /** How many calls are kept. */
    public static final int SIZE = 200;

    private static final long DUPLICATES_APART_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * How a call ended.
     *
     * @param timeMillis when, in milliseconds since 1970
     * @param method null where a program has made the call by itself
     * @param waitedMillis how long it waited for another call of its key
     */
    public record Entry(long timeMillis, @Nullable String method, RecordId id, Ending ending, long waitedMillis) {}

    private final AtomicReferenceArray<@Nullable Entry> ring = new AtomicReferenceArray<>(SIZE);
    private final AtomicInteger next = new AtomicInteger();
    private final LongSupplier nanoClock;
    /** Written at most once in the time apart, so that threads which only read it do not slow each other down. */
    private volatile long lastDuplicateNanos;

    /** @param nanoClock as {@link System#nanoTime()} */
    VerdictLog(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        lastDuplicateNanos = nanoClock.getAsLong() - DUPLICATES_APART_NANOS;
    }

    /** Throws nothing: the call goes on, whether it is noted or not. */
    void add(Ending ending, @Nullable String method, RecordId id, long waitedMillis) {
        try {
            note(ending, method, id, waitedMillis);
        } catch (VirtualMachineError noRoom) {
            // No memory or stack is left, which the call meets by itself.
        }
    }

    private void note(Ending ending, @Nullable String method, RecordId id, long waitedMillis) {
        if (ending == Ending.DUPLICATE) {
            long now = nanoClock.getAsLong();
            if (now - lastDuplicateNanos < DUPLICATES_APART_NANOS) {
                return;
            }
            lastDuplicateNanos = now;
        }
        int place = Math.floorMod(next.getAndIncrement(), SIZE);
        ring.set(place, new Entry(System.currentTimeMillis(), method, id, ending, waitedMillis));
    }

    /** The calls that are kept, the oldest first. */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>(SIZE);
        int oldest = next.get();
        for (int i = 0; i < SIZE; i++) {
            Entry entry = ring.get(Math.floorMod(oldest + i, SIZE));
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }
}
