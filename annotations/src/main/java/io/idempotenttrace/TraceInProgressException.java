package io.idempotenttrace;

/**
 * Another call with the same key and payload still runs. The body did not run; do not acknowledge the message, retry it later.
 */
public class TraceInProgressException extends IdempotencyException {

    private static final long serialVersionUID = 1L;

    /** @see IdempotencyException#IdempotencyException(String, String, String, String, Throwable) */
    public TraceInProgressException(String message, String tenant, String key, String storedTraceId, Throwable cause) {
        super(message, tenant, key, storedTraceId, cause);
    }
}
