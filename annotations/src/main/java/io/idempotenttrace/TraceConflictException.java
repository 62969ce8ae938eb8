package io.idempotenttrace;

import org.jspecify.annotations.Nullable;

/**
 * The key was used before with another payload. The body did not run, and a retry gets the same answer: the sender reused a
 * key, or a volatile field is part of the payload (see {@link IdempotentTrace#exclude()}).
 */
public class TraceConflictException extends IdempotencyException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened and what to do
     * @param tenant the tenant of the call; null where it could not be computed
     * @param key the idempotency key of the call; null where it could not be computed
     * @param storedTraceId the trace id of the record that answered; null where there is none
     * @param cause the failure behind this one; null where there is none
     */
    public TraceConflictException(
            String message,
            @Nullable String tenant,
            @Nullable String key,
            @Nullable String storedTraceId,
            @Nullable Throwable cause) {
        super(message, tenant, key, storedTraceId, cause);
    }
}
