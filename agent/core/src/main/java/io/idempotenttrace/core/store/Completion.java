package io.idempotenttrace.core.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a finished body leaves behind.
 *
 * @param traceId the trace id it returned; empty to keep the claim's
 * @param result its result as JSON; null where none is to be stored
 * @param responseHash SHA-256 of the result's JSON, keyed where hashes are, hex; empty where there is none
 */
public record Completion(String traceId, @Nullable String result, String responseHash) {

    /** @throws NullPointerException if trace id or response hash is null */
    public Completion {
        Objects.requireNonNull(traceId, "traceId: empty to keep the claim's");
        Objects.requireNonNull(responseHash, "responseHash: empty where there is none");
    }

    /** The trace id of a record that is completed so, of which the claim said that one. */
    public String traceIdOr(String ofClaim) {
        return traceId.isEmpty() ? ofClaim : traceId;
    }

    /** A body that returned nothing worth storing. */
    public static final Completion EMPTY = new Completion("", null, "");
}
