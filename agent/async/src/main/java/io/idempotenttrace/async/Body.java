package io.idempotenttrace.async;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** What an emitter's body does: each run begins one future, which its maker ends. */
final class Body {

    private final boolean endsAtOnce;
    private final AtomicInteger runs = new AtomicInteger();
    private volatile CompletableFuture<String> last = new CompletableFuture<>();
    private volatile Thread thread;

    Body() {
        this(false);
    }

    private Body(boolean endsAtOnce) {
        this.endsAtOnce = endsAtOnce;
    }

    /** One whose futures have ended when they are returned. */
    static Body thatEndsAtOnce() {
        return new Body(true);
    }

    CompletableFuture<String> begin() {
        CompletableFuture<String> begun = new CompletableFuture<>();
        if (endsAtOnce) {
            begun.complete("v");
        }
        last = begun;
        thread = Thread.currentThread();
        runs.incrementAndGet();
        return begun;
    }

    int runs() {
        return runs.get();
    }

    /** What the last run waits for. */
    CompletableFuture<String> last() {
        return last;
    }

    /** On which the last run began. */
    Thread thread() {
        return thread;
    }
}
