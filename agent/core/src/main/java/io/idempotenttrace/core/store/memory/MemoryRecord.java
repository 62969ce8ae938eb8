package io.idempotenttrace.core.store.memory;

import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimField;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.RecordBytes;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.RecordTimes;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One record, as a Redis hash holds it. Not safe for use by several threads, but for {@link #known}: the store's map locks it. A process
 * may hold a hundred thousand, all of them to be moved by the collector, so it is few objects and small ones.
 */
final class MemoryRecord {

    /** Writes without the fence of a volatile write, which each call would pay for; the map's lock is one. */
    private static final AtomicReferenceFieldUpdater<MemoryRecord, RecordStatus> STATUS =
            AtomicReferenceFieldUpdater.newUpdater(MemoryRecord.class, RecordStatus.class, "status");

    final RecordId id;
    /** The last one: its payload, and who owns the record. */
    private Claim granted;

    private String traceId;
    private String responseHash = "";
    /** Of a completed record its result, of a failed one its error; else null. */
    private @Nullable String outcome;
    /**
     * Written last, and never changed again once it is COMPLETED: a thread that reads that without the lock reads the other fields
     * rightly. Null in the sentinel.
     */
    private volatile RecordStatus status;

    private int attempt;
    private long fence;
    private long createdAtSeconds;
    private long leaseEndNanos;
    private long expiresAtNanos;
    /** What it takes, roughly: it is weighed as it changes, not when it goes, which may be long after. */
    private int bytes;
    /** Its place in the store's queue of ended records; null while it has none. */
    @Nullable
    Queued queued;
    /** Its number among the completed ones, see {@link CompletedRing}. */
    long number;
    /** Completed at the next change; null while nobody waits. */
    private @Nullable List<CompletableFuture<Void>> changes;

    /**
     * A place in the queue of ended records, which is emptied when the record leaves it early: the queue must not hold a record, and its
     * result, that the store has dropped elsewhere.
     */
    static final class Queued {

        /** Null once the record has left it. */
        volatile @Nullable MemoryRecord record;

        Queued(MemoryRecord record) {
            this.record = record;
        }
    }

    /** Sentinel: marks a place of the ring whose record was removed. */
    @SuppressWarnings("NullAway") // Nobody reads the sentinel's other fields, since no record has its number.
    MemoryRecord() {
        this.id = null;
        this.number = -1;
    }

    /** One that is granted for the first time. */
    @SuppressWarnings("NullAway") // grant() sets the status by its updater, which the checker does not see.
    MemoryRecord(Claim claim, long now, long fenceMicros) {
        this.id = claim.id();
        grant(claim, now, fenceMicros);
    }

    boolean isExpired(long now) {
        return now - expiresAtNanos >= 0 && !isHeld();
    }

    long expiresAtNanos() {
        return expiresAtNanos;
    }

    int bytes() {
        return bytes;
    }

    boolean isPending() {
        return status == RecordStatus.PENDING;
    }

    boolean isCompleted() {
        return status == RecordStatus.COMPLETED;
    }

    boolean isOwnedBy(Claim claim) {
        return claim.isOfSameOwner(granted);
    }

    /**
     * What a claim of that payload gets that meets this record. Each verdict in memory is decided here, but for the claim that meets no
     * record, or an expired one: {@link InMemoryIdempotencyStore} makes a record for it, and its verdict is NEW. The twin in Redis of both
     * is {@code claim.lua}.
     *
     * @param claim null where nobody claims, so that no claim can be the owner's own
     */
    Verdict verdict(HashForm form, String hash, @Nullable Claim claim, long now) {
        if (granted.conflictsWith(form, hash)) {
            return Verdict.CONFLICT;
        }
        return switch (status) {
            case COMPLETED -> Verdict.DUPLICATE;
            case FAILED -> Verdict.NEW;
            case PENDING ->
                leaseLeftMillis(now) == 0 || claim != null && isOwnedBy(claim) ? Verdict.NEW : Verdict.IN_PROGRESS;
        };
    }

    /** Whether its owner is known to run: such a record needs no lease. */
    private boolean isHeld() {
        return isPending() && granted.isGranted();
    }

    /** The claim of the owner that is known to run; null if there is none. */
    @Nullable
    Claim heldBy() {
        return isHeld() ? granted : null;
    }

    /** 0 once the lease is over. */
    private long leaseLeftMillis(long now) {
        if (isHeld()) {
            return granted.leaseMillis();
        }
        long leftNanos = leaseEndNanos - now;
        return leftNanos <= 0 ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNanos));
    }

    /** Returns how many bytes more the record takes, as {@link #complete} and {@link #fail} do. */
    int grant(Claim claim, long now, long fenceMicros) {
        granted = claim;
        traceId = claim.traceId();
        STATUS.lazySet(this, RecordStatus.PENDING);
        outcome = null;
        responseHash = "";
        fence = Math.max(fenceMicros, fence + 1);
        if (attempt++ == 0) {
            createdAtSeconds = fenceMicros / 1_000_000;
        }
        lease(claim.leaseMillis(), now);
        keepFor(Math.max(claim.ttlSeconds() * 1000, claim.leaseMillis()), now);
        return weigh(RecordBytes.of(claim));
    }

    void renew(Claim claim, long now) {
        lease(claim.leaseMillis(), now);
        if (expiresAtNanos - leaseEndNanos < 0) {
            expiresAtNanos = leaseEndNanos;
        }
    }

    int complete(Claim claim, Completion completion, long now) {
        outcome = completion.result();
        int more = weigh(bytes + RecordBytes.of(completion));
        traceId = completion.traceIdOr(traceId);
        responseHash = completion.responseHash().isEmpty() ? responseHash : completion.responseHash();
        keepFor(claim.ttlSeconds() * 1000, now);
        STATUS.lazySet(this, RecordStatus.COMPLETED);
        return more;
    }

    /** The answer to a duplicate; null for any other verdict. It needs no lock: a completed record does not change any more. */
    @Nullable
    ClaimResult known(ClaimRequest request, long now) {
        return isCompleted()
                        && !isExpired(now)
                        && verdict(request.payload().form(), request.payload().hash(), /* claim= */ null, now)
                                == Verdict.DUPLICATE
                ? answer(Verdict.DUPLICATE, now)
                : null;
    }

    int fail(Claim claim, String message, long now) {
        STATUS.lazySet(this, RecordStatus.FAILED);
        outcome = message;
        keepFor(claim.failedTtlSeconds() * 1000, now);
        return weigh(bytes + RecordBytes.of(message));
    }

    /** What is to be completed once the map's lock is free, which a woken call may need next. */
    List<CompletableFuture<Void>> takeChanges() {
        List<CompletableFuture<Void>> waiting = changes;
        changes = null;
        return waiting == null ? List.of() : waiting;
    }

    void onChange(CompletableFuture<Void> change) {
        if (changes == null) {
            changes = new ArrayList<>(2);
        }
        changes.add(change);
    }

    void forget(CompletableFuture<Void> change) {
        if (changes != null) {
            changes.removeIf(other -> other == change);
        }
    }

    private void lease(long millis, long now) {
        leaseEndNanos = now + RecordTimes.nanos(millis, TimeUnit.MILLISECONDS);
    }

    private int weigh(long taken) {
        int before = bytes;
        bytes = (int) Math.min(taken, Integer.MAX_VALUE);
        return bytes - before;
    }

    private void keepFor(long millis, long now) {
        expiresAtNanos = now + RecordTimes.nanos(millis, TimeUnit.MILLISECONDS);
    }

    ClaimResult answer(Verdict verdict, long now) {
        long leaseLeft = verdict == Verdict.IN_PROGRESS ? leaseLeftMillis(now) : 0;
        return new ClaimResult(
                verdict,
                granted.hash(),
                traceId,
                isCompleted() ? outcome : null,
                granted.digests(),
                attempt,
                fence,
                leaseLeft,
                verdict == Verdict.IN_PROGRESS ? ClaimResult.OWN_PROCESS : "",
                createdAtSeconds,
                verdict == Verdict.CONFLICT ? granted.form().text() : "");
    }

    StoredRecord toStoredRecord(long now) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("hash", granted.hash());
        fields.put("tenant_id", id.tenant());
        fields.put("trace_id", traceId);
        fields.put("created_at", Long.toString(createdAtSeconds));
        fields.put("status", status.text());
        fields.put(ClaimField.NAME, claim(now).text());
        fields.put("form", granted.form().text());
        putIfPresent(fields, "members", granted.form().isKeyed() ? granted.digests() : "");
        putIfPresent(fields, "response_hash", responseHash);
        putIfPresent(fields, isCompleted() ? "result" : "error", outcome);
        long expiresIn = TimeUnit.NANOSECONDS.toMillis(expiresAtNanos - now);
        return new StoredRecord(fields, isPending() ? Math.max(expiresIn, leaseLeftMillis(now)) : expiresIn);
    }

    /** As in Redis: no former owner of a record that was claimed once could still write, so that nothing has to fence one off. */
    private ClaimField claim(long now) {
        long fencing = isCompleted() && attempt == 1 ? 0 : fence;
        return isPending()
                ? new ClaimField(
                        attempt,
                        granted.leaseMillis(),
                        fencing,
                        leaseLeftMillis(now) + System.currentTimeMillis(),
                        "",
                        granted.owner())
                : new ClaimField(fencing == 0 ? 0 : attempt, 0, fencing, 0, "", granted.owner());
    }

    private static void putIfPresent(Map<String, String> fields, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            fields.put(name, value);
        }
    }
}
