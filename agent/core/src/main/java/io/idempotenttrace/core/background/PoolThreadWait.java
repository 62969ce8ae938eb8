package io.idempotenttrace.core.background;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A wait for a future on a worker of a {@link ForkJoinPool}, which runs nothing else meanwhile.
 *
 * <p>The problem: {@code get} and {@code join} of a {@link java.util.concurrent.CompletableFuture} help such a thread's pool before they
 * block. They run other asynchronous tasks of the thread's queue on top of its stack. For the agent these are other messages of the
 * application: each of them would be handled in the midst of another one's claim, under its locks and thread locals, and the stack would
 * grow with the queue.
 *
 * <p>{@link ForkJoinPool#managedBlock} has the pool make up for the blocked thread by another one, and runs no task here.
 */
final class PoolThreadWait implements ForkJoinPool.ManagedBlocker, BiConsumer<Object, Throwable> {

    private final Future<?> future;
    private final boolean limited;
    private final long deadlineNanos;
    private boolean interrupted;
    /** Null once the wait is over: a future that ends much later must not keep the thread. */
    private volatile @Nullable Thread waiting = Thread.currentThread();

    private PoolThreadWait(Future<?> future, long nanos) {
        this.future = future;
        this.limited = nanos != Long.MAX_VALUE;
        this.deadlineNanos = System.nanoTime() + nanos;
    }

    /**
     * Waits on this thread, a worker of a pool. Whether the future has ended is for the caller to look.
     *
     * @param same the future, as what tells of its end
     * @param nanos {@link Long#MAX_VALUE} for no limit
     */
    static void await(Future<?> future, CompletionStage<?> same, long nanos) throws InterruptedException {
        PoolThreadWait wait = new PoolThreadWait(future, nanos);
        try {
            same.whenComplete(wait);
            wait.inPool();
        } finally {
            wait.waiting = null;
        }
    }

    private void inPool() throws InterruptedException {
        try {
            ForkJoinPool.managedBlock(this);
        } catch (InterruptedException e) {
            if (interrupted) {
                throw e;
            }
            // Not this thread was interrupted: a pool that is being stopped refuses to block.
            block();
        } catch (RuntimeException | OutOfMemoryError noOther) {
            // The pool has as many threads as it may have, or can't start one. What was sent must be answered all the
            // same.
            block();
        }
    }

    @Override
    public boolean block() throws InterruptedException {
        while (!isReleasable()) {
            if (Thread.interrupted()) {
                interrupted = true;
                throw new InterruptedException();
            }
            if (limited) {
                LockSupport.parkNanos(this, deadlineNanos - System.nanoTime());
            } else {
                LockSupport.park(this);
            }
        }
        return true;
    }

    @Override
    public boolean isReleasable() {
        return future.isDone() || limited && System.nanoTime() - deadlineNanos >= 0;
    }

    /** The future has ended. */
    @Override
    public void accept(Object value, Throwable failure) {
        LockSupport.unpark(waiting);
    }
}
