package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.bridge.GuardedCall;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.BodyMark;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.weaver.application.EngineRights;
import io.idempotenttrace.weaver.async.CallerThread;
import io.idempotenttrace.weaver.async.Coroutines;
import io.idempotenttrace.weaver.async.Futures;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of a guarded suspend function, as a coroutine runs it. It is what the following function would be, whose continuation takes the
 * place of the caller's in the body:
 * <pre>
 * suspend fun guarded(arguments): T {
 *     val answer = claim()                          // step CLAIM, if it has to wait; a cancel ends the wait, and gives the claim back
 *     if (answer is stored) return answer.value
 *     val value = try { body(arguments) }           // step BODY, if the body suspends
 *                 catch (e: Throwable) { failed(e); throw e }
 *     completed(value)                              // step COMPLETION, if the completion can't be handed over at once
 *     return value
 * }
 * </pre>
 * A step is set before what may suspend: once that has, another thread may run the next one. So steps follow each other, and never run
 * side by side.
 */
final class SuspendedCall implements Function<Object, Object> {

    private enum Step {
        CLAIM,
        BODY,
        COMPLETION
    }

    /** What an entry gets whose end is seen by the one who called it: the body's own, and that of a body that runs without a claim. */
    static final GuardedCall BODY = new GuardedCall() {
        @Override
        public @Nullable Object end(@Nullable Object returned, @Nullable Throwable thrown) {
            return returned;
        }
    };

    private final SuspendMethod method;
    private final Coroutines coroutines;
    private final ClaimRequest request;
    private final Object[] arguments;
    private final CompletableFuture<Admission> admission;
    private final Object continuation;
    private final Executor executor = CallerThread.comeBack(CallerThread.callbacks());

    private Step step = Step.CLAIM;
    /** What the call returns, in its box; from step COMPLETION on. */
    private @Nullable Object value;
    /** Null where the body runs without a claim. */
    private @Nullable RunningCall running;
    /** Null as {@link #running} is. */
    private @Nullable AsyncEnd end;
    /** Fails with what the caller gets in the place of the value; null before the body's end. */
    private @Nullable CompletableFuture<Void> handedOver;

    private volatile boolean holding;

    SuspendedCall(
            SuspendMethod method, ClaimRequest request, Object[] arguments, CompletableFuture<Admission> admission) {
        this.method = method;
        this.coroutines = method.coroutines;
        this.request = request;
        this.arguments = arguments;
        this.admission = admission;
        this.continuation = coroutines.continuation(method.completionIn(arguments), this);
    }

    boolean isOf(SuspendMethod wanted) {
        return method == wanted;
    }

    /** Whether the body runs, or is suspended, as the owner of that key. */
    boolean holds(RecordId id) {
        return holding && request.id().equals(id);
    }

    /** What the function returns to its caller. Throws what the function throws. */
    @Nullable
    Object begin() {
        if (admission.isDone()) {
            return answered(/* resumed= */ false);
        }
        Object waited;
        try {
            waited = coroutines.await(continuation, admission, executor, /* cancellable= */ true);
        } catch (Throwable cancelled) {
            giveBack(cancelled);
            throw cancelled;
        }
        return waited == coroutines.suspended() ? waited : answered(/* resumed= */ false);
    }

    /** The continuation is resumed. What this returns goes to the caller's. */
    @Override
    public @Nullable Object apply(@Nullable Object result) {
        return EngineRights.get(() -> next(result));
    }

    private @Nullable Object next(@Nullable Object result) {
        switch (step) {
            case CLAIM -> {
                try {
                    coroutines.throwOnFailure(result);
                } catch (Throwable cancelled) {
                    giveBack(cancelled);
                    throw cancelled;
                }
                return answered(/* resumed= */ true);
            }
            case BODY -> {
                try {
                    coroutines.throwOnFailure(result);
                } catch (Throwable failure) {
                    failed(failure);
                    throw failure;
                }
                return returned(result);
            }
            default -> {
                throwIfUnacknowledged();
                return value;
            }
        }
    }

