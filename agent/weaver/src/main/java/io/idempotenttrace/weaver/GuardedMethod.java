package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.bridge.CallsWithoutGuard;
import io.idempotenttrace.bridge.GuardPoint;
import io.idempotenttrace.bridge.GuardedCall;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.UnseenFieldPolicies;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.failure.FinalFailure;
import io.idempotenttrace.core.failure.StoredError;
import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.CallCounters;
import io.idempotenttrace.core.guard.CallPolicy;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.guard.KeyTakenError;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.guard.ScopeMode;
import io.idempotenttrace.core.guard.UnguardedReason;
import io.idempotenttrace.core.open.PayloadHashers;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.weaver.application.ApplicationCode;
import io.idempotenttrace.weaver.async.FailureValue;
import io.idempotenttrace.weaver.async.ReturnedClass;
import io.idempotenttrace.weaver.telemetry.CallTelling;
import io.idempotenttrace.weaver.transaction.Transactions;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * One annotated method: turns its calls' arguments into key and hash, and ends those that own their key. The
 * subclasses decide when a call claims its key, and what the caller gets until the claim is answered. All of them share one way in, {@link #enter}, and one door to the
 * application's code, {@link ApplicationCode}.
 */
abstract class GuardedMethod extends GuardPoint {

    /** The agent writes this text into the record of a call whose end it can't see. */
    static final String NOT_SEEN = "the end of its work is not observed";

    final MethodSpecification specification;
    final CallPolicy policy;
    final ReturnValue returnValue;
    final Guard guard;
    /** Of its scope: what each call looks at first. */
    final ScopeMode mode;

    /** Whether calls are refused whose end nobody can see. */
    final boolean throwsOnUnobservable;
    /** Whether the declared type leaves open what a value's own class says. */
    private final boolean looksAtValues;

    private final Set<FailureValue> failedValues;
    private final StoredError storedError;
    private final ApplicationExceptions exceptions;
    private final EntryFaults faults;
    /** Whether a call is refused that can't be guarded. */
    private final boolean closed;

    /** How many the method declares. */
    private final int parameters;

    private final CallRequests requests;
    private final CallsWithoutRecord without;
    private final CallCounters counters;
    private final GuardLog log;
    /** Null where calls don't join transactions. */
    private final @Nullable Transactions transactions;

    /**
     * What a method needs of its engine.
     *
     * @param meters is told of the loaders in whose libraries meters may be made; null where nobody is told of the calls
     */
    record Parts(
            Configuration configuration,
            Guard guard,
            PayloadHasher hasher,
            CallCounters counters,
            @Nullable Consumer<ClassLoader> meters,
            GuardLog log) {}

    /** @param declaring the woven class; held as long as its own call site holds this */
    GuardedMethod(MethodSpecification specification, Class<?> declaring, ReturnValue returnValue, Parts parts) {
        this.specification = specification;
        this.guard = parts.guard();
        UnseenFieldPolicies unseenFields =
                PayloadHashers.unseenFields(parts.configuration(), Policies.settingScope(specification));
        String scope = Policies.recordScope(specification, parts.configuration());
        this.log = parts.log();
        CallCounters counting = parts.counters().of(specification.signature(), scope);
        Consumer<ClassLoader> meters = parts.meters();
        this.counters = meters == null
                ? counting
                : counting.heardBy(new CallTelling(
                        specification.qualifiedName(),
                        declaring.getClassLoader(),
                        parts.configuration().text(Setting.OPENTELEMETRY).equals("auto"),
                        meters,
                        log));
        this.without = new CallsWithoutRecord(guard, counters, scope);
        this.returnValue = returnValue;
        this.mode = Policies.mode(specification, parts);
        this.policy = Policies.resolve(specification, parts.configuration())
                .countedBy(counters)
                .inMode(mode);
        Policies.Unhashable unhashable = Policies.unhashable(specification, policy, parts.configuration());
        CallDocument document = new CallDocument(specification, parts.configuration());
        this.requests = new CallRequests(
                specification,
                document,
                parts.hasher().with(unseenFields),
                scope,
                policy,
                unhashable,
                mode,
                without,
                log);
        this.parameters = Type.getArgumentTypes(specification.descriptor()).length;
        this.exceptions = new ApplicationExceptions(declaring.getClassLoader());
        this.closed = policy.onStoreFailure() == OnStoreFailure.THROW;
        this.faults = new EntryFaults(specification.qualifiedName(), mode, exceptions, closed);
        if (document.hashesWholeArguments()) {
            UnseenParameters.report(specification, declaring, unseenFields, unhashable.throwing(), log);
        }
        this.throwsOnUnobservable = Policies.throwsOnUnobservable(specification, parts.configuration());
        this.failedValues = Policies.failedValues(specification, parts.configuration());
        this.storedError = Policies.storedError(specification, parts.configuration());
        this.looksAtValues = ReturnedClass.mayHold(returnValue.declaredClass());
        this.transactions = Policies.joinsTransactions(specification, parts.configuration())
                ? Transactions.seenBy(declaring, log)
                : null;
    }

    /**
     * The one way into a guarded method. A call that the engine makes itself, behind the door {@link ApplicationCode}, runs as if the agent
     * were not there. After a fault of the agent's own the body runs, counted as unguarded, or the call is refused, as {@link EntryFaults}
     * decides. Such a fault may leave no stack and no memory, so what follows it counts in place, and may fail itself.
     */
    @Override
    public final @Nullable GuardedCall enter(Object[] arguments) {
        GuardedCall call = null;
        RuntimeException theirs = null;
        Throwable refused = null;
        try {
            call = underWay(arguments);
            if (call != null) {
                return call;
            }
            if (mode.mode() == GuardMode.OFF || ApplicationCode.isRunning()) {
                if (mode.isSwitched() && !ApplicationCode.isRunning()) {
                    counters.countUnguarded(UnguardedReason.SWITCHED_OFF);
                }
                return null;
            }
            try {
                call = admit(arguments);
            } catch (IdempotencyException refusal) {
                theirs = translate(refusal, arguments);
                call = refused(theirs);
            }
        } catch (Throwable fault) {
            try {
                refused = faults.refusal(fault);
            } catch (Throwable again) {
                // The stack has no room even for that call.
                refused = closed || fault instanceof KeyTakenError ? faults.prepared : null;
            }
            if (refused == null) {
                synchronized (CallsWithoutGuard.COUNTED) {
                    CallsWithoutGuard.COUNTED.bodies++;
                }
            } else {
                synchronized (CallsWithoutGuard.COUNTED) {
                    CallsWithoutGuard.COUNTED.refused++;
                }
            }
            try {
                sayFaultAtEntry(fault, refused);
                call = refused instanceof RuntimeException refusal ? refused(refusal) : null;
            } catch (Throwable again) {
                // The call is counted, and what becomes of it is decided.
                call = null;
            }
        }
        if (refused != null && call == null) {
            throw GuardedMethod.<RuntimeException>sneaky(refused);
        }
        if (theirs != null && call == null) {
            throw theirs;
        }
        return call instanceof LateCall late ? late.begin() : call;
    }

    /** The call whose body this entry goes on with; null where the entry is a new call. */
    @Nullable
    GuardedCall underWay(Object[] arguments) throws Throwable {
        return null;
    }

    /**
     * Asks for a new call what it is to do.
     *
     * @return as {@link GuardPoint#enter} does
     * @throws IdempotencyException where the policy refuses the call
     */
    abstract @Nullable GuardedCall admit(Object[] arguments) throws Throwable;

    /** What a refused call returns in the place of an exception; null where the exception is thrown. */
    @Nullable
    GuardedCall refused(RuntimeException theirs) {
        return null;
    }

    /** A call that has a last step before the woven code goes on. */
    abstract static class LateCall extends GuardedCall {

        /** What it throws is the application's own. */
        abstract GuardedCall begin();
    }

    /** Whatever goes wrong here must not reach the application either. */
    final void sayFault(String where, Throwable fault, String consequence) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            log.sayOnceAPeriod(
                    GuardLog.Occasion.AGENT_FAULT,
                    where + ' ' + fault.getClass().getName(),
                    "fault of the agent " + where + " (" + Failures.text(fault) + "); " + consequence
                            + ". Please report it");
        } catch (Throwable again) {
            // Nothing is left to say it with.
        } finally {
            door[0] = before;
        }
    }

    /**
     * Counts and says a fault before the body.
     *
     * @return what the call fails with in the place of its body; null if the body runs
     */
    final @Nullable Throwable faultAtEntry(Throwable fault) {
        Throwable refused = faults.refusal(fault);
        synchronized (CallsWithoutGuard.COUNTED) {
            if (refused == null) {
                CallsWithoutGuard.COUNTED.bodies++;
            } else {
                CallsWithoutGuard.COUNTED.refused++;
            }
        }
        sayFaultAtEntry(fault, refused);
        return refused;
    }

    private void sayFaultAtEntry(Throwable fault, @Nullable Throwable refused) {
        sayFault(
                "in " + specification.qualifiedName(),
                KeyTakenError.causeOf(fault),
                refused == null ? "its body runs as without the agent" : "the call is refused");
    }

    @SuppressWarnings("unchecked")
    static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** The refusal as the application's own exception. */
    final RuntimeException translate(IdempotencyException refusal, Object[] arguments) {
        return exceptions.translate(refusal, requests.detail(refusal, arguments));
    }

    /** As {@link #translate(IdempotencyException, Object[])}, of a refusal that has nothing to do with the payload. */
    final RuntimeException translate(IdempotencyException refusal) {
        return exceptions.translate(refusal, "");
    }

    /**
     * Key and hash of a call; null if it runs unguarded.
     *
     * @throws IdempotencyException where the policy refuses a call that has none
     */
    final @Nullable ClaimRequest request(Object[] arguments) {
        return requests.request(arguments);
    }

    /** The object that the method is called on; null if it is static, or its woven code does not hand it on. */
    final @Nullable Object receiver(Object[] arguments) {
        return arguments.length > parameters ? arguments[parameters] : null;
    }

    /** Admits the call; the caller waits as long as the policy says. */
    final Admission claim(ClaimRequest request) {
        return guard.admit(request, policy);
    }

    /** As {@link Guard#admitAsync}. */
    final CompletableFuture<Admission> admitAsync(ClaimRequest request, boolean mayAskHere) {
        return guard.admitAsync(request, policy, mayAskHere);
    }

    /** As {@link Guard#claimAsync}. */
    final CompletableFuture<Admission> claimAsync(ClaimRequest request, boolean mayAskHere) {
        return guard.claimAsync(request, policy, mayAskHere);
    }

    /** Whether every body runs, whatever the policies are. */
    final boolean isObserved() {
        return mode.mode() == GuardMode.OBSERVE;
    }

    /** The call's part on the caller's thread has ended, and so has the call. */
    final void end(
            RunningCall running, @Nullable Object returned, @Nullable Throwable thrown, @Nullable Object receiver) {
        Throwable failure = thrown != null ? thrown : failureIn(returned);
        if (failure == null) {
            Completion completion = storable(returned, receiver);
            CallInTransaction joined = completion == null ? null : joinTransaction(running);
            if (completion == null) {
                guard.unobserved(running, NOT_SEEN, /* mayBlock= */ true);
            } else if (joined == null) {
                guard.completed(running, completion);
            } else {
                joined.bodyCompleted(completion);
            }
        } else {
            fail(running, failure);
        }
    }

    /**
     * The body failed. Only the exception's text is read behind the door: those who wait for the key go on on this thread, and their bodies
     * are the application's own work.
     */
    private void fail(RunningCall running, Throwable failure) {
        if (isFinal(failure)) {
            guard.failedForGood(running, ApplicationCode.read(() -> FinalFailure.toResult(failure, storedError)));
        } else {
            guard.failed(running, ApplicationCode.read(() -> storedError.of(failure)));
        }
    }

    /** As {@link #fail}, without blocking; completes when what later calls need is handed over. */
    final CompletableFuture<Void> failAsync(RunningCall running, Throwable failure) {
        if (isFinal(failure)) {
            return guard.failedForGoodAsync(
                    running, ApplicationCode.read(() -> FinalFailure.toResult(failure, storedError)));
        }
        guard.failedAsync(running, ApplicationCode.read(() -> storedError.of(failure)));
        return CompletableFuture.completedFuture(null);
    }

    /** What the value's class says of it, where the declared type did not; null for most. */
    final @Nullable ReturnedClass returnedClass(@Nullable Object returned) {
        return looksAtValues && returned != null ? ReturnedClass.of(returned.getClass()) : null;
    }

    /** The failure that the value carries and by which the call counts as failed; null if there is none. */
    final @Nullable Throwable failureIn(@Nullable Object returned) {
        return looksAtValues ? countedFailureIn(returned) : null;
    }

    /** As {@link #failureIn}, where the declared type does not tell of what class values are. */
    final @Nullable Throwable countedFailureIn(@Nullable Object returned) {
        if (returned == null) {
            return null;
        }
        ReturnedClass known = ReturnedClass.of(returned.getClass());
        boolean mayCount = known != null && known.failure() != null && failedValues.contains(known.failure());
        return mayCount ? ApplicationCode.read(() -> FailureValue.failureIn(returned)) : null;
    }

    final void countUnobservable() {
        without.countUnguarded(UnguardedReason.UNOBSERVABLE);
    }

    final void countRefused() {
        without.countRefused();
    }

    /** Says, once for what the method returned, that its end can't be seen. */
    final void sayUnobserved(String what) {
        log.sayOnce(UnendedReturn.atRunTime(specification, what));
    }

    /** Whether a call that returns inside of a transaction ends with that. */
    final boolean joinsTransactions() {
        return transactions != null;
    }

    /** Leaves the call's end to the transaction that this thread runs in; null if there is none, or it is of no interest. */
    final @Nullable CallInTransaction joinTransaction(RunningCall running) {
        if (transactions == null) {
            return null;
        }
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            return CallInTransaction.join(this, running, transactions);
        } finally {
            door[0] = before;
        }
    }

    final void sayUnjoined(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        log.sayOnceAPeriod(
                GuardLog.Occasion.TRANSACTION,
                specification.qualifiedName(),
                specification.qualifiedName() + " returned inside a transaction whose end"
                        + " can't be observed (" + failure.getMessage() + ": " + cause
                        + "); its call counts as failed, so that a redelivery runs"
                        + " the body again. If its work is not a part of the transaction, set transactional=ignore");
    }

    /** The first reaction is to let those go on who wait for this call; the second, to say it. Neither may fail in its turn. */
    final void abandon(RunningCall running, Throwable fault) {
        try {
            guard.abandon(running);
        } catch (Throwable again) {
            // It is said with the first one.
        }
        sayFault("at the end of " + specification.qualifiedName(), fault, "its result is returned");
    }

    /** The value that a duplicate gets, read back by the application's own classes. */
    final @Nullable Object replay(Admission.Stored stored, RecordId id, @Nullable Object receiver) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            return returnValue.replay(stored, id, receiver);
        } catch (IdempotencyException refusal) {
            throw refusal;
        } catch (Throwable fault) {
            KeyTakenError error = KeyTakenError.UNTOLD;
            try {
                error = new KeyTakenError(fault);
            } catch (Throwable again) {
                // The caller is told without the cause.
            }
            throw error;
        } finally {
            door[0] = before;
        }
    }

    /** The key is completed even where its result can't be kept. Null if a part of the value goes on where nobody sees its end. */
    final @Nullable Completion storable(@Nullable Object returned, @Nullable Object receiver) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            return returnValue.completion(returned, receiver);
        } catch (UnendedWork unended) {
            sayUnobserved("what holds a " + unended.getMessage());
            return null;
        } catch (Throwable fault) {
            sayFault(
                    "with the result of " + specification.qualifiedName(),
                    fault,
                    "its result is returned, and is not stored");
            return Completion.EMPTY;
        } finally {
            door[0] = before;
        }
    }

    /** By name, so that nothing is loaded for it. */
    final boolean isFinal(Throwable thrown) {
        for (Class<?> type = thrown.getClass(); type != Object.class; type = type.getSuperclass()) {
            if (specification.replayFailures().contains(type.getName())) {
                return true;
            }
        }
        return false;
    }
}
