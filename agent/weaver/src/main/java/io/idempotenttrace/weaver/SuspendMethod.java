package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.GuardedCall;
import io.idempotenttrace.bridge.SuppressedCall;
import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.weaver.application.ApplicationCode;
import io.idempotenttrace.weaver.async.Coroutines;
import io.idempotenttrace.weaver.async.ValueClass;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A Kotlin suspend function: its call lasts until its continuation is resumed with value or failure, see {@link SuspendedCall}. It is
 * entered more often than it is called, see {@link Resumptions}.
 */
final class SuspendMethod extends GuardedMethod {

    final Coroutines coroutines;
    final BodyCall body;
    /** Null where the result is of no value class. */
    private final @Nullable ValueClass valueClass;

    private final int completion;
    private final Resumptions resumptions;

    SuspendMethod(
            MethodSpecification specification,
            Class<?> declaring,
            ReturnValue returnValue,
            Parts parts,
            Coroutines coroutines,
            BodyCall body,
            Resumptions resumptions,
            @Nullable ValueClass valueClass) {
        super(specification, declaring, returnValue, parts);
        this.coroutines = coroutines;
        this.body = body;
        this.valueClass = valueClass;
        this.completion = specification.parameters().size() - 1;
        this.resumptions = resumptions;
    }

    @Override
    @Nullable
    GuardedCall underWay(Object[] arguments) throws Throwable {
        GuardedCall admitted = body.takeAdmitted();
        if (admitted != null) {
            return admitted;
        }
        Object continuation = arguments[completion];
        if (!resumptions.isOne(continuation)) {
            return null;
        }
        return coroutines.stepsOfCaller(continuation) instanceof SuspendedCall known && known.isOf(this)
                ? known.segment()
                : SuspendedCall.BODY;
    }

    @Override
    @Nullable
    GuardedCall admit(Object[] arguments) {
        ClaimRequest request = request(arguments);
        if (request == null
                || guard.isPartOfBlockingCall(request.id())
                || isPartOfOuterCall(request.id(), arguments[completion])) {
            return null;
        }
        CompletableFuture<Admission> admission = claimAsync(request, /* mayAskHere= */ false);
        return new Begun(call(request, arguments, admission));
    }

    /** From {@link #admit} on. The coroutine runs the body, or waits, before the function returns: what is thrown meanwhile is its own. */
    private static final class Begun extends LateCall {

        private final SuspendedCall call;

        Begun(SuspendedCall call) {
            this.call = call;
        }

        @Override
        GuardedCall begin() {
            return new SuppressedCall(call.begin());
        }

        @Override
        public @Nullable Object end(@Nullable Object returned, @Nullable Throwable thrown) {
            return returned;
        }
    }

    private SuspendedCall call(ClaimRequest request, Object[] arguments, CompletableFuture<Admission> admission) {
        try {
            return new SuspendedCall(this, request, arguments, admission);
        } catch (Throwable fault) {
            // Nobody is left to run what is claimed.
            admission.thenAccept(answer -> {
                if (answer instanceof RunningCall running) {
                    abandon(running, fault);
                }
            });
            throw fault;
        }
    }

    /** A call inside a body that holds the same key in this coroutine is a part of it: it must not wait for itself. */
    private boolean isPartOfOuterCall(RecordId id, Object continuation) {
        return ApplicationCode.read(() ->
                coroutines.isInside(continuation, steps -> steps instanceof SuspendedCall outer && outer.holds(id)));
    }

    /** The arguments with another continuation. */
    Object[] argumentsWith(Object[] arguments, Object continuation) {
        Object[] changed = arguments.clone();
        changed[completion] = continuation;
        return changed;
    }

    Object completionIn(Object[] arguments) {
        return arguments[completion];
    }

    boolean hasValueClass() {
        return valueClass != null;
    }

    /** The value as a continuation is resumed with it. */
    @Nullable
    Object boxed(@Nullable Object value) {
        return valueClass == null ? value : valueClass.box(value);
    }

    /** The failure that the value carries and by which the call counts as failed; null if there is none. */
    @Nullable
    Throwable failureOf(@Nullable Object value) {
        // A Result holds what its argument says, or a failure.
        return valueClass == null ? failureIn(value) : countedFailureIn(valueClass.unbox(value));
    }

    /** Null if a part of the value goes on where nobody sees its end. */
    @Nullable
    Completion stored(@Nullable Object value, Object[] arguments) {
        Object held = valueClass == null ? value : valueClass.unbox(value);
        // A Result that holds a failure: nothing that a duplicate could get as its value.
        return held != null && held.getClass().getName().equals("kotlin.Result$Failure")
                ? Completion.EMPTY
                : storable(held, receiver(arguments));
    }

    /** The stored value, in its box. */
    @Nullable
    Object boxedReplay(Admission.Stored stored, RecordId id) {
        Object value = replay(stored, id, /* receiver= */ null);
        return boxed(returnValue.isVoid() ? coroutines.unit() : value);
    }
}
