package io.idempotenttrace;

/**
 * The store could not answer (down, slow, refusing), or the arguments could not be hashed, and the policy is
 * {@link OnStoreFailure#THROW}. The body did not run; retry later.
 */
public class IdempotencyStoreException extends IdempotencyException {

    private static final long serialVersionUID = 1L;

    /** @see IdempotencyException#IdempotencyException(String, String, String, String, Throwable) */
    public IdempotencyStoreException(String message, String tenant, String key, String storedTraceId, Throwable cause) {
        super(message, tenant, key, storedTraceId, cause);
    }
}
