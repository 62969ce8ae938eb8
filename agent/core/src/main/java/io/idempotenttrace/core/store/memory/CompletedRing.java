package io.idempotenttrace.core.store.memory;

import io.idempotenttrace.core.store.RecordId;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Completed records in the order of their completion, the oldest of which goes when there are too many. They are most of what a
 * process holds, and long out of the processor's cache when their turn comes: so that no new call waits for memory to forget an old
 * one, a record is dropped without a look at it or at what finds it.
 *
 * <p>Records get numbers, one after the other, and stand in a ring at the place of their number. What finds them is a table of
 * sets, each of sixteen entries on two neighbouring cache lines: an entry is half a hash and half a number. Those whose number is
 * below that of the oldest record mean nothing, and are written over. Should a set be full, the record has to be kept elsewhere.
 *
 * <p>Safe for use by many threads, of which one at a time adds or removes a record of one name. Nothing is allocated before the first.
 */
final class CompletedRing {

    private static final int SET = 16;
    /** At most eight of a set's sixteen entries are in use, on average; then one set in a hundred is full. */
    private static final int ENTRIES_FOR_A_PLACE = 2;

    private static final int PARTS = 16;
    private static final int PART_SHIFT = 28;
    /** Room for those that are being added while the oldest ones are dropped. */
    private static final int SPARE_PLACES = 1024;
    /** Above this its arrays, up to sixty bytes for each record, are no longer small beside what is held. */
    private static final int MOST_RECORDS = 1 << 18;

    private static final long HASH = 0xffff_ffff_0000_0000L;
    /** Set in each entry, so that none is 0. */
    private static final long USED = 1L << 63;

    /** What is allocated with the first record. */
    private static final class Places {

        private final AtomicReferenceArray<@Nullable MemoryRecord> records;
        /** The second in which the record has expired, since the ring was made; 0 while the place is empty. */
        private final AtomicIntegerArray expiries;
        /** What the record takes: here as well, so that it need not be read when it is dropped, long after it was last used. */
        private final AtomicIntegerArray bytes;
        /** In parts: G1 gives a large array whole regions of its own, up to twice what it takes. */
        private final AtomicLongArray[] entries = new AtomicLongArray[PARTS];

        Places(int size) {
            records = new AtomicReferenceArray<>(size);
            expiries = new AtomicIntegerArray(size);
            bytes = new AtomicIntegerArray(size);
            for (int i = 0; i < PARTS; i++) {
                entries[i] = new AtomicLongArray(size * ENTRIES_FOR_A_PLACE / PARTS);
            }
        }

        AtomicLongArray entries(int hash) {
            return entries[hash >>> PART_SHIFT];
        }
    }

    /** In the place of a record that was removed. */
    private static final MemoryRecord REMOVED = new MemoryRecord();

    private final int size;
    private final RecordRoom room;
    private final long madeAtNanos;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong oldest = new AtomicLong();
    /** Null until the first record is added. */
    private volatile @Nullable Places places;
    /** For which it was looked last for expired records. One that is lost to another thread costs a look. */
    private int lookedAtSecond = -1;

    /**
     * @param room told of the records that leave, by whoever takes one out of its place. Those that come are counted there before. It has to
     *        be able to hold as many as the room allows; where that is too many for its table it holds none
     */
    CompletedRing(RecordRoom room, long now) {
        int most = room.maxRecords();
        this.room = room;
        size = most > MOST_RECORDS ? 0 : Integer.highestOneBit(most + SPARE_PLACES) * 2;
        madeAtNanos = now;
    }

    /** How many it holds. A removed one counts until those before it are gone. */
    int size() {
        return (int) Math.max(0, next.get() - oldest.get());
    }

    /** The record of that name, which may have expired; null if there is none. */
    @Nullable
    MemoryRecord find(RecordId id) {
        Places at = places;
        if (at == null) {
            return null;
        }
        int hash = spread(id.hashCode());
        long wanted = entry(hash, 0);
        AtomicLongArray entries = at.entries(hash);
        int first = firstOfSet(hash);
        for (int i = first; i < first + SET; i++) {
            long entry = entries.get(i);
            if ((entry & HASH) == wanted) {
                int number = (int) entry;
                MemoryRecord record = at.records.get(number & size - 1);
                if (record != null
                        && (int) record.number == number
                        && record.number >= oldest.get()
                        && record.id.equals(id)) {
                    return record;
                }
            }
        }
        return null;
    }

    /**
     * Adds a record that has just been completed.
     *
     * @return false if it can't be found here, and has to be kept elsewhere
     */
    boolean add(MemoryRecord record, long expiresAtNanos) {
        if (size == 0) {
            return false;
        }
        Places known = places;
        Places at = known == null ? allocate() : known;
        int hash = spread(record.id.hashCode());
        int free = firstFree(at.entries(hash), hash);
        if (free < 0) {
            return false;
        }
        long number = next.getAndIncrement();
        while (number - oldest.get() >= size) {
            dropOldest(1);
        }
        int place = (int) number & size - 1;
        record.number = number;
        at.expiries.setRelease(place, secondsUntil(expiresAtNanos) + 1);
        at.bytes.setRelease(place, record.bytes());
        MemoryRecord before = at.records.getAndSet(place, record);
        if (before != null && before != REMOVED) {
            // It was dropped, and this thread was quicker than the one that empties its place.
            room.take(-before.bytes());
        }
        if (enter(at.entries(hash), hash, free, (int) number)) {
            if (number - oldest.get() < 0) {
                // Others have dropped it before it was there to be seen.
                takeOut(at, place, record);
            }
            return true;
        }
        // Others were entered meanwhile.
        if (!at.records.compareAndSet(place, record, REMOVED)) {
            // It was dropped here, and is kept elsewhere.
            room.take(record.bytes());
        }
        return false;
    }

