package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.weaver.application.EngineRights;
import io.idempotenttrace.weaver.async.CallerThread;
import io.idempotenttrace.weaver.async.Futures;
import io.idempotenttrace.weaver.async.SubscribedCall;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One subscription of a guarded publisher: claims, follows what its source brings, and ends the claim. */
class Subscription implements SubscribedCall {

    private static final Answer UNGUARDED = new Answer(false, null);

    private final GuardedMethod method;
    private final ClaimRequest request;
    private final Object[] arguments;
    private final Executor libraryExecutor;
    /** Null where no list of items is stored. */
    private final @Nullable StreamResult stream;
    /** The failure that an item carries; null if none does. Written by the publisher's signals alone, one after the other. */
    private @Nullable Throwable failing;

    /** Guarded by this: the call owns its key; null before, and where it owns none. */
    private @Nullable AsyncEnd owned;
    /** Guarded by this. */
    private boolean cancelled;

    Subscription(
            GuardedMethod method,
            ClaimRequest request,
            Object[] arguments,
            Executor libraryExecutor,
            @Nullable StreamResult stream) {
        this.method = method;
        this.request = request;
        this.arguments = arguments;
        // A library's executor refuses work when it is full or shut down: its subscriber would wait for ever.
        this.libraryExecutor = CallerThread.orElse(libraryExecutor, CallerThread.callbacks());
        this.stream = stream;
    }

    @Override
    public CompletableFuture<Answer> admitted() {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        try {
            CompletableFuture<Admission> admission = method.admitAsync(request, /* mayAskHere= */ false);
            if (admission.isDone()) {
                admission.whenComplete((admitted, failure) -> answer(answer, admitted, failure));
            } else {
                // The answer comes on a thread of ours: what follows runs on one of the subscriber's kind.
                admission.whenCompleteAsync(
                        (admitted, failure) -> answer(answer, admitted, failure),
                        CallerThread.comeBack(libraryExecutor));
            }
        } catch (Throwable fault) {
            decide(answer, method.faultAtEntry(fault));
        }
        return answer;
    }

    private static void decide(CompletableFuture<Answer> answer, @Nullable Throwable refusal) {
        if (refusal == null) {
            answer.complete(UNGUARDED);
        } else {
            answer.completeExceptionally(refusal);
        }
    }

    /** Also where the subscriber has cancelled the future: the answer may be a claim to give back. */
    private void answer(CompletableFuture<Answer> to, @Nullable Admission admission, @Nullable Throwable failure) {
        CompletableFuture<Answer> decided = EngineRights.get(() -> decided(admission, Failures.causeOrNull(failure)));
        decided.whenComplete((answer, refusal) -> Futures.end(to, answer, refusal));
    }

    private CompletableFuture<Answer> decided(@Nullable Admission admission, @Nullable Throwable failure) {
        try {
            return CompletableFuture.completedFuture(answer(admission, failure));
        } catch (IdempotencyException e) {
            return CompletableFuture.failedFuture(method.translate(e, arguments));
        } catch (Throwable fault) {
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            decide(answer, method.faultAtEntry(fault));
            return answer;
        }
    }

    private Answer answer(@Nullable Admission admission, @Nullable Throwable failure) {
        if (admission instanceof RunningCall running) {
            own(running);
            return UNGUARDED;
        }
        if (admission instanceof Admission.Stored stored) {
            return new Answer(true, replay(stored));
        }
        if (failure instanceof IdempotencyException refusal) {
            throw refusal;
        }
        if (admission == null) {
            throw GuardedMethod.<RuntimeException>sneaky(Objects.requireNonNull(failure));
        }
        return UNGUARDED;
    }

    @Nullable
    Object replay(Admission.Stored stored) {
        return method.replay(stored, request.id(), /* receiver= */ null);
    }

    private void own(RunningCall running) {
        AsyncEnd end = new AsyncEnd(method, running);
        boolean late;
        synchronized (this) {
            owned = end;
            late = cancelled;
        }
        if (late) {
            end.failed(cancellation());
        }
    }

    private synchronized @Nullable AsyncEnd owned() {
        return owned;
    }

    /** Throws nothing: what the application's own code does while its item is written must not end its publisher. */
    @Override
    public void item(Object item) {
        if (owned() == null) {
            return;
        }
        try {
            failing = failing == null ? method.failureIn(item) : failing;
            if (stream != null) {
                stream.add(item);
            }
        } catch (Throwable fault) {
            if (stream != null) {
                stream.giveUp();
            }
            method.sayFault(
                    "with an item of " + method.specification.qualifiedName(),
                    fault,
                    "its items are passed on, and are not stored");
        }
    }

    @Override
    public CompletableFuture<Object> completedWith(@Nullable Object item) {
        AsyncEnd end = owned();
        if (end == null) {
            return CompletableFuture.completedFuture(item);
        }
        return then(end.ended(item, null, this::storable), item);
    }

    @Override
    public CompletableFuture<Object> completed() {
        AsyncEnd end = owned();
        if (end == null) {
            return CompletableFuture.completedFuture(null);
        }
        return then(failing != null ? end.failed(failing) : end.completed(storableStream()), null);
    }

    /** What is stored of the only item. */
    @Nullable
    Completion storable(Object item) {
        return method.storable(item, method.receiver(arguments));
    }

    private @Nullable Completion storableStream() {
        try {
            return stream == null ? Completion.EMPTY : stream.completion();
        } catch (UnendedWork unended) {
            method.sayUnobserved("what holds a " + unended.getMessage());
            return null;
        } catch (Throwable fault) {
            method.sayFault("with the items of " + method.specification.qualifiedName(), fault, "they are not stored");
            return Completion.EMPTY;
        }
    }

    private CompletableFuture<Object> then(CompletableFuture<Void> handedOver, @Nullable Object item) {
        if (handedOver.isDone() && !handedOver.isCompletedExceptionally()) {
            return CompletableFuture.completedFuture(item);
        }
        CompletableFuture<Object> then = new CompletableFuture<>();
        handedOver.whenCompleteAsync(
                (nothing, refusal) -> Futures.end(then, item, refusal), CallerThread.comeBack(libraryExecutor));
        return then;
    }

    @Override
    public void failed(Throwable failure) {
        AsyncEnd end = owned();
        if (end != null) {
            end.failed(failure);
        }
    }

    @Override
    public void cancelled() {
        AsyncEnd end;
        synchronized (this) {
            cancelled = true;
            end = owned;
        }
        if (end != null) {
            end.failed(cancellation());
        }
    }

    private static CancellationException cancellation() {
        return new CancellationException("its subscription was cancelled");
    }
}
