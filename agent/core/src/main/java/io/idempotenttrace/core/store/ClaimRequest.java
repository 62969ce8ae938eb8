package io.idempotenttrace.core.store;

import io.idempotenttrace.core.canonical.PayloadDigest;
import java.util.Objects;

/**
 * What a call asks for: the record, and the payload that it has for it.
 *
 * @param id the record
 * @param payload what the call's payload hashes to
 * @param traceId the trace id known before the body runs; empty where there is none
 */
public record ClaimRequest(RecordId id, PayloadDigest payload, String traceId) {

    /** @throws NullPointerException if an argument is null */
    public ClaimRequest {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(traceId, "traceId: empty where there is none");
    }
}
