package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.RecordId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers to duplicates, by record: bounded by what they take, the oldest goes first. To find one takes no lock, since each duplicate
 * does it; to add or forget one does, which happens once for each record and change. Safe for use by many threads.
 */
final class DuplicateAnswers {

    /** What an entry costs besides its texts. */
    private static final int ENTRY_BYTES = 256;

    /**
     * An answer of the claim script, which is the same for every duplicate.
     *
     * @param form the canonical form of the record's hash
     * @param expiresAtNanos when the record expires, by {@code nanoClock}
     */
    private record Entry(String form, ClaimResult answer, long expiresAtNanos, long bytes) {}

    private final ConcurrentHashMap<RecordId, Entry> entries = new ConcurrentHashMap<>();
    /** The same entries, the oldest first. Guarded by this. */
    private final Map<RecordId, Entry> inOrder = new LinkedHashMap<>();

    private final long maxBytes;
    private final LongSupplier nanoClock;
    /** Guarded by this. */
    private long bytes;

    /**
     * @param maxBytes what the answers may take, roughly; above 0
     * @param nanoClock as {@link System#nanoTime()}
     */
    DuplicateAnswers(long maxBytes, LongSupplier nanoClock) {
        this.maxBytes = maxBytes;
        this.nanoClock = nanoClock;
    }

    /** The answer to a duplicate of that payload; null if it is not known. */
    @Nullable
    ClaimResult find(RecordId id, String form, String hash) {
        Entry entry = entries.get(id);
        return entry != null
                        && entry.answer.hash().equals(hash)
                        && entry.form.equals(form)
                        && nanoClock.getAsLong() - entry.expiresAtNanos < 0
                ? entry.answer
                : null;
    }

    /** @param nanos how long the record lives; at most half the range */
    synchronized void add(RecordId id, String form, ClaimResult answer, long nanos) {
        forget(id);
        Entry entry = new Entry(form, answer, nanoClock.getAsLong() + nanos, bytes(id, answer));
        entries.put(id, entry);
        inOrder.put(id, entry);
        bytes += entry.bytes;
        for (Iterator<Map.Entry<RecordId, Entry>> oldest = inOrder.entrySet().iterator();
                bytes > maxBytes && oldest.hasNext(); ) {
            Map.Entry<RecordId, Entry> dropped = oldest.next();
            oldest.remove();
            entries.remove(dropped.getKey());
            bytes -= dropped.getValue().bytes;
        }
    }

    synchronized void forget(RecordId id) {
        Entry entry = inOrder.remove(id);
        if (entry != null) {
            entries.remove(id);
            bytes -= entry.bytes;
        }
    }

    synchronized void forgetAll() {
        entries.clear();
        inOrder.clear();
        bytes = 0;
    }

    int size() {
        return entries.size();
    }

    private static long bytes(RecordId id, ClaimResult answer) {
        String result = answer.result();
        return ENTRY_BYTES
                + 2L
                        * (id.key().length()
                                + id.tenant().length()
                                + answer.traceId().length()
                                + (result == null ? 0 : result.length()));
    }
}
