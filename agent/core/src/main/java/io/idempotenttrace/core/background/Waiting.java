package io.idempotenttrace.core.background;

import io.idempotenttrace.core.failure.Failures;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits that an interrupt must not end: what was begun has to be known to its end, or a body would run twice. The interrupt is kept for the
 * caller's next blocking step.
 */
public final class Waiting {

    private Waiting() {}

    /** One wait, which an interrupt ends. */
    private interface Wait<T> {

        T get() throws InterruptedException, ExecutionException, TimeoutException;
    }

    /** The value, or the RuntimeException with which the future failed. For futures that complete by themselves in time. */
    public static <T> T uninterruptibly(Platform platform, Future<T> future) {
        try {
            return again(() -> platform.get(future, Long.MAX_VALUE));
        } catch (ExecutionException e) {
            throw Failures.toThrow(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("this wait has no limit", e);
        }
    }

    /** As {@link Platform#get} of the JVM's own; after an interrupt the time begins anew. */
    public static <T> T uninterruptibly(Future<T> future, long time, TimeUnit unit)
            throws ExecutionException, TimeoutException {
        return uninterruptibly(Platform.JVM, future, unit.toNanos(time));
    }

    /** As {@link #uninterruptibly(Future, long, TimeUnit)}, on a platform that may not be the JVM's. */
    public static <T> T uninterruptibly(Platform platform, Future<T> future, long nanos)
            throws ExecutionException, TimeoutException {
        return again(() -> platform.get(future, nanos));
    }

    private static <T> T again(Wait<T> wait) throws ExecutionException, TimeoutException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
