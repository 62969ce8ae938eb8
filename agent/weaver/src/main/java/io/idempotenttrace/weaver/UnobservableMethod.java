package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.bridge.GuardedCall;
import org.jspecify.annotations.Nullable;

/** A method whose end can't be observed: a completed record would say that its work is done, which nobody knows. */
final class UnobservableMethod extends GuardedMethod {

    private final String does;
    /** Null for a method that is no suspend function. */
    private final @Nullable Resumptions resumptions;

    /** @param does what it returns or takes, and why that has no end to be seen, for people */
    UnobservableMethod(
            MethodSpecification specification,
            Class<?> declaring,
            ReturnValue nothing,
            Parts parts,
            String does,
            @Nullable Resumptions resumptions) {
        super(specification, declaring, nothing, parts);
        this.does = does;
        this.resumptions = resumptions;
    }

    @Override
    @Nullable
    GuardedCall underWay(Object[] arguments) throws Throwable {
        // Behind the parameters may come the object that the method is called on.
        boolean resumption = resumptions != null
                && resumptions.isOne(arguments[specification.parameters().size() - 1]);
        return resumption ? SuspendedCall.BODY : null;
    }

    @Override
    @Nullable
    GuardedCall admit(Object[] arguments) {
        if (isObserved() || !throwsOnUnobservable) {
            countUnobservable();
            return null;
        }
        countRefused();
        throw new IdempotencyException(
                specification.qualifiedName() + ' ' + does + ". The body did not run"
                        + " (on-unobservable=throw); do not acknowledge the message",
                null,
                null,
                null,
                null);
    }
}
