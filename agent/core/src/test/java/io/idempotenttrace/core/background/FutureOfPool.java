package io.idempotenttrace.core.background;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;

/**
 * What a task of a pool begins. A worker of the pool that waits for it by the JDK's own means runs it itself, on top of its stack. Futures
 * of JDK 17 have workers of the common pool do so, and those of JDK 25 the workers of each.
 */
public final class FutureOfPool<T> extends CompletableFuture<T> {

    private final ForkJoinPool pool;

    private FutureOfPool(ForkJoinPool pool) {
        this.pool = pool;
    }

    /** Has the pool run that. */
    public static <T> CompletableFuture<T> of(ForkJoinPool pool, Supplier<T> work) {
        return new FutureOfPool<T>(pool).completeAsync(work);
    }

    @Override
    public Executor defaultExecutor() {
        return pool;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new FutureOfPool<>(pool);
    }
}
