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
final class Subscription implements SubscribedCall {

    private static final Answer UNGUARDED = new Answer(false, null);

    private final PublisherMethod method;
    private final GuardedMethod.Request request;
    private final Object[] arguments;
    private final Executor libraryExecutor;
    private final StreamResult stream;

    /** Guarded by this: the call owns its key; null before, and where it owns none. */
    private AsyncEnd owned;
    /** Guarded by this. */
    private boolean cancelled;

    Subscription(PublisherMethod method, GuardedMethod.Request request, Object[] arguments, Executor libraryExecutor) {
        this.method = method;
        this.request = request;
        this.arguments = arguments;
        this.libraryExecutor = libraryExecutor;
        this.stream = method.streamResult();
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
            return new Answer(true, method.returnValue.replay(stored, request.id()));
        }
        if (failure instanceof IdempotencyException refusal) {
            throw refusal;
        }
        if (admission == null) {
            method.sayFaultAtEntry(failure);
        }
        return UNGUARDED;
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
        if (owned() != null) {
            stream.add(item);
        }
    }

    @Override
    public CompletableFuture<Object> completedWith(Object item) {
        return complete(owned() == null ? null : method.storable(item), item);
    }

    @Override
    public CompletableFuture<Object> completed() {
        return complete(owned() == null ? null : stream == null ? Completion.EMPTY : stream.completion(), null);
    }

    private CompletableFuture<Object> complete(Completion completion, Object item) {
        AsyncEnd end = owned();
        if (end == null) {
            return CompletableFuture.completedFuture(item);
        }
        CompletableFuture<Void> handedOver = end.completed(completion);
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
