package io.idempotenttrace.core.store.memory;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.Claim;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/**
 * Records in the memory of one process: it catches duplicates of this process alone, and forgets them when the JVM stops.
 *
 * <p>Each step runs inside the map's lock for its key, so it is atomic as a script in Redis is, and unrelated keys rarely meet.
 * Ended records queue in the order of their end; whoever adds a record drops the expired and, above the limit, the oldest
 * ended ones. A record whose owner runs is never dropped: its body could run twice.
 */
public final class InMemoryIdempotencyStore implements IdempotencyStore {

    private record Ended(RecordId id, MemoryRecord record) {
    }

    /** Every change is heard of. */
    private static final long NEVER_POLL_MILLIS = Long.MAX_VALUE;

    private final ConcurrentHashMap<RecordId, MemoryRecord> records = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final int maxRecords;
    private final LongSupplier nanoClock;

    /** @param maxRecords how many records it holds at most; above 0 */
    public InMemoryIdempotencyStore(int maxRecords) {
        this(maxRecords, System::nanoTime);
    }

    /** @param nanoClock as {@link System#nanoTime()}: for tests that let time pass */
    public InMemoryIdempotencyStore(int maxRecords, LongSupplier nanoClock) {
        this.maxRecords = maxRecords;
        this.nanoClock = nanoClock;
    }

    @Override
    public ClaimResult check(Claim claim) {
        long now = nanoClock.getAsLong();
        ClaimResult[] answer = new ClaimResult[1];
        makeRoom(claim, now);
        records.compute(claim.id(), (id, known) -> {
            MemoryRecord record = known == null || known.isExpired(now) ? null : known;
            if (record == null) {
                record = new MemoryRecord();
                record.grant(claim, now, wallMicros());
                answer[0] = record.answer(Verdict.NEW, now);
            } else if (record.isOtherPayload(claim)) {
                answer[0] = record.answer(Verdict.CONFLICT, now);
            } else if (record.isPending() && record.isOwnedBy(claim)) {
                answer[0] = record.answer(Verdict.NEW, now);
            } else if (record.isClaimable(now)) {
                record.grant(claim, now, wallMicros());
                answer[0] = record.answer(Verdict.NEW, now);
            } else {
                answer[0] = record.answer(record.isPending() ? Verdict.IN_PROGRESS : Verdict.DUPLICATE, now);
            }
            return record;
        });
        return answer[0];
    }

    @Override
    public ClaimResult known(RecordId id, String hash, String form) {
        MemoryRecord record = records.get(id);
        return record == null ? null : record.known(hash, form, nanoClock.getAsLong());
    }

    private void makeRoom(Claim claim, long now) {
        // Of the queue's order only the beginning is looked at: an expired record behind it goes when it is claimed again.
        for (Ended oldest = ended.peek(); oldest != null && oldest.record.isExpired(now); oldest = ended.peek()) {
            drop(ended.poll());
        }
        while (records.size() >= maxRecords && !records.containsKey(claim.id())) {
            Ended oldest = ended.poll();
            if (oldest == null) {
                throw new IdempotencyStoreException("the in-memory store is full: " + maxRecords
                        + " calls run at the same time. Raise memory-max-records, or use Redis", claim.id().tenant(), claim.id().key(),
                        null, null);
            }
            drop(oldest);
        }
    }

    /** Drops a record from the queue's head, unless it has been claimed again or another one took its place. */
    private void drop(Ended oldest) {
        if (oldest != null) {
            records.computeIfPresent(oldest.id, (id, known) -> {
                oldest.record.queued = false;
                return known == oldest.record && !known.isPending() ? null : known;
            });
        }
    }

    @Override
    public Update markCompleted(Claim claim, Completion completion) {
        long now = nanoClock.getAsLong();
        Update[] update = {Update.APPLIED};
        List<CompletableFuture<Void>> changes = new ArrayList<>(0);
        records.compute(claim.id(), (id, known) -> {
            MemoryRecord record = known;
            if (record == null || record.isExpired(now)) {
                record = new MemoryRecord();
                record.grant(claim, now, wallMicros());
                update[0] = Update.GONE;
            }
            if (record.isOwnedBy(claim)) {
                record.complete(claim, completion, now);
                changes.addAll(record.takeChanges());
                enqueue(id, record);
            } else {
                update[0] = Update.REFUSED;
            }
            return record;
        });
        wake(changes);
        return update[0];
    }

    @Override
    public Update markFailed(Claim claim, String error) {
        long now = nanoClock.getAsLong();
        String message = error.length() > 500 ? error.substring(0, 500) : error;
        Update[] update = {Update.GONE};
        List<CompletableFuture<Void>> changes = new ArrayList<>(0);
        records.computeIfPresent(claim.id(), (id, record) -> {
            if (record.isExpired(now)) {
                return null;
            }
            update[0] = record.isOwnedBy(claim) && !record.isCompleted() ? Update.APPLIED : Update.REFUSED;
            if (update[0] == Update.APPLIED) {
                record.fail(claim, message, now);
                changes.addAll(record.takeChanges());
                enqueue(id, record);
            }
            return record;
        });
        wake(changes);
        return update[0];
    }

    private static void wake(List<CompletableFuture<Void>> changes) {
        changes.forEach(change -> change.complete(null));
    }

    /** Once for each record, however often it fails and is claimed again. Called inside the map's lock for the key. */
    private void enqueue(RecordId id, MemoryRecord record) {
        if (!record.queued) {
            record.queued = true;
            ended.add(new Ended(id, record));
        }
    }

    @Override
    public Update renew(Claim claim) {
        long now = nanoClock.getAsLong();
        Update[] update = {Update.GONE};
        records.computeIfPresent(claim.id(), (id, record) -> {
            if (record.isExpired(now)) {
                return null;
            }
            update[0] = record.isPending() && record.isOwnedBy(claim) ? Update.APPLIED : Update.REFUSED;
            if (update[0] == Update.APPLIED) {
                record.renew(claim, now);
            }
            return record;
        });
        return update[0];
    }

    @Override
    public boolean delete(RecordId id) {
        long now = nanoClock.getAsLong();
        boolean[] existed = new boolean[1];
        List<CompletableFuture<Void>> changes = new ArrayList<>(0);
        records.computeIfPresent(id, (same, record) -> {
            existed[0] = !record.isExpired(now);
            changes.addAll(record.takeChanges());
            return null;
        });
        wake(changes);
        return existed[0];
    }

    @Override
    public Optional<StoredRecord> status(RecordId id) {
        long now = nanoClock.getAsLong();
        StoredRecord[] found = new StoredRecord[1];
        records.computeIfPresent(id, (same, record) -> {
            if (record.isExpired(now)) {
                return null;
            }
            found[0] = record.toStoredRecord(now);
            return record;
        });
        return Optional.ofNullable(found[0]);
    }

    @Override
    public RecordWatch watch(RecordId id) {
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
        return records.size();
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void close() {
        records.clear();
        ended.clear();
    }

    private static long wallMicros() {
        return System.currentTimeMillis() * 1000;
    }
}
