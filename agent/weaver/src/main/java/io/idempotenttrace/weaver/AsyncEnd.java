package io.idempotenttrace.weaver;

import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.weaver.async.Causes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ends one call whose body goes on after its method has returned: once, whatever comes first, and without blocking. */
final class AsyncEnd {

    private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);

    private final GuardedMethod method;
    private final RunningCall running;
    private final AtomicBoolean ended = new AtomicBoolean();

    AsyncEnd(GuardedMethod method, RunningCall running) {
        this.method = method;
        this.running = running;
    }

    /**
     * @param completion null where a part of the value goes on, so that the call can't be said to be done
     * @return completes, never exceptionally, when the completion is handed over
     */
    CompletableFuture<Void> completed(Completion completion) {
        if (!ended.compareAndSet(false, true)) {
            return NOW;
        }
        try {
            if (completion == null) {
                method.guard.unobserved(running, GuardedMethod.NOT_SEEN, /* mayBlock= */ false);
                return NOW;
            }
            return method.guard.completedAsync(running, completion);
        } catch (Throwable fault) {
            method.abandon(running, fault);
            return NOW;
        }
    }

    /** The body failed, or was cancelled: then its key is free at once. */
    CompletableFuture<Void> failed(Throwable failure) {
        if (!ended.compareAndSet(false, true)) {
            return NOW;
        }
        try {
            Throwable cause = Causes.of(failure);
            if (method.isFinal(cause)) {
                return method.guard.failedForGoodAsync(running, cause);
            }
            method.guard.failedAsync(running, cause);
        } catch (Throwable fault) {
            method.abandon(running, fault);
        }
        return NOW;
    }
}
