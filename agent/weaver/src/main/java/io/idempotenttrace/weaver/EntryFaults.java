package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.guard.KeyTakenError;
import io.idempotenttrace.core.guard.ScopeMode;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of one method's calls when a fault of the agent's own comes before their body has begun. */
final class EntryFaults {

    private final String method;
    private final ScopeMode mode;
    private final ApplicationExceptions exceptions;
    /** Whether no body runs without a claim. */
    private final boolean closed;
    /** Made before it is needed: a fault may leave neither stack nor memory to make another one. */
    final RuntimeException prepared;

    EntryFaults(String method, ScopeMode mode, ApplicationExceptions exceptions, boolean closed) {
        this.method = method;
        this.mode = mode;
        this.exceptions = exceptions;
        this.closed = closed;
        this.prepared = exceptions.translate(
                refusal("no stack or memory was left to say more, or the thread was stopped", null), "");
        prepared.setStackTrace(new StackTraceElement[0]);
    }

    /**
     * What the call throws in the place of its body; null if that runs. Throws nothing.
     *
     * @param fault what went wrong
     */
    @Nullable
    Throwable refusal(Throwable fault) {
        // Locals alone, until it is known that there is stack for more.
        boolean refuses = closed || fault instanceof KeyTakenError;
        try {
            Throwable cause = KeyTakenError.causeOf(fault);
            if (mode.mode() == GuardMode.OBSERVE) {
                return null;
            }
            if (!closed && cause.getClass().getName().equals("java.lang.ThreadDeath")) {
                // The application wants the thread to end here.
                return cause;
            }
            if (!refuses) {
                return null;
            }
            RuntimeException told = exceptions.translate(refusal(Failures.text(cause), cause), "");
            // Without stack its class may not be found, which was found when the other one was made.
            return told.getClass() == prepared.getClass() ? told : prepared;
        } catch (Throwable again) {
            return refuses ? prepared : null;
        }
    }

    private IdempotencyStoreException refusal(String what, @Nullable Throwable cause) {
        return new IdempotencyStoreException(
                method + ": a fault of the agent came before its body (" + what + "). The body did not run ("
                        + (closed ? "on-store-failure=throw" : "its key is taken")
                        + "); do not acknowledge the message",
                null,
                null,
                null,
                cause);
    }
}
