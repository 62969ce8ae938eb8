package io.idempotenttrace.core.guard;

import io.idempotenttrace.TraceConflictException;
import org.jspecify.annotations.Nullable;

/** A conflict with what the record tells of the other payload: digests, never the payload. */
public final class PayloadConflictException extends TraceConflictException {

    private static final long serialVersionUID = 1L;

    private final String storedForm;
    private final String storedDigests;

    PayloadConflictException(
            String message,
            String tenant,
            String key,
            @Nullable String storedTraceId,
            String storedForm,
            String storedDigests) {
        super(message, tenant, key, storedTraceId, null);
        this.storedForm = storedForm;
        this.storedDigests = storedDigests;
    }

    /** The canonical form of the other payload's hash and digests, as the record names it. */
    public String storedForm() {
        return storedForm;
    }

    /** The digests of the other payload's members; empty where none are stored. */
    public String storedDigests() {
        return storedDigests;
    }
}
