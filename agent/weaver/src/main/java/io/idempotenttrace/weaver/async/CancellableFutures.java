package io.idempotenttrace.weaver.async;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Futures of libraries that are futures of the JDK's as well, and that somebody else may end: one that is made ends by value, failure or
 * cancel, and a cancel of one that was given away is passed on to the body's own.
 */
abstract class CancellableFutures implements FutureShape {

    @Override
    public final boolean isDone(Object future) {
        return ((Future<?>) future).isDone();
    }

    @Override
    public final void end(Object made, @Nullable Object value, @Nullable Throwable failure) {
        if (failure instanceof CancellationException) {
            ((Future<?>) made).cancel(true);
        } else if (failure != null) {
            fail(made, failure);
        } else {
            succeed(made, value);
        }
    }

    /** Of no effect on one that has ended. */
    abstract void succeed(Object made, @Nullable Object value);

    /** Of no effect on one that has ended. */
    abstract void fail(Object made, Throwable failure);

    @Override
    public final void pass(Object given, @Nullable Object value, @Nullable Throwable failure, Object source) {
        if (((Future<?>) given).isCancelled()) {
            ((Future<?>) source).cancel(true);
        }
    }
}
