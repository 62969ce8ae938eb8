package io.idempotenttrace.core.store.memory;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordBytes;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordWatch;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Records in the memory of one process: it catches duplicates of this process alone, and forgets them when the JVM stops.
 *
 * <p>Each step runs inside a map's lock for its key, so it is atomic as a script in Redis is, and unrelated keys rarely meet. The
 * map holds the records of running and failed calls, which are few; the completed ones move to a ring. Whoever adds a record
 * drops the expired and, above a limit, the oldest completed ones, then the oldest failed ones; so does whoever adds a result. A record
 * whose owner runs is never dropped: its body could run twice. The lease of such a record does not end while its owner runs; the store
 * sees that from {@link Claim#isGranted()}.
 *
 * <p>There are two limits, of records and of bytes. What the records take is counted by {@link RecordRoom} after each step, outside of the
 * map's lock: an error in a step leaves nothing counted that is not there.
 */
public final class InMemoryIdempotencyStore implements IdempotencyStore {

    /** What a step inside the map's lock leaves for afterwards. */
    private static class Outcome {

        /** Null where nobody asked for one, or the claim would be granted. */
        @Nullable
        ClaimResult answer;

        Update update = Update.GONE;
        /** How much more the record takes. */
        int bytes;
        /** Who waits for the record's change: woken once the lock is free, which a woken call may need next. */
        List<CompletableFuture<Void>> changes = List.of();

        /** The map has another record in the place of one, or none. */
        final @Nullable MemoryRecord replaced(@Nullable MemoryRecord before, @Nullable MemoryRecord after) {
            if (before != after) {
                bytes += (after == null ? 0 : after.bytes()) - (before == null ? 0 : before.bytes());
            }
            return after;
        }

        final Update wake(RecordRoom room) {
            room.take(bytes);
            for (CompletableFuture<Void> change : changes) {
                change.complete(null);
            }
            return update;
        }
    }

    private static final int LOOKS_FOR_ROOM = 1000;

    /** Those that are not completed; and of the completed ones those that the ring has no place for. */
    private final ConcurrentHashMap<RecordId, MemoryRecord> records = new ConcurrentHashMap<>();
    /** Those in the map that have ended. */
    private final ConcurrentLinkedQueue<MemoryRecord.Queued> ended = new ConcurrentLinkedQueue<>();

    private final CompletedRing completed;
    private final RecordRoom room;

    private final LongSupplier nanoClock;
    private final WallClock wallClock = new WallClock();
    private volatile boolean closed;

    /**
     * @param maxRecords how many records it holds at most; above 0
     * @param maxBytes how much they take at most, results included, as {@link RecordBytes} says; above 0
     * @param periodMillis how long it says nothing of what repeats; above 0
     * @param warnings told, by the thread of a call, what went for lack of room
     */
    public InMemoryIdempotencyStore(int maxRecords, long maxBytes, long periodMillis, Consumer<String> warnings) {
        this(maxRecords, maxBytes, periodMillis, warnings, System::nanoTime);
    }

    /** @param nanoClock as {@link System#nanoTime()}: for tests that let time pass */
    public InMemoryIdempotencyStore(
            int maxRecords, long maxBytes, long periodMillis, Consumer<String> warnings, LongSupplier nanoClock) {
        if (maxRecords < 1 || maxBytes < 1) {
            throw new IllegalArgumentException("the in-memory store holds at most " + maxRecords + " records and "
                    + maxBytes + " bytes; allowed is 1 and more of each");
        }
        long now = nanoClock.getAsLong();
        this.room = new RecordRoom(maxRecords, maxBytes, periodMillis, warnings, now);
        this.nanoClock = nanoClock;
        this.completed = new CompletedRing(room, now);
    }

    @Override
    public ClaimResult check(Claim claim) {
        long now = now();
        dropExpired(now);
        long bytes = RecordBytes.of(claim);
        if (!isRoomFor(bytes) && !records.containsKey(claim.id()) && completed.find(claim.id()) == null) {
            makeRoom(claim, bytes, now);
        }
        Outcome outcome = new Outcome();
        records.compute(claim.id(), (id, known) -> {
            MemoryRecord record = known == null || known.isExpired(now) ? null : known;
            // Look among the completed records first. placeFirst() adds to the map without checking them, so the map
            // may hold a record
            // that its caller is about to take back.
            MemoryRecord ended = findCompleted(id, now);
            MemoryRecord met = ended != null ? ended : record;
            if (met == null) {
                record = new MemoryRecord(claim, now, wallClock.micros(now));
                outcome.answer = record.answer(Verdict.NEW, now);
                return outcome.replaced(known, record);
            }
            Verdict verdict = met.verdict(claim.form(), claim.hash(), claim, now);
            // The owner's own claim, sent again, changes nothing.
            if (verdict == Verdict.NEW && !(met.isPending() && met.isOwnedBy(claim))) {
                outcome.bytes += met.grant(claim, now, wallClock.micros(now));
            }
            outcome.answer = met.answer(verdict, now);
            return outcome.replaced(known, record);
        });
        room.take(outcome.bytes);
        return Objects.requireNonNull(outcome.answer, "every claim gets an answer");
    }

    /** Of the ring; null also if it has expired, and then it is dropped. */
    private @Nullable MemoryRecord findCompleted(RecordId id, long now) {
        MemoryRecord record = completed.find(id);
        if (record == null || !record.isExpired(now)) {
            return record;
        }
        completed.remove(record);
        return null;
    }

    /** Most claims are first ones, and those who meet a completed record mostly know it before. */
    @Override
    public boolean placeFirst(Claim claim) {
        long now = now();
        dropExpired(now);
        MemoryRecord first = new MemoryRecord(claim, now, wallClock.micros(now));
        if (!isRoomFor(first.bytes())) {
            makeRoom(claim, first.bytes(), now);
        }
        if (records.putIfAbsent(first.id, first) != null) {
            return false;
        }
        room.take(first.bytes());
        // Not before: a completed record comes into the ring before it leaves the map, so it is found now, whenever
        // that was.
        if (findCompleted(first.id, now) == null) {
            return true;
        }
        takeBack(first);
        return false;
    }

    private void takeBack(MemoryRecord first) {
        Outcome outcome = new Outcome();
        records.computeIfPresent(first.id, (id, known) -> {
            outcome.changes = first.takeChanges();
            return known == first ? outcome.replaced(known, null) : known;
        });
        outcome.wake(room);
    }

    @Override
    public @Nullable ClaimResult known(ClaimRequest request) {
        checkOpen();
        MemoryRecord ended = completed.find(request.id());
        MemoryRecord record = ended != null ? ended : records.get(request.id());
        return record == null ? null : record.known(request, now());
    }

    @Override
    public @Nullable ClaimResult peek(ClaimRequest request) {
        long now = now();
        Outcome outcome = new Outcome();
        records.compute(request.id(), (id, known) -> {
            MemoryRecord held = known == null || known.isExpired(now) ? null : known;
            MemoryRecord ended = findCompleted(id, now);
            MemoryRecord met = ended != null ? ended : held;
            if (met != null) {
                Verdict verdict =
                        met.verdict(request.payload().form(), request.payload().hash(), /* claim= */ null, now);
                outcome.answer = verdict == Verdict.NEW ? null : met.answer(verdict, now);
            }
            return outcome.replaced(known, held);
        });
        room.take(outcome.bytes);
        return outcome.answer;
    }

    /** @throws IllegalStateException if the store is closed */
    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the in-memory store is closed; open another one");
        }
    }

    /** As {@link #checkOpen()}. */
    private long now() {
        checkOpen();
        return nanoClock.getAsLong();
    }

    /** Of an order only the beginning is looked at: an expired record behind it goes when it is claimed again. */
    private void dropExpired(long now) {
        completed.dropExpired(now);
        for (MemoryRecord.Queued oldest = ended.peek(); oldest != null; oldest = ended.peek()) {
            MemoryRecord record = oldest.record;
            if (record != null && !record.isExpired(now)) {
                return;
            }
            // Another thread may have dropped it meanwhile.
            if (ended.remove(oldest) && record != null) {
                drop(record, now);
            }
        }
    }

    private boolean isRoomFor(long bytes) {
        return size() < room.maxRecords() && room.hasBytes(bytes);
    }

    /** For the claim's record. */
    private void makeRoom(Claim claim, long bytes, long now) {
        boolean ofBytes = size() < room.maxRecords();
        do {
            if (!dropOldest(now) && !isRoomSoon(bytes)) {
                throw new IdempotencyStoreException(
                        room.full(ofBytes), claim.id().tenant(), claim.id().key(), null, null);
            }
        } while (!isRoomFor(bytes));
        room.sayDropped(ofBytes, now);
    }

    /** Another thread may have dropped the last ones, and not yet said so. */
    private boolean isRoomSoon(long bytes) {
        for (int looks = 0; looks < LOOKS_FOR_ROOM && !isRoomFor(bytes); looks++) {
            Thread.onSpinWait();
        }
        return isRoomFor(bytes);
    }

    /** For what a record has got besides. */
    private void makeRoom(long now) {
        // Until it fits, or calls that run have taken all.
        while (!room.hasBytes(0) && dropOldest(now)) {
            room.sayDropped(/* ofBytes= */ true, now);
        }
    }

    /** Drops what has ended first; false if nothing has. */
    private boolean dropOldest(long now) {
        // Of a full store a thousandth goes together, which saves a search for each.
        if (completed.dropOldest(Math.max(1, Math.min(64, size() / 1000)))) {
            return true;
        }
        for (MemoryRecord.Queued oldest = ended.poll(); oldest != null; oldest = ended.poll()) {
            MemoryRecord record = oldest.record;
            if (record != null) {
                drop(record, now);
                return true;
            }
        }
        return false;
    }

    /** Drops a record that has left the queue, unless it has been claimed again or another one took its place. */
    private void drop(MemoryRecord oldest, long now) {
        if (oldest.isCompleted()) {
            // It stays so: one that expired is followed by another.
            if (records.remove(oldest.id, oldest)) {
                room.take(-oldest.bytes());
                room.dropped(oldest.isExpired(now) ? 0 : 1);
            }
        } else {
            Outcome outcome = new Outcome();
            records.computeIfPresent(oldest.id, (id, known) -> {
                oldest.queued = null;
                return known == oldest && !known.isPending() ? outcome.replaced(known, null) : known;
            });
            room.take(outcome.bytes);
        }
    }

    @Override
    public Update markCompleted(Claim claim, Completion completion) {
        long now = now();
        CompletionStep step = new CompletionStep(claim, fitting(claim, completion, now), now);
        records.compute(claim.id(), step);
        Update update = step.wake(room);
        if (step.bytes > 0) {
            makeRoom(now);
        }
        return update;
    }

    /** Without a result that is too large. */
    private Completion fitting(Claim claim, Completion completion, long now) {
        String result = completion.result();
        if (result == null || room.fits(result)) {
            return completion;
        }
        room.sayTooLarge(result, claim.id().key(), now);
        return new Completion(completion.traceId(), null, "");
    }

    /** Its own outcome: each call makes one. */
    private final class CompletionStep extends Outcome
            implements BiFunction<RecordId, @Nullable MemoryRecord, @Nullable MemoryRecord> {

        private final Claim claim;
        private final Completion completion;
        private final long now;

        private CompletionStep(Claim claim, Completion completion, long now) {
            this.claim = claim;
            this.completion = completion;
            this.now = now;
            update = Update.APPLIED;
        }

        @Override
        public @Nullable MemoryRecord apply(RecordId id, @Nullable MemoryRecord known) {
            MemoryRecord record = known;
            if (record == null || record.isExpired(now)) {
                MemoryRecord ended = findCompleted(id, now);
                if (ended != null) {
                    update = ended.isOwnedBy(claim) ? Update.APPLIED : Update.REFUSED;
                    return replaced(known, null);
                }
                record = new MemoryRecord(claim, now, wallClock.micros(now));
                replaced(known, record);
                update = Update.GONE;
            }
            if (!record.isOwnedBy(claim)) {
                update = Update.REFUSED;
                return record;
            }
            if (record.isCompleted()) {
                // The same step once more.
                return record;
            }
            bytes += record.complete(claim, completion, now);
            changes = record.takeChanges();
            if (completed.add(record, record.expiresAtNanos())) {
                leaveQueue(record);
                return null;
            }
            enqueue(record);
            return record;
        }
    }

    @Override
    public Update markFailed(Claim claim, String error) {
        long now = now();
        String message = error.length() > 500 ? error.substring(0, 500) : error;
        return ofHeld(claim, now, (record, outcome) -> {
            outcome.update = record.isOwnedBy(claim) && !record.isCompleted() ? Update.APPLIED : Update.REFUSED;
            if (outcome.update == Update.APPLIED) {
                outcome.bytes += record.fail(claim, message, now);
                outcome.changes = record.takeChanges();
                enqueue(record);
            }
        });
    }

    /** A step on the record of a running or failed call; GONE where there is none, REFUSED where it is completed. */
    private Update ofHeld(Claim claim, long now, BiConsumer<MemoryRecord, Outcome> step) {
        Outcome outcome = new Outcome();
        records.compute(claim.id(), (id, record) -> {
            if (record == null || record.isExpired(now)) {
                outcome.update = findCompleted(id, now) == null ? Update.GONE : Update.REFUSED;
                return outcome.replaced(record, null);
            }
            step.accept(record, outcome);
            return record;
        });
        Update update = outcome.wake(room);
        if (outcome.bytes > 0) {
            makeRoom(now);
        }
        return update;
    }

    @Override
    public List<Claim> running() {
        List<Claim> claims = new ArrayList<>();
        for (MemoryRecord record : records.values()) {
            Claim claim = record.heldBy();
            if (claim != null) {
                claims.add(claim);
            }
        }
        return claims;
    }

    /** Once for each record, however often it fails and is claimed again. Called inside the map's lock for the key. */
    private void enqueue(MemoryRecord record) {
        if (record.queued == null) {
            MemoryRecord.Queued place = new MemoryRecord.Queued(record);
            record.queued = place;
            ended.add(place);
        }
    }

    /** Called inside the map's lock for the key. */
    private static void leaveQueue(MemoryRecord record) {
        MemoryRecord.Queued place = record.queued;
        if (place != null) {
            place.record = null;
            record.queued = null;
        }
    }

    @Override
    public Update renew(Claim claim) {
        long now = now();
        return ofHeld(claim, now, (record, outcome) -> {
            outcome.update = record.isPending() && record.isOwnedBy(claim) ? Update.APPLIED : Update.REFUSED;
            if (outcome.update == Update.APPLIED) {
                record.renew(claim, now);
            }
        });
    }

    @Override
    public boolean delete(RecordId id) {
        long now = now();
        Outcome outcome = new Outcome();
        records.compute(id, (same, known) -> {
            MemoryRecord ended = findCompleted(id, now);
            if (ended != null) {
                completed.remove(ended);
                outcome.update = Update.APPLIED;
                // One that was placed meanwhile keeps its place, unless it has seen what is gone now: then it takes
                // itself back.
                return known;
            }
            if (known != null) {
                outcome.update = known.isExpired(now) ? Update.GONE : Update.APPLIED;
                outcome.changes = known.takeChanges();
            }
            return outcome.replaced(known, null);
        });
        return outcome.wake(room) == Update.APPLIED;
    }

    @Override
    public boolean giveBack(Claim claim) {
        Outcome outcome = new Outcome();
        records.computeIfPresent(claim.id(), (same, known) -> {
            if (!known.isPending() || !known.isOwnedBy(claim)) {
                return known;
            }
            outcome.update = Update.APPLIED;
            outcome.changes = known.takeChanges();
            return outcome.replaced(known, null);
        });
        return outcome.wake(room) == Update.APPLIED;
    }

    @Override
    public Optional<StoredRecord> status(RecordId id) {
        long now = now();
        Outcome outcome = new Outcome();
        @Nullable StoredRecord[] found = new @Nullable StoredRecord[1];
        records.compute(id, (same, known) -> {
            MemoryRecord held = known == null || known.isExpired(now) ? null : known;
            MemoryRecord ended = findCompleted(id, now);
            MemoryRecord record = ended != null ? ended : held;
            found[0] = record == null ? null : record.toStoredRecord(now);
            return outcome.replaced(known, held);
        });
        room.take(outcome.bytes);
        return Optional.ofNullable(found[0]);
    }

    @Override
    public RecordWatch watch(RecordId id) {
        Objects.requireNonNull(id, "id");
        checkOpen();
        return new MemoryWatch(records, id);
    }

    /** How many records it holds, expired ones that were not met again included. */
    public int size() {
        return records.size() + completed.size();
    }

    @Override
    public long recordBytes() {
        return room.bytes();
    }

    @Override
    public long droppedRecords() {
        return room.dropped();
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void close() {
        closed = true;
        ended.clear();
        records.values().forEach(record -> {
            if (records.remove(record.id, record)) {
                room.take(-record.bytes());
            }
        });
        completed.clear();
    }
}
