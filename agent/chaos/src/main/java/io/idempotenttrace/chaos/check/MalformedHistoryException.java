package io.idempotenttrace.chaos.check;

/** A history that nobody can judge: it is cut off, or says what its format does not know. */
public final class MalformedHistoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    MalformedHistoryException(String message) {
        super(message);
    }
}
