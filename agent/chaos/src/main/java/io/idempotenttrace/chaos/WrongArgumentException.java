package io.idempotenttrace.chaos;

/** An argument can't be used. The program prints the message, and ends with status 2. */
public final class WrongArgumentException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param message names the argument, its value and what to do */
    public WrongArgumentException(String message) {
        super(message);
    }
}
