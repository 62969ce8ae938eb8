package io.idempotenttrace.core.store;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of records, bounded by what it takes: the oldest entry goes first. To find one takes no lock, since each call does
 * it; to add or forget one does, which happens once for each record and change. Safe for use by many threads.
 *
 * @param <V> what is remembered of one record
 */
public final class WeighedEntries<V> {

    private record Entry<V>(V value, long expiresAtNanos, long bytes) {}

    private final ConcurrentHashMap<RecordId, Entry<V>> entries = new ConcurrentHashMap<>();
    /** The same entries, the oldest first. Guarded by this. */
    private final Map<RecordId, Entry<V>> inOrder = new LinkedHashMap<>();

    private final long maxBytes;
    private final LongSupplier nanoClock;
    /** Guarded by this. */
    private long bytes;

    /**
     * @param maxBytes what the entries may take, roughly; 0 for none
     * @param nanoClock as {@link System#nanoTime()}
     */
    public WeighedEntries(long maxBytes, LongSupplier nanoClock) {
        this.maxBytes = maxBytes;
        this.nanoClock = nanoClock;
    }

    /** What is remembered of the record; null if nothing is, or if its time is over. */
    public @Nullable V find(RecordId id) {
        Entry<V> entry = entries.get(id);
        return entry != null && nanoClock.getAsLong() - entry.expiresAtNanos < 0 ? entry.value : null;
    }

    /**
     * Remembers that of the record, in place of what was remembered before.
     *
     * @param weight what it takes with its name, as {@link RecordBytes} says
     * @param nanos how long; at most half the range
     */
    public synchronized void add(RecordId id, V value, long weight, long nanos) {
        if (weight > maxBytes) {
            forget(id);
            return;
        }
        Entry<V> entry = new Entry<>(value, nanoClock.getAsLong() + nanos, weight);
        // In one step: a reader that found nothing between the two would take the record for unknown.
        entries.put(id, entry);
        Entry<V> before = inOrder.remove(id);
        if (before != null) {
            bytes -= before.bytes;
        }
        inOrder.put(id, entry);
        bytes += weight;
        for (Iterator<Map.Entry<RecordId, Entry<V>>> oldest = inOrder.entrySet().iterator();
                bytes > maxBytes && oldest.hasNext(); ) {
            Map.Entry<RecordId, Entry<V>> dropped = oldest.next();
            oldest.remove();
            entries.remove(dropped.getKey());
            bytes -= dropped.getValue().bytes;
        }
    }

    /** Nothing is remembered of the record afterwards. */
    public void forget(RecordId id) {
        if (!entries.containsKey(id)) {
            return;
        }
        synchronized (this) {
            Entry<V> entry = inOrder.remove(id);
            if (entry != null) {
                entries.remove(id);
                bytes -= entry.bytes;
            }
        }
    }

    /** Nothing is remembered afterwards. */
    public synchronized void forgetAll() {
        entries.clear();
        inOrder.clear();
        bytes = 0;
    }

    /** How many records something is remembered of. */
    public int size() {
        return entries.size();
    }
}
