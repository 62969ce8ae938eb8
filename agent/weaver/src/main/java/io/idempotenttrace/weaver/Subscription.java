package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.weaver.async.CallerThread;
import io.idempotenttrace.weaver.async.Causes;
import io.idempotenttrace.weaver.async.SubscribedCall;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** One subscription of a guarded publisher: claims, follows what its source brings, and ends the claim. */
class Subscription implements SubscribedCall {

    private static final Answer UNGUARDED = new Answer(false, null);

    private final GuardedMethod method;
    private final GuardedMethod.Request request;
    private final Object[] arguments;
    private final Executor libraryExecutor;
    /** Null where no list of items is stored. */
    private final StreamResult stream;
    /** The failure that an item carries; null if none does. Written by the publisher's signals alone, one after the other. */
    private Throwable failing;

    /** Guarded by this: the call owns its key; null before, and where it owns none. */
    private AsyncEnd owned;
    /** Guarded by this. */
    private boolean cancelled;

    Subscription(GuardedMethod method, GuardedMethod.Request request, Object[] arguments, Executor libraryExecutor, StreamResult stream) {
        this.method = method;
        this.request = request;
        this.arguments = arguments;
        this.libraryExecutor = libraryExecutor;
        this.stream = stream;
    }

    @Override
    public CompletableFuture<Answer> admitted() {
        CompletableFuture<Admission> admission = method.admitAsync(request, /* mayAskHere= */ false);
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        if (admission.isDone()) {
            admission.whenComplete((admitted, failure) -> answer(answer, admitted, failure));
        } else {
            // The answer comes on a thread of ours: what follows runs on one of the subscriber's kind.
            admission.whenCompleteAsync((admitted, failure) -> answer(answer, admitted, failure),
                    CallerThread.comeBack(libraryExecutor));
        }
        return answer;
    }

    /** Also where the subscriber has cancelled the future: the answer may be a claim to give back. */
    private void answer(CompletableFuture<Answer> to, Admission admission, Throwable failure) {
        try {
            to.complete(answer(admission, Causes.of(failure)));
        } catch (IdempotencyException e) {
            to.completeExceptionally(method.translate(e, arguments));
        } catch (Throwable fault) {
            method.sayFaultAtEntry(fault);
            to.complete(UNGUARDED);
        }
    }

    private Answer answer(Admission admission, Throwable failure) {
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
            method.sayFaultAtEntry(failure);
        }
        return UNGUARDED;
    }

    Object replay(Admission.Stored stored) {
        return method.returnValue.replay(stored, request.id());
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

    private synchronized AsyncEnd owned() {
        return owned;
    }

    @Override
    public void item(Object item) {
        if (owned() == null) {
            return;
        }
        failing = failing == null ? method.failureIn(item) : failing;
        if (stream != null) {
            stream.add(item);
        }
    }

    @Override
    public CompletableFuture<Object> completedWith(Object item) {
        if (owned() == null) {
            return CompletableFuture.completedFuture(item);
        }
        failing = method.failureIn(item);
        return complete(failing == null ? storable(item) : null, item);
    }

    @Override
    public CompletableFuture<Object> completed() {
        return owned() == null ? CompletableFuture.completedFuture(null) : complete(failing == null ? storableStream() : null, null);
    }

    /** What is stored of the only item. */
    Completion storable(Object item) {
        return method.storable(item);
    }

    private Completion storableStream() {
        try {
            return stream == null ? Completion.EMPTY : stream.completion();
        } catch (UnendedWork unended) {
            method.sayUnobserved("what holds a " + unended.getMessage());
            return null;
        }
    }

    /** @param completion as {@link AsyncEnd#completed} takes it; of no interest where an item carries a failure */
    private CompletableFuture<Object> complete(Completion completion, Object item) {
        AsyncEnd end = owned();
        CompletableFuture<Void> handedOver = failing == null ? end.completed(completion) : end.failed(failing);
        return handedOver.isDone() ? CompletableFuture.completedFuture(item)
                : handedOver.thenApplyAsync(nothing -> item, CallerThread.comeBack(libraryExecutor));
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
