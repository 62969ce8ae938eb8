package io.idempotenttrace.weaver.async;

import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.TimeLimit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own threads for what hangs on the end of a wait: callbacks of the application, and bodies that run later than they were
 * called.
 *
 * <p>The problem: such code may block, and a call must not wait for a thread that others' work has taken. The common pool is no place for
 * it, since the application may fill that with tasks that block. So there are as many threads as there is work that blocks: a task for
 * which no thread is free gets a new one at once as long as there are fewer than processors, and else after a time in which none became
 * free. That time is longer the more threads there are, so that work which only computes does not get hundreds of them.
 *
 * <p>A thread ends when it has had nothing to do for a second, or is a minute old: what the application's code has left in its thread
 * locals ends with it. Where no thread can be started, the common pool runs the task after all.
 *
 * <p>Safe for use by many threads.
 */
final class CallbackThreads implements Executor {

    static final String NAME = "idempotent-trace-callbacks";

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long OLD_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** How long a task waits for each thread that there is, before there is one more. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final int MOST = 256;

    private record Waiting(Runnable task, long sinceNanos) {}

    private final int startedAtOnce = Runtime.getRuntime().availableProcessors();
    private final LinkedBlockingQueue<Waiting> tasks = new LinkedBlockingQueue<>();
    private final AtomicInteger threads = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicBoolean looking = new AtomicBoolean();

    /** @throws RuntimeException or an error if neither a thread nor the common pool takes the task */
    @Override
    public void execute(Runnable task) {
        Waiting waiting = new Waiting(task, System.nanoTime());
        tasks.add(waiting);
        // Idle threads are counted after the task was added, and a thread that ends looks for tasks after it is no idle
        // one.
        if (idle.get() < tasks.size()) {
            if (threads.get() < startedAtOnce && !start() && threads.get() == 0 && tasks.remove(waiting)) {
                ForkJoinPool.commonPool().execute(task);
                return;
            }
            lookLater();
        }
    }

    /** Whether there is one more thread, or as many as there may be. */
    private boolean start() {
        if (threads.incrementAndGet() > MOST) {
            threads.decrementAndGet();
            return true;
        }
        boolean started = false;
        try {
            started = BackgroundLoop.runOnce(NAME, this::work);
        } finally {
            if (!started) {
                threads.decrementAndGet();
            }
        }
        return started;
    }

    private void lookLater() {
        if (looking.compareAndSet(false, true)) {
            try {
                TimeLimit.within(PATIENCE_NANOS, new CompletableFuture<>()).thenRun(this::look);
            } catch (Throwable noMemory) {
                // The next task that finds no thread tries again.
                looking.set(false);
            }
        }
    }

    /** Runs on the timer's thread, and is brief. */
    private void look() {
        looking.set(false);
        Waiting first = tasks.peek();
        if (first == null) {
            return;
        }
        try {
            if (System.nanoTime() - first.sinceNanos >= PATIENCE_NANOS * threads.get()) {
                start();
            }
        } finally {
            lookLater();
        }
    }

    private void work() {
        long begun = System.nanoTime();
        try {
            takeContextLoader();
            while (System.nanoTime() - begun < OLD_NANOS && runNext()) {}
        } finally {
            threads.decrementAndGet();
            if (!tasks.isEmpty()) {
                lookLater();
            }
        }
    }

    /** False if there has been nothing to do. */
    private boolean runNext() {
        Waiting next = next();
        if (next == null) {
            return !tasks.isEmpty();
        }
        try {
            next.task.run();
        } catch (Throwable thrown) {
            tell(thrown);
        } finally {
            // Whatever the application's code has left: neither its loader nor an interrupt is for the next task.
            takeContextLoader();
            Thread.interrupted();
        }
        return true;
    }

    private @Nullable Waiting next() {
        Waiting next = tasks.poll();
        if (next != null) {
            return next;
        }
        idle.incrementAndGet();
        try {
            return tasks.poll(IDLE_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // By code of the application that has kept this thread.
            return null;
        } finally {
            idle.decrementAndGet();
        }
    }

    /** As the common pool's threads have it, for what the application's callbacks look up. */
    private static void takeContextLoader() {
        CallerThread.takeContextLoader(ClassLoader.getSystemClassLoader());
    }

    /** As the common pool does with what a task throws. */
    private static void tell(Throwable thrown) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        } catch (Throwable fromHandler) {
            // It has had its turn.
        }
    }
}
