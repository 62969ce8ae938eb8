package io.idempotenttrace.core.store.memory;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Records in the memory of one process: it catches duplicates of this process alone, and forgets them when the JVM stops.
 *
 * <p>Each step runs inside a map's lock for its key, so it is atomic as a script in Redis is, and unrelated keys rarely meet. The
 * map holds the records of running and failed calls, which are few; the completed ones move to a ring. Whoever adds a record
 * drops the expired and, above the limit, the oldest completed ones, then the oldest failed ones. A record whose owner runs is never
 * dropped: its body could run twice. The lease of such a record does not end while its owner runs; the store sees that from
 * {@link Claim#isGranted()}.
 */
public final class InMemoryIdempotencyStore implements IdempotencyStore {

    /** What a step inside the map's lock leaves for afterwards. */
    private static class Outcome {

        /** Null where nobody asked for one, or the claim would be granted. */
        @Nullable
        ClaimResult answer;

        Update update = Update.GONE;
        /** Who waits for the record's change: woken once the lock is free, which a woken call may need next. */
        List<CompletableFuture<Void>> changes = List.of();

        final Update wake() {
            for (CompletableFuture<Void> change : changes) {
                change.complete(null);
            }
            return update;
        }
    }

    /** Every change is heard of. */
    private static final long NEVER_POLL_MILLIS = Long.MAX_VALUE;

    /** Those that are not completed; and of the completed ones those that the ring has no place for. */
    private final ConcurrentHashMap<RecordId, MemoryRecord> records = new ConcurrentHashMap<>();
    /** Those in the map that have ended. */
    private final ConcurrentLinkedQueue<MemoryRecord> ended = new ConcurrentLinkedQueue<>();

    private final CompletedRing completed;
    private final int maxRecords;
    /** How many completed records make room together: of a full store a thousandth, which saves a search for each. */
    private final int droppedTogether;

    private final LongSupplier nanoClock;
    private final WallClock wallClock = new WallClock();
    private volatile boolean closed;

    /** @param maxRecords how many records it holds at most; above 0 */
    public InMemoryIdempotencyStore(int maxRecords) {
        this(maxRecords, System::nanoTime);
    }

    /** @param nanoClock as {@link System#nanoTime()}: for tests that let time pass */
    public InMemoryIdempotencyStore(int maxRecords, LongSupplier nanoClock) {
        if (maxRecords < 1) {
            throw new IllegalArgumentException(
                    "the in-memory store holds at most " + maxRecords + " records; allowed is 1 and more");
        }
        this.maxRecords = maxRecords;
        this.droppedTogether = Math.max(1, Math.min(64, maxRecords / 1000));
        this.nanoClock = nanoClock;
        this.completed = new CompletedRing(maxRecords, nanoClock.getAsLong());
    }

    @Override
    public ClaimResult check(Claim claim) {
        long now = now();
        dropExpired(now);
        if (size() >= maxRecords && !records.containsKey(claim.id()) && completed.find(claim.id()) == null) {
            makeRoom(claim);
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
                return record;
            }
            Verdict verdict = met.verdict(claim.form(), claim.hash(), claim, now);
            // The owner's own claim, sent again, changes nothing.
            if (verdict == Verdict.NEW && !(met.isPending() && met.isOwnedBy(claim))) {
                met.grant(claim, now, wallClock.micros(now));
            }
            outcome.answer = met.answer(verdict, now);
            return record;
        });
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
        if (size() >= maxRecords) {
            makeRoom(claim);
        }
        MemoryRecord first = new MemoryRecord(claim, now, wallClock.micros(now));
        if (records.putIfAbsent(first.id, first) != null) {
            return false;
        }
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
            return known == first ? null : known;
        });
        outcome.wake();
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
            return held;
        });
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
        for (MemoryRecord oldest = ended.peek(); oldest != null && oldest.isExpired(now); oldest = ended.peek()) {
            drop(ended.poll());
        }
    }

    /** For the claim's record. */
    private void makeRoom(Claim claim) {
        do {
            if (completed.dropOldest(droppedTogether)) {
                continue;
            }
            MemoryRecord oldest = ended.poll();
            if (oldest == null) {
                throw new IdempotencyStoreException(
                        "the in-memory store is full: " + maxRecords
                                + " calls run at the same time. Raise memory-max-records, or use Redis",
                        claim.id().tenant(),
                        claim.id().key(),
                        null,
                        null);
            }
            drop(oldest);
        } while (size() >= maxRecords);
    }

    /** Drops a record from the queue's head, unless it has been claimed again or another one took its place. */
    private void drop(@Nullable MemoryRecord oldest) {
        if (oldest == null) {
            return;
        }
        if (oldest.isCompleted()) {
            // It stays so: one that expired is followed by another.
            records.remove(oldest.id, oldest);
        } else {
            records.computeIfPresent(oldest.id, (id, known) -> {
                oldest.queued = false;
                return known == oldest && !known.isPending() ? null : known;
            });
        }
    }

    @Override
    public Update markCompleted(Claim claim, Completion completion) {
        CompletionStep step = new CompletionStep(claim, Objects.requireNonNull(completion, "completion"), now());
        records.compute(claim.id(), step);
        return step.wake();
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
                    return null;
                }
                record = new MemoryRecord(claim, now, wallClock.micros(now));
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
            record.complete(claim, completion, now);
            changes = record.takeChanges();
            if (completed.add(record, record.expiresAtNanos())) {
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
                record.fail(claim, message, now);
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
                return null;
            }
            step.accept(record, outcome);
            return record;
        });
        return outcome.wake();
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
        if (!record.queued) {
            record.queued = true;
            ended.add(record);
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
            return null;
        });
        return outcome.wake() == Update.APPLIED;
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
            return null;
        });
        return outcome.wake() == Update.APPLIED;
    }

    @Override
    public Optional<StoredRecord> status(RecordId id) {
        long now = now();
        @Nullable StoredRecord[] found = new @Nullable StoredRecord[1];
        records.compute(id, (same, known) -> {
            MemoryRecord held = known == null || known.isExpired(now) ? null : known;
            MemoryRecord ended = findCompleted(id, now);
            MemoryRecord record = ended != null ? ended : held;
            found[0] = record == null ? null : record.toStoredRecord(now);
            return held;
        });
        return Optional.ofNullable(found[0]);
    }

    @Override
    public RecordWatch watch(RecordId id) {
        Objects.requireNonNull(id, "id");
        checkOpen();
        return new RecordWatch() {
            @Override
            public CompletableFuture<Void> ready() {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public CompletableFuture<Void> arm() {
                CompletableFuture<Void> change = new CompletableFuture<>();
                MemoryRecord watched = records.computeIfPresent(id, (same, record) -> {
                    record.onChange(change);
                    return record;
                });
                if (watched == null) {
                    change.complete(null);
                }
                return change;
            }

            @Override
            public long pollMillis() {
                return NEVER_POLL_MILLIS;
            }

            @Override
            public void close() {
                // What was armed goes with the record's next change.
            }
        };
    }

    /** How many records it holds, expired ones that were not met again included. */
    public int size() {
        return records.size() + completed.size();
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void close() {
        closed = true;
        records.clear();
        ended.clear();
        while (completed.dropOldest(droppedTogether)) {
            // Until none is left.
        }
    }
}
