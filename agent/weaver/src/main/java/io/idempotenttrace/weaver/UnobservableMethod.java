package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.bridge.GuardedCall;
import io.idempotenttrace.core.guard.GuardMode;

/** A method whose end can't be observed: a completed record would say that its work is done, which nobody knows. */
final class UnobservableMethod extends GuardedMethod {

    private final String what;

    /** @param what what it returns and why that has no end to be seen, for people */
    UnobservableMethod(MethodSpecification specification, Class<?> declaring, ReturnValue nothing, Parts parts, String what) {
        super(specification, declaring, nothing, parts);
        this.what = what;
    }

    @Override
    public GuardedCall enter(Object[] arguments) {
        RuntimeException theirs;
        try {
            GuardMode mode = guard.mode();
            if (mode == GuardMode.OFF || isCalledByAgent()) {
                return null;
            }
            if (mode == GuardMode.OBSERVE || !throwsOnUnobservable) {
                countUnguarded();
                return null;
            }
            countRefused();
            theirs = translate(new IdempotencyException(specification.qualifiedName() + " returns " + what + ". The body did not run"
                    + " (on-unobservable=throw); do not acknowledge the message", null, null, null, null), arguments);
        } catch (Throwable fault) {
            sayFaultAtEntry(fault);
            return null;
        }
        throw theirs;
    }
}
