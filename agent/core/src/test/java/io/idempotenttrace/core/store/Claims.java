package io.idempotenttrace.core.store;

import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.PayloadDigest;
import java.util.Objects;
import java.util.UUID;

/** Claims as tests need them. */
public final class Claims {

    private Claims() {}

    /** A request of the python form, without digests and trace id. */
    public static ClaimRequest request(RecordId id, String hash) {
        return request(id, hash, "python", "", "");
    }

    public static ClaimRequest request(RecordId id, String hash, String form, String traceId, String digests) {
        return new ClaimRequest(
                id, new PayloadDigest(Objects.requireNonNull(HashForm.named(form), form), hash, digests), traceId);
    }

    public static Claim of(
            RecordId id,
            String hash,
            String form,
            String traceId,
            String owner,
            long ttlMillis,
            long failedTtlMillis,
            long leaseMillis,
            String digests) {
        return new Claim(
                request(id, hash, form, traceId, digests),
                new RecordTimes(ttlMillis, failedTtlMillis, leaseMillis),
                owner);
    }

    /** One for a minute, with an owner of its own. */
    public static Claim forAMinute(RecordId id) {
        String owner = UUID.randomUUID().toString().replace("-", "");
        return of(id, "a".repeat(64), "python", "", owner, 60_000, 60_000, 60_000, "");
    }
}
