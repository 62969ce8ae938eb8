package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.background.PlatformOfJvm;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Time stands still but where somebody waits, which takes no time at all; and there is no thread but the test's. */
final class StandingPlatform extends PlatformOfJvm {

    /** Near the overflow, as System.nanoTime() may be. */
    private static final long START = Long.MAX_VALUE - 1_000_000;

    private long nanos = START;
    private Runnable whileParked = () -> {};

    /** Run at each wait, after its time has passed. */
    void whileParked(Runnable meanwhile) {
        whileParked = meanwhile;
    }

    void pass(long passed) {
        nanos += passed;
    }

    long passedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(passedNanos());
    }

    long passedNanos() {
        return nanos - START;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public void parkNanos(Object blocker, long forNanos) {
        pass(forNanos);
        whileParked.run();
    }

    @Override
    public <T> T get(Future<T> future, long forNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!future.isDone()) {
            parkNanos(this, forNanos);
        }
        return super.get(future, 0);
    }

    @Override
    public void start(Thread thread) {
        throw new OutOfMemoryError("unable to create native thread (of a test)");
    }
}
