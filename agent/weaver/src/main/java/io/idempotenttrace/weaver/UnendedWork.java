package io.idempotenttrace.weaver;

import io.idempotenttrace.weaver.async.ReturnedClass;
import io.idempotenttrace.weaver.async.UnendedTypes;
import org.jspecify.annotations.Nullable;

/** A part of a returned value whose work may go on, met where the value is looked at or written: the call can't be said to be done. */
final class UnendedWork extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private UnendedWork(String what) {
        // Thrown through the JSON library for what it says, not for where it is.
        super(what, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    }

    /** Null for a part that is a value, or that says itself that its work has ended. */
    static @Nullable UnendedWork of(Object part) {
        ReturnedClass known = ReturnedClass.of(part.getClass());
        return known == null || !known.goesOn() || known.unended() != null && RunningWork.hasEnded(part)
                ? null
                : new UnendedWork(UnendedReturn.described(part.getClass(), known));
    }

    /** Of a container that computes its elements. */
    static UnendedWork whileRead(Object container) {
        return new UnendedWork(UnendedReturn.described(container.getClass().getName(), UnendedTypes.READ));
    }

    /** What the JSON library has put around it; null if that is another failure. */
    static @Nullable UnendedWork in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnendedWork unended) {
                return unended;
            }
        }
        return null;
    }
}
