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

/** A method that can't be guarded, and whose calls are seen: they are refused, or its bodies run and are counted, as the policy says. */
final class UnguardableMethod extends GuardPoint {

    /** What the exception says by which its calls are refused; null where its bodies run. */
    private final @Nullable String refusal;

    private final ScopeMode mode;
    private final CallCounters counters;
    private final ApplicationExceptions exceptions;
    /** How the names of the classes of a suspend function's own continuations begin; null for every other method. */
    private final @Nullable String continuation;

    UnguardableMethod(
            Class<?> declaring,
            MethodSpecification specification,
            @Nullable String refusal,
            GuardedMethod.Parts parts) {
        this.refusal = refusal;
        this.mode = Policies.mode(specification, parts);
        this.counters = parts.counters()
                .of(specification.signature(), Policies.recordScope(specification, parts.configuration()));
        this.exceptions = new ApplicationExceptions(declaring.getClassLoader());
        this.continuation =
                specification.isSuspending() ? declaring.getName() + '$' + specification.methodName() + '$' : null;
    }

    @Override
    public @Nullable GuardedCall enter(Object[] arguments) {
        GuardMode now = mode.mode();
        if (ApplicationCode.isRunning() || isResumed(arguments) || now == GuardMode.OFF && !mode.isSwitched()) {
            return null;
        }
        if (refusal == null || now != GuardMode.ENFORCE) {
            counters.countUnguarded(now == GuardMode.OFF ? UnguardedReason.SWITCHED_OFF : UnguardedReason.UNGUARDABLE);
            return null;
        }
        counters.count(Ending.FAILED);
        throw exceptions.translate(new IdempotencyStoreException(refusal, null, null, null, null), "");
    }

    /** Kotlin enters the function again, with a continuation of its own, when it goes on after a suspension. */
    private boolean isResumed(Object[] arguments) {
        if (continuation == null) {
            return false;
        }
        for (Object argument : arguments) {
            if (argument != null && argument.getClass().getName().startsWith(continuation)) {
                return true;
            }
        }
        return false;
    }
}
