package io.idempotenttrace.core;

import io.idempotenttrace.core.background.Platform;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A platform on which time goes on only where somebody waits, and no thread works by itself: one that is started is there and does nothing.
 * For tests that run every step themselves.
 */
public class StillPlatform extends Platform {

    private long nanos = TimeUnit.DAYS.toNanos(1);
    private long drawn;

    public final synchronized void pass(long more) {
        nanos += more;
    }

    @Override
    public final synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public final long currentTimeMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime());
    }

    @Override
    public final void parkNanos(Object blocker, long most) {
        pass(Math.min(most, TimeUnit.SECONDS.toNanos(1)));
    }

    @Override
    public final void unpark(Thread thread) {}

    @Override
    public final <T> T get(Future<T> future, long most)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get();
    }

    @Override
    public Thread thread(String name, Runnable work) {
        return new Thread(work, name);
    }

    @Override
    public void start(Thread thread) {}

    @Override
    public boolean isAlive(Thread thread) {
        return true;
    }

    @Override
    public final Thread currentThread() {
        return Thread.currentThread();
    }

    @Override
    public final synchronized long randomLong() {
        return ++drawn;
    }
}
