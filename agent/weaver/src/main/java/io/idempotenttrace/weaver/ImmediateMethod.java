package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.bridge.GuardedCall;
import io.idempotenttrace.bridge.SuppressedCall;
import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.KeyTakenError;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.guard.UnacknowledgedCompletionException;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.weaver.async.ReturnedClass;
import org.jspecify.annotations.Nullable;

/**
 * A method whose body has ended when it returns, as far as its declared type says: the caller's thread waits for the claim, and runs
 * the body. The value's own class may say that its work goes on.
 */
final class ImmediateMethod extends GuardedMethod {

    private final BlockingCalls blockingCalls;
    private final Class<?> declared;

    /** @param declared the method's return type */
    ImmediateMethod(
            MethodSpecification specification,
            Class<?> declaring,
            ReturnValue returnValue,
            Parts parts,
            Class<?> declared) {
        super(specification, declaring, returnValue, parts);
        this.declared = declared;
        blockingCalls = new BlockingCalls(specification.qualifiedName(), parts);
    }

    @Override
    @Nullable
    GuardedCall admit(Object[] arguments) {
        ClaimRequest request = request(arguments);
        if (request == null) {
            return null;
        }
        blockingCalls.warnOnce();
        Admission admission = claim(request);
        if (admission instanceof RunningCall running) {
            try {
                OwnedCall call = new OwnedCall(running, receiver(arguments));
                guard.enterBody(running);
                return call;
            } catch (Throwable fault) {
                guard.abandon(running);
                throw fault;
            }
        }
        if (admission instanceof Admission.Stored stored) {
            if (returnValue.isVoid()) {
                return SuppressedCall.WITHOUT_VALUE;
            }
            Object value = replay(stored, request.id(), receiver(arguments));
            try {
                return new SuppressedCall(value);
            } catch (Throwable fault) {
                throw KeyTakenError.UNTOLD;
            }
        }
        return null;
    }

    /** A call whose body runs as the owner of its key. */
    private final class OwnedCall extends GuardedCall {

        private final RunningCall running;
        private final @Nullable Object receiver;

        OwnedCall(RunningCall running, @Nullable Object receiver) {
            this.running = running;
            this.receiver = receiver;
        }

        @Override
        public @Nullable Object end(@Nullable Object returned, @Nullable Throwable thrown) {
            RuntimeException refusal = null;
            try {
                guard.leaveBody(running);
                ReturnedClass known = thrown == null ? returnedClass(returned) : null;
                if (returned != null && known != null && known.goesOn()) {
                    Object guarded =
                            new UndeclaredEnd(ImmediateMethod.this, running).guarded(returned, known, declared);
                    if (guarded != null) {
                        return guarded;
                    }
                    refusal = unobserved(running, UnendedReturn.described(returned.getClass(), known));
                } else {
                    ImmediateMethod.this.end(running, returned, thrown, receiver);
                }
            } catch (UnacknowledgedCompletionException told) {
                refusal = translate(told);
            } catch (Throwable fault) {
                abandon(running, fault);
            }
            if (refusal != null) {
                throw refusal;
            }
            return returned;
        }

        /** Null where the caller gets what the body returned. */
        private @Nullable RuntimeException unobserved(RunningCall running, String what) {
            guard.unobserved(running, NOT_SEEN, /* mayBlock= */ true);
            sayUnobserved("a " + what);
            return !throwsOnUnobservable || isObserved()
                    ? null
                    : translate(new IdempotencyException(
                            specification.qualifiedName() + " returned a " + what
                                    + ". Its body ran, and nobody can tell whether its work is done (on-unobservable=throw); do not acknowledge the"
                                    + " message",
                            null,
                            null,
                            null,
                            null));
        }
    }
}
