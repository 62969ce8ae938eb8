package io.idempotenttrace.core.guard;

/** What the guard does with its verdicts; the setting {@code mode}. */
public enum GuardMode {

    /** A verdict decides whether the body runs. */
    ENFORCE,
    /** Every body runs; verdicts are counted and logged. */
    OBSERVE,
    /** Every body runs; nothing is asked, counted or logged. */
    OFF
}
