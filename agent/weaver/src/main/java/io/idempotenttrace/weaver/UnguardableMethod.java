package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.bridge.GuardPoint;
import io.idempotenttrace.bridge.GuardedCall;
import io.idempotenttrace.core.guard.CallCounters;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.guard.ScopeMode;
import io.idempotenttrace.core.guard.UnguardedReason;
import io.idempotenttrace.weaver.application.ApplicationCode;
import org.jspecify.annotations.Nullable;

/** A suspend function that can't be guarded: its calls are refused, or its bodies run and are counted, as the policy says. */
final class UnguardableMethod extends GuardPoint {

    private final String problem;
    private final boolean refuses;
    private final ScopeMode mode;
    private final CallCounters counters;
    private final ApplicationExceptions exceptions;
    private final String continuation;

    UnguardableMethod(
            String problem,
            Class<?> declaring,
            MethodSpecification specification,
            boolean refuses,
            GuardedMethod.Parts parts) {
        this.problem = problem;
        this.refuses = refuses;
        this.mode = Policies.mode(specification, parts);
        this.counters = parts.counters()
                .of(specification.signature(), Policies.recordScope(specification, parts.configuration()));
        this.exceptions = new ApplicationExceptions(declaring.getClassLoader());
        this.continuation = declaring.getName() + '$' + specification.methodName() + '$';
    }

    @Override
    public @Nullable GuardedCall enter(Object[] arguments) {
        GuardMode now = mode.mode();
        if (ApplicationCode.isRunning() || isResumed(arguments) || now == GuardMode.OFF && !mode.isSwitched()) {
            return null;
        }
        if (!refuses || now != GuardMode.ENFORCE) {
            counters.countUnguarded(now == GuardMode.OFF ? UnguardedReason.SWITCHED_OFF : UnguardedReason.UNGUARDABLE);
            return null;
        }
        counters.count(Ending.FAILED);
        throw exceptions.translate(
                new IdempotencyStoreException(
                        problem + ". The body did not run (on-store-failure=throw)", null, null, null, null),
                "");
    }

    /** Kotlin enters the function again, with a continuation of its own, when it goes on after a suspension. */
    private boolean isResumed(Object[] arguments) {
        for (Object argument : arguments) {
            if (argument != null && argument.getClass().getName().startsWith(continuation)) {
                return true;
            }
        }
        return false;
    }
}