    /** The caller has gone; its claim may still be granted. */
    private void giveBack(Throwable cancelled) {
        admission.thenAccept(answer -> {
            if (answer instanceof RunningCall running) {
                new AsyncEnd(method, running).failed(cancelled);
            }
        });
    }

    /** @param resumed whether the continuation was, so that the value goes to the caller's continuation, and not to the caller */
    private @Nullable Object answered(boolean resumed) {
        Object returned;
        Throwable theirs = null;
        try {
            Admission answer = admission.isCompletedExceptionally() ? null : admission.join();
            if (answer instanceof Admission.Stored stored) {
                return replayed(method.boxedReplay(stored, request.id()), resumed);
            }
            if (answer instanceof RunningCall own) {
                running = own;
                end = new AsyncEnd(method, own);
                holding = true;
            } else if (answer == null) {
                theirs = refusal();
            }
        } catch (IdempotencyException e) {
            theirs = method.translate(e, arguments);
        } catch (Throwable fault) {
            theirs = method.faultAtEntry(fault);
        }
        if (theirs != null) {
            throw GuardedMethod.<RuntimeException>sneaky(theirs);
        }
        returned = run();
        return resumed && returned != coroutines.suspended() ? method.boxed(returned) : returned;
    }

    /** Null after a fault of the agent after which the body runs. */
    private @Nullable Throwable refusal() {
        Throwable failure = Objects.requireNonNull(Failures.of(admission));
        if (failure instanceof IdempotencyException refusal) {
            return method.translate(refusal, arguments);
        }
        return method.faultAtEntry(failure);
    }

    private @Nullable Object replayed(@Nullable Object boxed, boolean resumed) {
        if (resumed || !method.hasValueClass()) {
            return boxed;
        }
        // Whether the caller wants it in its box, only its continuation knows.
        value = boxed;
        step = Step.COMPLETION;
        executor.execute(() -> coroutines.resume(continuation));
        return coroutines.suspended();
    }

    /** Runs the body until it suspends or ends. */
    private @Nullable Object run() {
        Object returned;
        step = Step.BODY;
        BodyMark mark = enter();
        try {
            returned = method.body.run(method.argumentsWith(arguments, continuation), BODY);
        } catch (Throwable failure) {
            failed(failure);
            throw GuardedMethod.<RuntimeException>sneaky(failure);
        } finally {
            leave(mark);
        }
        return returned == coroutines.suspended() ? returned : returned(returned);
    }

    /** What other guarded methods on the same key that the body calls on this thread, before it suspends, are a part of. */
    private @Nullable BodyMark enter() {
        if (end == null) {
            return null;
        }
        BodyMark mark = method.guard.markCoroutine(request.id(), running);
        method.guard.enterBody(mark);
        return mark;
    }

    private void leave(@Nullable BodyMark mark) {
        if (mark != null) {
            method.guard.leaveBody(mark);
        }
    }

    /** The body goes on, until it suspends again or ends; the continuation sees to its end. */
    GuardedCall segment() {
        BodyMark mark = enter();
        return new GuardedCall() {
            @Override
            public @Nullable Object end(@Nullable Object returned, @Nullable Throwable thrown) {
                leave(mark);
                return returned;
            }
        };
    }

    private void failed(Throwable failure) {
        holding = false;
        if (end != null) {
            end.failed(failure);
        }
    }

    private @Nullable Object returned(@Nullable Object result) {
        holding = false;
        if (end == null) {
            return result;
        }
        try {
            Throwable failure = method.failureOf(result);
            handedOver = failure == null ? end.completed(method.stored(result, arguments)) : end.failed(failure);
            if (!handedOver.isDone()) {
                value = method.boxed(result);
                step = Step.COMPLETION;
                Object waited = coroutines.await(continuation, handedOver, executor, /* cancellable= */ false);
                if (waited == coroutines.suspended()) {
                    return waited;
                }
            }
        } catch (Throwable fault) {
            end.abandoned(fault);
        }
        throwIfUnacknowledged();
        return result;
    }

    private void throwIfUnacknowledged() {
        if (handedOver != null) {
            Futures.throwFailure(handedOver);
        }
    }
}
