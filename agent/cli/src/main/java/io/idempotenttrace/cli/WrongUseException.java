package io.idempotenttrace.cli;

/** The command line, or a setting, can't be meant as it is: exit status 2. Its message names the option and what to do, without secrets. */
final class WrongUseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WrongUseException(String message) {
        super(message);
    }
}
