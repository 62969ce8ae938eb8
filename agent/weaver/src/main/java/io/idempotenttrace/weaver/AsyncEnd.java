package io.idempotenttrace.weaver;

import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.guard.UnacknowledgedCompletionException;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.weaver.async.CallerThread;
import io.idempotenttrace.weaver.async.CompletedOnTimeout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Ends one call whose body goes on after its method has returned: once, whatever comes first, and without blocking. */
final class AsyncEnd {

    private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);

    private final GuardedMethod method;
    private final RunningCall running;
    private final AtomicBoolean ended = new AtomicBoolean();
    /** The transaction in which the method returned; null if there was none, or before it returned. */
    private volatile @Nullable CallInTransaction transaction;

    AsyncEnd(GuardedMethod method, RunningCall running) {
        this.method = method;
        this.running = running;
    }

    /** The method returns on this thread; what is still to come of its body belongs to the transaction that is active here. */
    void joinTransaction() {
        transaction = method.joinTransaction(running);
    }

    /**
     * The body has ended well. Inside a transaction the completion waits for that, and its caller does not: it may be what ends the
     * transaction.
     *
     * @param completion null where a part of the value goes on, so that the call can't be said to be done
     * @return completes when the completion is handed over; fails, with what the caller is to get, where it should have been acknowledged
     *         and was not
     */
    CompletableFuture<Void> completed(@Nullable Completion completion) {
        if (!ended.compareAndSet(false, true)) {
            return NOW;
        }
        try {
            if (completion == null) {
                if (transaction == null || transaction.bodyFailed()) {
                    method.guard.unobserved(running, GuardedMethod.NOT_SEEN, /* mayBlock= */ false);
                }
                return NOW;
            }
            CallInTransaction joined = transaction != null ? transaction : method.joinTransaction(running);
            if (joined != null) {
                joined.bodyCompleted(completion);
                return NOW;
            }
            return told(method.guard.completedAsync(running, completion));
        } catch (Throwable fault) {
            method.abandon(running, fault);
            return NOW;
        }
    }

    private CompletableFuture<Void> told(CompletableFuture<Void> handedOver) {
        if (handedOver.isDone() && !handedOver.isCompletedExceptionally()) {
            return handedOver;
        }
        CompletableFuture<Void> told = new CompletableFuture<>();
        handedOver.whenComplete((nothing, failure) -> {
            if (Failures.causeOrNull(failure) instanceof UnacknowledgedCompletionException unacknowledged) {
                refuse(told, unacknowledged);
            } else {
                told.complete(null);
            }
        });
        return told;
    }

    /** The application's own exception is made by its classes: not on the thread of the store's client. */
    private void refuse(CompletableFuture<Void> told, UnacknowledgedCompletionException unacknowledged) {
        try {
            CallerThread.callbacks().execute(() -> told.completeExceptionally(translated(unacknowledged)));
        } catch (Throwable noThread) {
            told.completeExceptionally(unacknowledged);
        }
    }

    private RuntimeException translated(UnacknowledgedCompletionException unacknowledged) {
        try {
            return method.translate(unacknowledged);
        } catch (Throwable fault) {
            return unacknowledged;
        }
    }

    /** The body failed, or was cancelled: then its key is free at once. Completes never exceptionally. */
    CompletableFuture<Void> failed(Throwable failure) {
        if (!ended.compareAndSet(false, true)) {
            return NOW;
        }
        try {
            if (transaction != null && !transaction.bodyFailed()) {
                return NOW;
            }
            return method.failAsync(running, Failures.cause(failure));
        } catch (Throwable fault) {
            method.abandon(running, fault);
        }
        return NOW;
    }

    /**
     * The future that the body has left has ended. Throws nothing: whoever waits for that future must get its end. Completes as {@link
     * #completed} does.
     *
     * @param kept what is stored of the value; null as in {@link #completed}
     */
    CompletableFuture<Void> ended(
            @Nullable Object value, @Nullable Throwable failure, Function<Object, Completion> kept) {
        try {
            Throwable failed = failure != null ? failure : method.failureIn(value);
            if (failed == null && CompletedOnTimeout.isEnding()) {
                failed = timedOut();
            }
            return failed == null ? completed(kept.apply(value)) : failed(failed);
        } catch (Throwable fault) {
            return abandoned(fault);
        }
    }

    /** What the call has failed with if a value stands in for work that has not ended. */
    static TimeoutException timedOut() {
        return new TimeoutException("completeOnTimeout ended its future before its work did");
    }

    /** What ended can't be told by a fault of the agent: those who wait for the key claim it for themselves. */
    CompletableFuture<Void> abandoned(Throwable fault) {
        ended.set(true);
        method.abandon(running, fault);
        return NOW;
    }
}
