package io.idempotenttrace.async;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** What an emitter's body does: each run begins one future, which its maker ends. */
class Body {

    private final CompletableFuture<String> end;
    private final AtomicInteger runs = new AtomicInteger();
    private volatile CompletableFuture<String> last = new CompletableFuture<>();
    private volatile Thread thread;

    Body() {
        this(null);
    }

    private Body(CompletableFuture<String> end) {
        this.end = end;
    }

    /** One whose futures end as that one does, or has. */
    static Body thatEndsWith(CompletableFuture<String> end) {
        return new Body(end);
    }

    CompletableFuture<String> begin() {
        CompletableFuture<String> begun = end == null ? new CompletableFuture<>() : end.copy();
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
