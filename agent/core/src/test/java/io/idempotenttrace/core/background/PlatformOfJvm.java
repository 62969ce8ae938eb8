package io.idempotenttrace.core.background;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/** The JVM's own, of which a test changes a part. */
public abstract class PlatformOfJvm extends Platform {

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
    public void start(Thread thread) {
        JVM.start(thread);
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
