package io.idempotenttrace.core.canonical;

/**
 * A value that has no canonical JSON: a stream, a cycle, too deep, too big, a getter that throws. The message names the
 * place as a JSON Pointer, the type and what to do, never the payload.
 */
public final class UnhashableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String pointer;
    private final String reason;

    /**
     * @param pointer where in the document, as a JSON Pointer (RFC 6901); empty for the document itself
     * @param reason what is wrong there and what to do
     * @param cause what the application's code threw; null where it did not
     */
    public UnhashableException(String pointer, String reason, Throwable cause) {
        super("at '" + pointer + "': " + reason, cause);
        this.pointer = pointer;
        this.reason = reason;
    }

    /** Where in the document, as a JSON Pointer; empty for the document itself. */
    public String pointer() {
        return pointer;
    }

    /** What is wrong there and what to do. */
    public String reason() {
        return reason;
    }
}
