package io.idempotenttrace;

import org.jspecify.annotations.Nullable;

/**
 * A guarded call that was not answered by running its body or by a stored value. The subclass names the reason, the
 * message says what to do. None of them carries payload: tenant, key and trace ids only.
 */
public class IdempotencyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The tenant of the call, or null. */
    private final @Nullable String tenant;
    /** The idempotency key of the call, or null. */
    private final @Nullable String key;
    /** The trace id of the record that answered, or null. */
    private final @Nullable String storedTraceId;

    /**
     * @param message what happened and what to do
     * @param tenant the tenant of the call; null where it could not be computed
     * @param key the idempotency key of the call; null where it could not be computed
     * @param storedTraceId the trace id of the record that answered; null where there is none
     * @param cause the failure behind this one; null where there is none
     */
    public IdempotencyException(
            String message,
            @Nullable String tenant,
            @Nullable String key,
            @Nullable String storedTraceId,
            @Nullable Throwable cause) {
        super(message, cause);
        this.tenant = tenant;
        this.key = key;
        this.storedTraceId = storedTraceId;
    }

    /** {@return the tenant of the call; null where it could not be computed} */
    public @Nullable String getTenant() {
        return tenant;
    }

    /** {@return the idempotency key of the call, without tenant and scope; null where it could not be computed} */
    public @Nullable String getKey() {
        return key;
    }

    /** {@return the trace id of the record that answered; null where there is none} */
    public @Nullable String getStoredTraceId() {
        return storedTraceId;
    }
}
