package io.idempotenttrace.chaos.simulation;

/** Thrown through the threads of a process that is gone, at their next step: nothing of it does anything any more. */
final class Killed extends Error {

    private static final long serialVersionUID = 1;

    static final Killed SIGNAL = new Killed();

    private Killed() {
        super("the simulated process is gone", null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    }
}
