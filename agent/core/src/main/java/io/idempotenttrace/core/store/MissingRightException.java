package io.idempotenttrace.core.store;

import io.idempotenttrace.IdempotencyStoreException;
import org.jspecify.annotations.Nullable;

/**
 * The store answered that its user lacks a right to the step. The store is not away, and other records may be allowed; the step may be so
 * later.
 */
public final class MissingRightException extends IdempotencyStoreException {

    private static final long serialVersionUID = 1L;

    /** @see IdempotencyStoreException#IdempotencyStoreException(String, String, String, String, Throwable) */
    public MissingRightException(
            String message,
            @Nullable String tenant,
            @Nullable String key,
            @Nullable String storedTraceId,
            @Nullable Throwable cause) {
        super(message, tenant, key, storedTraceId, cause);
    }
}
