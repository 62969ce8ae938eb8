package io.idempotenttrace.core.store;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Supplier;

/**
 * One call's wish to own a record. The same object claims, renews, completes and fails, so that each step carries the owner
 * token and a vanished record can be written whole again. Safe for use by many threads.
 */
public final class Claim {

    private static final AtomicReferenceFieldUpdater<Claim, String> OWNER =
            AtomicReferenceFieldUpdater.newUpdater(Claim.class, String.class, "owner");
    /** Writes without the fence of a volatile write, which each call would pay for. */
    private static final AtomicIntegerFieldUpdater<Claim> GRANTED = AtomicIntegerFieldUpdater.newUpdater(Claim.class, "granted");

    private final RecordId id;
    private final String hash;
    private final String form;
    private final String traceId;
    private final RecordTimes times;
    private final String digests;
    /** Null where the token was given. */
    private final Supplier<String> ownerTokens;
    /** Null until somebody asks: a store of this process tells owners apart by their claims. */
    private volatile String owner;
    private volatile int granted;

    /**
     * @param id the record
     * @param hash SHA-256 of the payload, 64 lower-case hex digits
     * @param form the canonical form that was hashed, such as {@code python}; hashes of two forms are not comparable
     * @param traceId the trace id known before the body runs; empty where there is none
     * @param owner the owner token, without a space: another for each call, the same in every re-send of that call's commands
     * @param ttlMillis as this and the two that follow are in {@link RecordTimes}
     * @param digests the digests of the document's members, to say later which of them differ; empty where not wanted
     */
    public Claim(RecordId id, String hash, String form, String traceId, String owner, long ttlMillis, long failedTtlMillis,
            long leaseMillis, String digests) {
        this(id, hash, form, traceId, (Supplier<String>) null, new RecordTimes(ttlMillis, failedTtlMillis, leaseMillis), digests);
        this.owner = owner;
    }

    /**
     * As the other one, with a token that is drawn when it is first asked for.
     *
     * @param ownerTokens gives another token each time
     */
    public Claim(RecordId id, String hash, String form, String traceId, Supplier<String> ownerTokens, RecordTimes times, String digests) {
        this.id = id;
        this.hash = hash;
        this.form = form;
        this.traceId = traceId;
        this.ownerTokens = ownerTokens;
        this.times = times;
        this.digests = digests;
    }

    /** The record. */
    public RecordId id() {
        return id;
    }

    /** SHA-256 of the payload, hex. */
    public String hash() {
        return hash;
    }

    /** The canonical form that was hashed. */
    public String form() {
        return form;
    }

    /** The trace id known before the body runs; empty where there is none. */
    public String traceId() {
        return traceId;
    }

    /** The owner token. */
    public String owner() {
        if (owner == null) {
            OWNER.compareAndSet(this, null, ownerTokens.get());
        }
        return owner;
    }

    /** Whether both carry the same owner token. */
    public boolean isOfSameOwner(Claim other) {
        return this == other || owner().equals(other.owner());
    }

    /**
     * Whether its call owns the record and has not ended: its lease is to be renewed, and needs no renewal in a store of this process,
     * which sees it here.
     */
    public boolean isGranted() {
        return granted != 0;
    }

    /** Says whether {@link #isGranted()}. Others may see it some nanoseconds later. */
    public void granted(boolean byStore) {
        GRANTED.lazySet(this, byStore ? 1 : 0);
    }

    /** How long the claim is held without a renewal. */
    public long leaseMillis() {
        return times.leaseMillis();
    }

    /** The digests of the document's members; empty where not wanted. */
    public String digests() {
        return digests;
    }

    /** The record's TTL in whole seconds, never below 1. */
    public long ttlSeconds() {
        return Math.max(1, times.ttlMillis() / 1000);
    }

    /** A failed record's TTL in whole seconds, never below 1. */
    public long failedTtlSeconds() {
        return Math.max(1, times.failedTtlMillis() / 1000);
    }
}
