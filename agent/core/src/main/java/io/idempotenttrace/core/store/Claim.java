package io.idempotenttrace.core.store;

/**
 * One call's wish to own a record. The same object claims, renews, completes and fails, so that each step carries the owner
 * token and a vanished record can be written whole again.
 *
 * @param id the record
 * @param hash SHA-256 of the payload, 64 lower-case hex digits
 * @param form the canonical form that was hashed, such as {@code python}; hashes of two forms are not comparable
 * @param traceId the trace id known before the body runs; empty where there is none
 * @param owner the owner token: 22 characters without a space, another for each call, the same in every re-send of that call's commands
 * @param ttlMillis how long the record lives; at least 1,000, kept in whole seconds
 * @param failedTtlMillis how long a failed record lives; at least 1,000, kept in whole seconds
 * @param leaseMillis how long the claim is held without a renewal; above 0
 * @param digests the digests of the document's members, to say later which of them differ; empty where not wanted
 */
public record Claim(RecordId id, String hash, String form, String traceId, String owner, long ttlMillis, long failedTtlMillis,
        long leaseMillis, String digests) {

    /** The record's TTL in whole seconds, never below 1. */
    public long ttlSeconds() {
        return Math.max(1, ttlMillis / 1000);
    }

    /** A failed record's TTL in whole seconds, never below 1. */
    public long failedTtlSeconds() {
        return Math.max(1, failedTtlMillis / 1000);
    }
}
