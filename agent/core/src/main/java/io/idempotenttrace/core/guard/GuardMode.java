package io.idempotenttrace.core.guard;

import java.util.Locale;

/** What the guard does with its verdicts; the setting {@code mode}. */
public enum GuardMode {

    /** A verdict decides whether the body runs. */
    ENFORCE,
    /** Every body runs; verdicts are counted and logged. */
    OBSERVE,
    /** Every body runs; nothing is asked, counted or logged. */
    OFF;

    /** As the setting has it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
