package io.idempotenttrace.core.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitingTest {

    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    @Test
    void anInterruptDoesNotEndAWaitAndIsKept() {
        CompletableFuture<String> future = new CompletableFuture<>();
        Thread.currentThread().interrupt();
        new Thread(() -> future.complete("value")).start();
        assertEquals("value", Waiting.uninterruptibly(Platform.JVM, future));
        assertTrue(Thread.interrupted());
    }

    @Test
    void aFailureIsThrownAsItIs() {
        IllegalStateException failure = new IllegalStateException("gone");
        assertSame(
                failure,
                assertThrows(
                        IllegalStateException.class,
                        () -> Waiting.uninterruptibly(Platform.JVM, CompletableFuture.failedFuture(failure))));
    }

    @Test
    void aLimitEndsAWait() {
        Thread.currentThread().interrupt();
        assertThrows(
                TimeoutException.class,
                () -> Waiting.uninterruptibly(new CompletableFuture<>(), 1, TimeUnit.MILLISECONDS));
        assertTrue(Thread.interrupted());
    }

    /** A future of the JDK would have the worker run the other task in the midst of the first. */
    @Test
    void aWorkerOfAPoolRunsNoOtherTaskWhileItWaits() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        try {
            onWorker(pool, () -> Platform.JVM.get(threadOfOtherTask(pool), Long.MAX_VALUE));
            onWorker(pool, () -> Platform.JVM.get(threadOfOtherTask(pool), TimeUnit.HOURS.toNanos(1)));
            onWorker(pool, () -> Waiting.uninterruptibly(Platform.JVM, threadOfOtherTask(pool)));
            onWorker(pool, () -> Waiting.uninterruptibly(threadOfOtherTask(pool), 1, TimeUnit.HOURS));
        } finally {
            pool.shutdownNow();
        }
    }

    private static void onWorker(ForkJoinPool pool, Callable<Thread> waiting) throws Exception {
        assertTrue(pool.submit(() -> waiting.call() != Thread.currentThread()).get());
    }

    private static CompletableFuture<Thread> threadOfOtherTask(ForkJoinPool pool) {
        return FutureOfPool.of(pool, Thread::currentThread);
    }

    @Test
    void aWorkerOfAPoolWaitsAsOtherThreadsDo() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        try {
            pool.submit(this::aLimitEndsAWait).get();
            pool.submit(this::aFailureIsThrownAsItIs).get();
            pool.submit(this::anInterruptDoesNotEndAWaitAndIsKept).get();
            pool.submit(() -> {
                        Thread.currentThread().interrupt();
                        assertThrows(
                                InterruptedException.class,
                                () -> Platform.JVM.get(new CompletableFuture<>(), Long.MAX_VALUE));
                    })
                    .get();
        } finally {
            pool.shutdownNow();
        }
    }

    /** The JDK refuses to block the only thread of such a pool. */
    @Test
    void aPoolThatMayHaveNoMoreThreadsWaitsAllTheSame() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(
                1,
                ForkJoinPool.defaultForkJoinWorkerThreadFactory,
                null,
                /* asyncMode= */ false,
                /* corePoolSize= */ 1,
                /* maximumPoolSize= */ 1,
                /* minimumRunnable= */ 1,
                null,
                1,
                TimeUnit.MINUTES);
        try {
            CompletableFuture<String> future = new CompletableFuture<>();
            CompletableFuture<Thread> worker = new CompletableFuture<>();
            ForkJoinTask<String> waiting = pool.submit(() -> {
                worker.complete(Thread.currentThread());
                return Waiting.uninterruptibly(Platform.JVM, future);
            });
            while (worker.get().getState() != Thread.State.WAITING && !waiting.isDone()) {
                Thread.onSpinWait();
            }
            future.complete("value");
            assertEquals("value", waiting.get());
        } finally {
            pool.shutdownNow();
        }
    }
}
