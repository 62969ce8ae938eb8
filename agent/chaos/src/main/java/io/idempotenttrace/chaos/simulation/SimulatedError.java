package io.idempotenttrace.chaos.simulation;

/** Stands for an Error of the JVM, such as an end of memory or stack, at a step that the seed has chosen. */
final class SimulatedError extends Error {

    private static final long serialVersionUID = 1;

    SimulatedError(String message) {
        super(message, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    }
}
