package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.bridge.GuardedCall;
import io.idempotenttrace.bridge.SuppressedCall;
import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.guard.RunningCall;

/** A method whose body has ended when it returns: the caller's thread waits for the claim, and runs the body. */
final class ImmediateMethod extends GuardedMethod {

    private final BlockingCalls blockingCalls;

    ImmediateMethod(MethodSpecification specification, Class<?> declaring, ReturnValue returnValue, Parts parts) {
        super(specification, declaring, returnValue, parts);
        blockingCalls = new BlockingCalls(specification.qualifiedName(), parts);
    }

    @Override
    public GuardedCall enter(Object[] arguments) {
        IdempotencyException refusal;
        try {
            return guard.mode() == GuardMode.OFF || isCalledByAgent() ? null : admit(arguments);
        } catch (IdempotencyException e) {
            refusal = e;
        } catch (Throwable fault) {
            sayFaultAtEntry(fault);
            return null;
        }
        RuntimeException theirs;
        try {
            theirs = translate(refusal, arguments);
        } catch (Throwable fault) {
            sayFaultAtEntry(fault);
            return null;
        }
        throw theirs;
    }

    private GuardedCall admit(Object[] arguments) {
        Request request = request(arguments);
        if (request == null) {
            return null;
        }
        blockingCalls.warnOnce();
        Admission admission = admit(request);
        if (admission instanceof RunningCall running) {
            try {
                OwnedCall call = new OwnedCall(running);
                guard.enterBody(running);
                return call;
            } catch (Throwable fault) {
                guard.abandon(running);
                throw fault;
            }
        }
        if (admission instanceof Admission.Stored stored) {
            return returnValue.isVoid() ? SuppressedCall.WITHOUT_VALUE
                    : new SuppressedCall(returnValue.replay(stored, request.id()));
        }
        return null;
    }

    /** A call whose body runs as the owner of its key. */
    private final class OwnedCall extends GuardedCall {

        private final RunningCall running;

        OwnedCall(RunningCall running) {
            this.running = running;
        }

        @Override
        public Object end(Object returned, Throwable thrown) {
            try {
                guard.leaveBody(running);
                ImmediateMethod.this.end(running, returned, thrown);
            } catch (Throwable fault) {
                abandon(running, fault);
            }
            return returned;
        }
    }
}
