package io.idempotenttrace.core.store;

import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.PayloadDigest;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a call asks for: the record, and the payload that it has for it.
 *
 * @param id the record
 * @param payload what the call's payload hashes to
 * @param traceId the trace id known before the body runs; empty where there is none
 * @param forms hashes the payload in another form; null where the payload itself is not known, or was hashed in another form already
 * @param arguments of the call, for {@code forms}; null where that is
 */
public record ClaimRequest(
        RecordId id,
        PayloadDigest payload,
        String traceId,
        @Nullable PayloadForms forms,
        Object @Nullable [] arguments) {

    /** Of a payload that is known by its hash alone. */
    public ClaimRequest(RecordId id, PayloadDigest payload, String traceId) {
        this(id, payload, traceId, /* forms= */ null, /* arguments= */ null);
    }

    /** @throws NullPointerException if one of the first three arguments is null */
    public ClaimRequest {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(traceId, "traceId: empty where there is none");
    }

    /**
     * The same, of the payload in the form of a record that the call has met; a call does so once.
     *
     * @param key as {@link ClaimResult#form()} names it
     * @param recordHash the hash in the record
     * @return null if it has that form already, nobody here knows the form or its secret, or the payload is not known or has no hash in it
     */
    public @Nullable ClaimRequest inForm(String key, String recordHash) {
        if (forms == null || arguments == null || key.equals(payload.form().text())) {
            return null;
        }
        HashForm form = HashForm.named(key);
        PayloadDigest other = form == null ? null : forms.digest(form, recordHash, arguments);
        return other == null ? null : new ClaimRequest(id, other, traceId);
    }

    /** The members in which the payload differs from that of a record, by the answer to its claim; empty where they are not known. */
    public List<String> differing(ClaimResult conflict) {
        return forms == null || arguments == null
                ? List.of()
                : forms.differing(id, conflict.form(), conflict.digests(), arguments);
    }
}
