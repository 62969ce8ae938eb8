package io.idempotenttrace.core.canonical;

import org.jspecify.annotations.Nullable;

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
    public UnhashableException(String pointer, String reason, @Nullable Throwable cause) {
        super("at '" + printable(pointer) + "': " + reason, cause);
        this.pointer = pointer;
        this.reason = reason;
    }

    /** The names of members are the payload's: a line break in one must not begin a line of a log. */
    static String printable(String name) {
        StringBuilder text = new StringBuilder(name.length());
        name.codePoints().forEach(c -> {
            int kind = Character.getType(c);
            if (kind == Character.SURROGATE
                    || kind == Character.CONTROL
                    || kind == Character.FORMAT
                    || kind == Character.LINE_SEPARATOR
                    || kind == Character.PARAGRAPH_SEPARATOR) {
                text.append(String.format("\\u%04x", c));
            } else {
                text.appendCodePoint(c);
            }
        });
        return text.toString();
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
