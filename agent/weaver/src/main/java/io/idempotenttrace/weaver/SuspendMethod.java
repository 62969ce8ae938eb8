package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.bridge.GuardedCall;
import io.idempotenttrace.bridge.SuppressedCall;
import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.weaver.async.Coroutines;
import io.idempotenttrace.weaver.async.ValueClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CompletableFuture;

/**
 * A Kotlin suspend function: its call lasts until its continuation is resumed with value or failure, see {@link SuspendedCall}.
 *
 * <p>The function is entered more often than it is called: when a body that suspended goes on, Kotlin enters the same method once more,
 * with the continuation of the body's own class, in whose label it has set the highest bit. Such an entry is no call. A call by the
 * function itself passes a continuation of the same class, but that bit is not set.
 */
final class SuspendMethod extends GuardedMethod {

    final Coroutines coroutines;
    final BodyCall body;
    /** Null where the result is of no value class. */
    private final ValueClass valueClass;
    private final int completion;
    /** The class of the body's own continuations; null where the body never suspends but in its last call. */
    private final Class<?> resumed;
    /** Reads a continuation's label: {@code (Object) -> int}. */
    private final MethodHandle label;

    SuspendMethod(MethodSpecification specification, MethodHandles.Lookup caller, ReturnValue returnValue, Parts parts,
            Coroutines coroutines, BodyCall body, Class<?> resumed, ValueClass valueClass) throws ReflectiveOperationException {
        super(specification, caller.lookupClass(), returnValue, parts);
        this.coroutines = coroutines;
        this.body = body;
        this.valueClass = valueClass;
        this.completion = specification.parameters().size() - 1;
        this.resumed = resumed;
        String resumption = specification.resumption();
        this.label = resumed == null ? null : caller.findGetter(resumed, resumption.substring(resumption.lastIndexOf('.') + 1), int.class)
                .asType(MethodType.methodType(int.class, Object.class));
    }

    /** The class of the body's own continuations; null where it has none. */
    static Class<?> resumed(MethodSpecification specification, ClassLoader loader) throws ClassNotFoundException {
        String resumption = specification.resumption();
        return resumption.isEmpty() ? null : Class.forName(resumption.substring(0, resumption.lastIndexOf('.')), false, loader);
    }

    @Override
    public GuardedCall enter(Object[] arguments) {
        RuntimeException theirs = null;
        SuspendedCall call = null;
        try {
            GuardedCall admitted = body.takeAdmitted();
            if (admitted != null) {
                return admitted;
            }
            Object continuation = arguments[completion];
            if (isResumption(continuation)) {
                return coroutines.stepsOfCaller(continuation) instanceof SuspendedCall known && known.isOf(this) ? known.segment() : null;
            }
            if (guard.mode() == GuardMode.OFF || isCalledByAgent()) {
                return null;
            }
            try {
                Request request = request(arguments);
                if (request == null || guard.isPartOfBlockingCall(request.id()) || isPartOfOuterCall(request.id(), continuation)) {
                    return null;
                }
                CompletableFuture<Admission> admission = claimAsync(request, /* mayAskHere= */ false);
                call = call(request, arguments, admission);
            } catch (IdempotencyException e) {
                theirs = translate(e, arguments);
            }
        } catch (Throwable fault) {
            sayFaultAtEntry(fault);
            return null;
        }
        if (theirs != null) {
            throw theirs;
        }
        return new SuppressedCall(call.begin());
    }

    private SuspendedCall call(Request request, Object[] arguments, CompletableFuture<Admission> admission) {
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

    private boolean isResumption(Object continuation) throws Throwable {
        return resumed != null && resumed.isInstance(continuation) && ((int) label.invokeExact(continuation) & Integer.MIN_VALUE) != 0;
    }

    /** A call inside a body that holds the same key in this coroutine is a part of it: it must not wait for itself. */
    private boolean isPartOfOuterCall(RecordId id, Object continuation) {
        return coroutines.isInside(continuation, steps -> steps instanceof SuspendedCall outer && outer.holds(id));
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
    Object boxed(Object value) {
        return valueClass == null ? value : valueClass.box(value);
    }

    /** The failure that the value carries and by which the call counts as failed; null if there is none. */
    Throwable failureOf(Object value) {
        return failureIn(valueClass == null ? value : valueClass.unbox(value));
    }

    /** Null if a part of the value goes on where nobody sees its end. */
    Completion stored(Object value) {
        Object held = valueClass == null ? value : valueClass.unbox(value);
        // A Result that holds a failure: nothing that a duplicate could get as its value.
        return held != null && held.getClass().getName().equals("kotlin.Result$Failure") ? Completion.EMPTY : storable(held);
    }

    /** The stored value, in its box. */
    Object replay(Admission.Stored stored, RecordId id) {
        Object value = returnValue.replay(stored, id);
        return returnValue.isVoid() ? coroutines.unit() : boxed(value);
    }
}
