package io.idempotenttrace.core.store;

import java.util.function.LongFunction;

/**
 * One call's wish to own a record. The same object claims, renews, completes and fails, so that each step carries the owner
 * token and a vanished record can be written whole again. Safe for use by many threads.
 */
public final class Claim {

    private final RecordId id;
    private final String hash;
    private final String form;
    private final String traceId;
    private final long ttlMillis;
    private final long failedTtlMillis;
    private final long leaseMillis;
    private final String digests;
    /** What makes the owner token of a call's number; null where the token was given. */
    private final LongFunction<String> ownerTokens;
    private final long call;
    /** Null until somebody asks: a store of this process tells owners apart by their claims. */
    private volatile String owner;

    /**
     * @param id the record
     * @param hash SHA-256 of the payload, 64 lower-case hex digits
     * @param form the canonical form that was hashed, such as {@code python}; hashes of two forms are not comparable
     * @param traceId the trace id known before the body runs; empty where there is none
     * @param owner the owner token, without a space: another for each call, the same in every re-send of that call's commands
     * @param ttlMillis how long the record lives; at least 1,000, kept in whole seconds
     * @param failedTtlMillis how long a failed record lives; at least 1,000, kept in whole seconds
     * @param leaseMillis how long the claim is held without a renewal; above 0
     * @param digests the digests of the document's members, to say later which of them differ; empty where not wanted
     */
    public Claim(RecordId id, String hash, String form, String traceId, String owner, long ttlMillis, long failedTtlMillis,
            long leaseMillis, String digests) {
        this(id, hash, form, traceId, null, 0, ttlMillis, failedTtlMillis, leaseMillis, digests);
        this.owner = owner;
    }

    /**
     * As the other one, with a token that is made when it is asked for.
     *
     * @param ownerTokens makes the owner token of that call; the same each time
     */
    public Claim(RecordId id, String hash, String form, String traceId, LongFunction<String> ownerTokens, long call, long ttlMillis,
            long failedTtlMillis, long leaseMillis, String digests) {
        this.id = id;
        this.hash = hash;
        this.form = form;
        this.traceId = traceId;
        this.ownerTokens = ownerTokens;
        this.call = call;
        this.ttlMillis = ttlMillis;
        this.failedTtlMillis = failedTtlMillis;
        this.leaseMillis = leaseMillis;
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
        String known = owner;
        if (known == null) {
            known = ownerTokens.apply(call);
            owner = known;
        }
        return known;
    }

    /** Whether both carry the same owner token. */
    public boolean isOfSameOwner(Claim other) {
        return this == other || owner().equals(other.owner());
    }

    /** How long the claim is held without a renewal. */
    public long leaseMillis() {
        return leaseMillis;
    }

    /** The digests of the document's members; empty where not wanted. */
    public String digests() {
        return digests;
    }

    /** The record's TTL in whole seconds, never below 1. */
    public long ttlSeconds() {
        return Math.max(1, ttlMillis / 1000);
    }

    /** A failed record's TTL in whole seconds, never below 1. */
    public long failedTtlSeconds() {
        return Math.max(1, failedTtlMillis / 1000);
    }
}
