package io.idempotenttrace;

/**
 * The call is a duplicate of a completed one and has no stored value to return, or its policy is {@link OnDuplicate#THROW}. The
 * body ran before; the message may be acknowledged.
 */
public class DuplicateTraceException extends IdempotencyException {

    private static final long serialVersionUID = 1L;

    /** @see IdempotencyException#IdempotencyException(String, String, String, String, Throwable) */
    public DuplicateTraceException(String message, String tenant, String key, String storedTraceId, Throwable cause) {
        super(message, tenant, key, storedTraceId, cause);
    }
}
