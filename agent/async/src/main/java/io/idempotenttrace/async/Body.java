package io.idempotenttrace.async;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** What an emitter's body does: each run begins one future, which the matrix ends. */
final class Body {

    private final AtomicInteger runs = new AtomicInteger();
    private volatile CompletableFuture<String> last = new CompletableFuture<>();
    private volatile Thread thread;

    CompletableFuture<String> begin() {
        CompletableFuture<String> begun = new CompletableFuture<>();
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
