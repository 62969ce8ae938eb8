package io.idempotenttrace.core.store;

import org.jspecify.annotations.Nullable;

/**
 * What a store answers to a claim.
 *
 * @param verdict the answer
 * @param hash the hash in the record; for NEW the claim's own
 * @param traceId the trace id in the record; empty where there is none
 * @param result the stored result as JSON; null where none is stored
 * @param digests the digests of the first payload's members, as its claim had them; empty where they are not known
 * @param attempt how often the record was claimed, this claim included; 1 for a first one, 0 where another worker's record
 *        does not say
 * @param fence the fencing token of the last grant, growing with every grant of the record; 0 where unknown
 * @param leaseRemainingMillis for IN_PROGRESS, what is left of the owner's lease; else 0
 * @param holder who holds the record, for people; empty where unknown
 * @param createdAtSeconds when the record was first written, by the store's clock; 0 where unknown
 * @param form for CONFLICT, the form of the hash in the record, as {@link io.idempotenttrace.core.canonical.HashForm#text()}, which may be
 *        one that nobody here knows; else empty
 * @param newerVersion for IN_PROGRESS, the version of a record that a newer agent wrote and this one can't take over; else empty
 */
public record ClaimResult(
        Verdict verdict,
        String hash,
        String traceId,
        @Nullable String result,
        String digests,
        long attempt,
        long fence,
        long leaseRemainingMillis,
        String holder,
        long createdAtSeconds,
        String form,
        String newerVersion) {

    /** Of a record whose version is known here. */
    public ClaimResult(
            Verdict verdict,
            String hash,
            String traceId,
            @Nullable String result,
            String digests,
            long attempt,
            long fence,
            long leaseRemainingMillis,
            String holder,
            long createdAtSeconds,
            String form) {
        this(
                verdict,
                hash,
                traceId,
                result,
                digests,
                attempt,
                fence,
                leaseRemainingMillis,
                holder,
                createdAtSeconds,
                form,
                /* newerVersion= */ "");
    }

    /** The holder of a record that is held here. */
    public static final String OWN_PROCESS = "a call of this process";

    /** The same answer, with those digests. */
    public ClaimResult with(String knownDigests) {
        return new ClaimResult(
                verdict,
                hash,
                traceId,
                result,
                knownDigests,
                attempt,
                fence,
                leaseRemainingMillis,
                holder,
                createdAtSeconds,
                form,
                newerVersion);
    }
}
