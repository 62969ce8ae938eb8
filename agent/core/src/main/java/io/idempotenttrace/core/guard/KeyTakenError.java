package io.idempotenttrace.core.guard;

import org.jspecify.annotations.Nullable;

/**
 * A fault of the guard's own, such as an end of the stack, after it has learnt that the call's key is held or completed: the body must not
 * run, whatever the policy says of a store that can't answer.
 */
public final class KeyTakenError extends Error {

    private static final long serialVersionUID = 1L;

    /** For where no other can be made: without cause, and without a trace, which would be that of another call. */
    @SuppressWarnings("StaticAssignmentOfThrowable")
    public static final KeyTakenError UNTOLD = new KeyTakenError();

    private KeyTakenError() {
        super("the key is taken", null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    }

    /** What went wrong: the cause of such an error, else the fault itself. */
    public static Throwable causeOf(Throwable fault) {
        Throwable cause = fault instanceof KeyTakenError ? fault.getCause() : null;
        return cause != null ? cause : fault;
    }

    /** @param fault what went wrong */
    public KeyTakenError(@Nullable Throwable fault) {
        super("the key is taken", fault);
    }
}
