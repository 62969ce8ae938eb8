package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.background.Platform;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/** The JVM's own, on a machine that has no thread left until the test says so. */
final class ThreadlessPlatform extends Platform {

    private volatile boolean hasThreads;

    void threadsAreThereAgain() {
        hasThreads = true;
    }

    @Override
    public void start(Thread thread) {
        if (!hasThreads) {
            throw new OutOfMemoryError("unable to create native thread (of a test)");
        }
        JVM.start(thread);
    }

    @Override
    public long nanoTime() {
        return JVM.nanoTime();
    }

    @Override
    public long currentTimeMillis() {
        return JVM.currentTimeMillis();
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
        JVM.parkNanos(blocker, nanos);
    }

    @Override
    public void unpark(Thread thread) {
        JVM.unpark(thread);
    }

    @Override
    public <T> T get(Future<T> future, long nanos) throws InterruptedException, ExecutionException, TimeoutException {
        return JVM.get(future, nanos);
    }

    @Override
    public Thread thread(String name, Runnable work) {
        return JVM.thread(name, work);
    }

    @Override
    public boolean isAlive(Thread thread) {
        return JVM.isAlive(thread);
    }

    @Override
    public Thread currentThread() {
        return JVM.currentThread();
    }

    @Override
    public long randomLong() {
        return JVM.randomLong();
    }
}
