package io.idempotenttrace.core.guard;

import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.core.store.RecordId;
import org.jspecify.annotations.Nullable;

/** A conflict with what is known of the other payload: digests, never the payload. */
public final class PayloadConflictException extends TraceConflictException {

    private static final long serialVersionUID = 1L;

    private final transient RecordId record;
    private final String storedForm;
    private final String storedDigests;

    PayloadConflictException(
            String message, RecordId record, @Nullable String storedTraceId, String storedForm, String storedDigests) {
        super(message, record.tenant(), record.key(), storedTraceId, null);
        this.record = record;
        this.storedForm = storedForm;
        this.storedDigests = storedDigests;
    }

    /** The record that has the other payload. Null in an exception that was serialized. */
    public RecordId record() {
        return record;
    }

    /** The form of the other payload's hash and digests, as the record names it. */
    public String storedForm() {
        return storedForm;
    }

    /** The digests of the other payload's members; empty where they are not known. */
    public String storedDigests() {
        return storedDigests;
    }
}
