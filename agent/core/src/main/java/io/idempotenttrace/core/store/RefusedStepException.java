package io.idempotenttrace.core.store;

import io.idempotenttrace.IdempotencyStoreException;
import org.jspecify.annotations.Nullable;

/**
 * The store answered, but can't take the step on this one record: its key holds something else, or the claim reached fewer
 * replicas or disks than asked for. Other records are not affected, so the store counts as well.
 */
public final class RefusedStepException extends IdempotencyStoreException {

    private static final long serialVersionUID = 1L;

    /** @see IdempotencyStoreException#IdempotencyStoreException(String, String, String, String, Throwable) */
    public RefusedStepException(
            String message,
            @Nullable String tenant,
            @Nullable String key,
            @Nullable String storedTraceId,
            @Nullable Throwable cause) {
        super(message, tenant, key, storedTraceId, cause);
    }
}
