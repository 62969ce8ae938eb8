package io.idempotenttrace;

import org.jspecify.annotations.Nullable;

/**
 * The store could not answer (down, slow, refusing), or the arguments could not be hashed, and the policy is
 * {@link OnStoreFailure#THROW}. The body did not run; retry later.
 */
public class IdempotencyStoreException extends IdempotencyException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened and what to do
     * @param tenant the tenant of the call; null where it could not be computed
     * @param key the idempotency key of the call; null where it could not be computed
     * @param storedTraceId the trace id of the record that answered; null where there is none
     * @param cause the failure behind this one; null where there is none
     */
    public IdempotencyStoreException(
            String message,
            @Nullable String tenant,
            @Nullable String key,
            @Nullable String storedTraceId,
            @Nullable Throwable cause) {
        super(message, tenant, key, storedTraceId, cause);
    }
}
