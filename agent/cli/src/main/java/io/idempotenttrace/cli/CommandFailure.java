package io.idempotenttrace.cli;

/** A command can't do what was asked for; the message names the thing, the value and what to do. */
final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1L;

    CommandFailure(String message) {
        super(message);
    }
}
