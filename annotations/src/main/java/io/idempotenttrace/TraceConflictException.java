package io.idempotenttrace;

/**
 * The key was used before with another payload. The body did not run, and a retry gets the same answer: the sender reused a
 * key, or a volatile field is part of the payload (see {@link IdempotentTrace#exclude()}).
 */
public class TraceConflictException extends IdempotencyException {

    private static final long serialVersionUID = 1L;

    /** @see IdempotencyException#IdempotencyException(String, String, String, String, Throwable) */
    public TraceConflictException(String message, String tenant, String key, String storedTraceId, Throwable cause) {
        super(message, tenant, key, storedTraceId, cause);
    }
}
