package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.bridge.GuardPoint;
import io.idempotenttrace.bridge.GuardedCall;
import io.idempotenttrace.bridge.SuppressedCall;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.UnhashableException;
import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.CallCounters;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.CallPolicy;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.guard.PayloadConflictException;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.RecordId;
import java.util.List;

/** One annotated method: turns its calls' arguments into key and hash, and the guard's answers into what the call does. */
final class GuardedMethod extends GuardPoint {

    private final MethodSpecification specification;
    private final CallDocument document;
    private final CallPolicy policy;
    private final ReturnValue returnValue;
    private final ApplicationExceptions exceptions;
    /** Null for a key that is shared with every other writer. */
    private final String scope;
    private final Guard guard;
    private final PayloadHasher hasher;
    private final CallCounters counters;
    private final GuardLog log;

    /** @param declaring the woven class; held as long as its own call site holds this */
    GuardedMethod(MethodSpecification specification, Class<?> declaring, Configuration configuration, Guard guard,
            PayloadHasher hasher, CallCounters counters, GuardLog log) {
        this.specification = specification;
        this.guard = guard;
        this.hasher = hasher;
        this.counters = counters;
        this.log = log;
        this.document = new CallDocument(specification, configuration);
        this.returnValue = new ReturnValue(specification, declaring, configuration, log);
        this.policy = Policies.resolve(specification, configuration);
        this.exceptions = new ApplicationExceptions(declaring.getClassLoader());
        this.scope = Policies.recordScope(specification);
    }

    @Override
    public GuardedCall enter(Object[] arguments) {
        IdempotencyException refusal;
        try {
            return guard.mode() == GuardMode.OFF ? null : admit(arguments);
        } catch (IdempotencyException e) {
            refusal = e;
        } catch (Throwable fault) {
            sayFault("in " + specification.qualifiedName(), fault, "its body runs as without the agent");
            return null;
        }
        RuntimeException theirs;
        try {
            theirs = exceptions.translate(refusal, detail(refusal, arguments));
        } catch (Throwable fault) {
            sayFault("in " + specification.qualifiedName(), fault, "its body runs as without the agent");
            return null;
        }
        throw theirs;
    }

    /** Whatever goes wrong here must not reach the application either. */
    private void sayFault(String where, Throwable fault, String consequence) {
        try {
            log.sayOnceAPeriod(GuardLog.Occasion.AGENT_FAULT, "fault of the agent " + where + " (" + fault + "); " + consequence
                    + ". Please report it");
        } catch (Throwable again) {
            // Nothing is left to say it with.
        }
    }

    /** What a conflict's message says besides: in which members the payloads differ. */
    private String detail(IdempotencyException refusal, Object[] arguments) {
        try {
            List<String> differing = refusal instanceof PayloadConflictException conflict
                    ? document.differing(hasher, arguments, conflict.storedDigests()) : List.of();
            return differing.isEmpty() ? "" : "; payload differs in: " + String.join(", ", differing);
        } catch (Throwable fault) {
            // The conflict stands without it.
            return "";
        }
    }

    private GuardedCall admit(Object[] arguments) {
        RecordId id;
        PayloadDigest payload;
        String traceId;
        try {
            payload = document.digest(hasher, arguments);
            String tenant = document.tenant(arguments);
            String key = document.key(arguments, payload.hash());
            if (key.isEmpty()) {
                return withoutKey(tenant);
            }
            id = new RecordId(tenant, scope, key);
            traceId = document.traceId(arguments);
        } catch (UnhashableException e) {
            return withoutHash(e);
        }
        Admission admission = guard.admit(id, payload.hash(), hasher.form().key(), payload.digests(), traceId, policy);
        if (admission instanceof RunningCall running) {
            return owned(running);
        }
        if (admission instanceof Admission.Stored stored) {
            return returnValue.isVoid() ? SuppressedCall.WITHOUT_VALUE : new SuppressedCall(returnValue.replay(stored, id));
        }
        return null;
    }

    private GuardedCall owned(RunningCall running) {
        try {
            OwnedCall call = new OwnedCall(running);
            guard.enterBody(running);
            return call;
        } catch (Throwable fault) {
            guard.abandon(running);
            throw fault;
        }
    }

    private GuardedCall withoutKey(String tenant) {
        String problem = specification.qualifiedName() + " was called without idempotency key (null or empty)";
        if (policy.throwOnMissingKey()) {
            counters.count(Ending.FAILED);
            throw new IdempotencyException(problem + ". The body did not run (on-missing-key=throw); send a key", tenant, null, null,
                    null);
        }
        counters.count(Ending.UNGUARDED);
        log.sayOnceAPeriod(GuardLog.Occasion.MISSING_KEY, problem + "; its body runs unguarded (on-missing-key=proceed)");
        return null;
    }

    private GuardedCall withoutHash(UnhashableException failure) {
        String problem = specification.qualifiedName() + ": " + document.describe(failure);
        if (policy.onStoreFailure() == OnStoreFailure.THROW) {
            counters.count(Ending.FAILED);
            throw new IdempotencyStoreException(problem + ". The body did not run (on-store-failure=throw)", null, null, null, failure);
        }
        counters.count(Ending.UNGUARDED);
        log.sayOnceAPeriod(GuardLog.Occasion.UNHASHABLE, problem + "; its body runs unguarded (on-store-failure=proceed)");
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
                if (thrown == null) {
                    guard.completed(running, storable(returned));
                } else if (isFinal(thrown)) {
                    guard.failedForGood(running, thrown);
                } else {
                    guard.failed(running, thrown);
                }
            } catch (Throwable fault) {
                abandon(fault);
            }
            return returned;
        }

        /** The first reaction is to let those go on who wait for this call; the second, to say it. Neither may fail in its turn. */
        private void abandon(Throwable fault) {
            try {
                guard.abandon(running);
            } catch (Throwable again) {
                // It is said with the first one.
            }
            sayFault("at the end of " + specification.qualifiedName(), fault, "its result is returned");
        }

        /** The key is completed even where its result can't be kept. */
        private Completion storable(Object returned) {
            try {
                return returnValue.completion(returned);
            } catch (Throwable fault) {
                sayFault("with the result of " + specification.qualifiedName(), fault, "its result is returned, and is not stored");
                return Completion.EMPTY;
            }
        }

        /** By name, so that nothing is loaded for it. */
        private boolean isFinal(Throwable thrown) {
            for (Class<?> type = thrown.getClass(); type != Object.class; type = type.getSuperclass()) {
                if (specification.replayFailures().contains(type.getName())) {
                    return true;
                }
            }
            return false;
        }
    }
}