    private int secondsUntil(long nanos) {
        return (int) Math.min(Integer.MAX_VALUE - 1, Math.max(0, TimeUnit.NANOSECONDS.toSeconds(nanos - madeAtNanos)));
    }

    private synchronized Places allocate() {
        Places known = places;
        if (known == null) {
            known = new Places(size);
            places = known;
        }
        return known;
    }

    /** Where the first entry of a set is that may be written over; negative if there is none. */
    private int firstFree(AtomicLongArray entries, int hash) {
        int first = firstOfSet(hash);
        for (int i = first; i < first + SET; i++) {
            if (!isInUse(entries.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private boolean enter(AtomicLongArray entries, int hash, int from, int number) {
        long entered = entry(hash, number);
        for (int i = from; i < firstOfSet(hash) + SET; i++) {
            long known = entries.get(i);
            while (!isInUse(known)) {
                if (entries.compareAndSet(i, known, entered)) {
                    return true;
                }
                known = entries.get(i);
            }
        }
        return false;
    }

    private boolean isInUse(long entry) {
        // Numbers are compared as they wrap: of an entry half the number is kept.
        return entry != 0 && (int) entry - (int) oldest.get() >= 0;
    }

    void remove(MemoryRecord record) {
        Places at = places;
        if (at != null && at.records.compareAndSet((int) record.number & size - 1, record, REMOVED)) {
            room.take(-record.bytes());
            dropWhileDue(-1);
        }
    }

    /** Drops what has expired, of the oldest ones: one that expires before those goes when its name is met again. */
    void dropExpired(long now) {
        int second = secondsUntil(now);
        if (second != lookedAtSecond) {
            lookedAtSecond = second;
            dropWhileDue(second);
        }
    }

    private void dropWhileDue(int second) {
        Places at = places;
        if (at == null) {
            return;
        }
        for (long number = oldest.get(); number < next.get(); number = oldest.get()) {
            int place = (int) number & size - 1;
            int expiry = at.expiries.getAcquire(place);
            if ((expiry == 0 || expiry > second) && at.records.get(place) != REMOVED) {
                return;
            }
            drop(at, number, 1);
        }
    }

    /** Drops the oldest records, at most that many; whether there was one. */
    boolean dropOldest(int most) {
        Places at = places;
        long first = oldest.get();
        int count = (int) Math.min(most, next.get() - first);
        if (at == null || count <= 0) {
            return false;
        }
        drop(at, first, count);
        return true;
    }

    /** Drops all, which then were not dropped for lack of room. */
    void clear() {
        lookedAtSecond = Integer.MAX_VALUE;
        while (dropOldest(64)) {
            // Until none is left.
        }
    }

    private void drop(Places at, long first, int count) {
        @Nullable MemoryRecord[] dropped = new @Nullable MemoryRecord[count];
        long bytes = 0;
        int early = 0;
        for (int i = 0; i < count; i++) {
            int place = (int) (first + i) & size - 1;
            MemoryRecord record = at.records.get(place);
            dropped[i] = record;
            if (record != null && record != REMOVED) {
                bytes += at.bytes.get(place);
                early += at.expiries.get(place) > lookedAtSecond ? 1 : 0;
            }
        }
        if (!oldest.compareAndSet(first, first + count)) {
            return;
        }
        for (int i = 0; i < count; i++) {
            int place = (int) (first + i) & size - 1;
            MemoryRecord record = dropped[i];
            // It is emptied unless the next one is there already.
            if (at.records.compareAndSet(place, record, null)) {
                at.expiries.setRelease(place, 0);
            } else if (record != null && record != REMOVED) {
                // Whoever took it out has told the room.
                bytes -= record.bytes();
                if (at.records.compareAndSet(place, REMOVED, null)) {
                    // Else it would be taken for the record that comes there next.
                    at.expiries.setRelease(place, 0);
                }
            }
            MemoryRecord late = record == null || record == REMOVED ? at.records.get(place) : null;
            if (late != null && late.number == first + i) {
                takeOut(at, place, late);
            }
        }
        room.take(-bytes);
        room.dropped(early);
    }

    /** A record that came into its place when its turn to go was over. */
    private void takeOut(Places at, int place, MemoryRecord record) {
        if (at.records.compareAndSet(place, record, null)) {
            at.expiries.setRelease(place, 0);
            room.take(-record.bytes());
            room.dropped(1);
        }
    }

    private int firstOfSet(int hash) {
        return (hash & size * ENTRIES_FOR_A_PLACE / PARTS / SET - 1) * SET;
    }

    private static long entry(int hash, int number) {
        return (long) hash << 32 | USED | number & 0xffff_ffffL;
    }

    /** String's hashes of keys that count up are close together. */
    private static int spread(int hash) {
        int spread = hash * 0x9e37_79b9;
        return spread ^ spread >>> 15;
    }
}
