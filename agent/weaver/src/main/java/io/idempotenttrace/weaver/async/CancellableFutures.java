package io.idempotenttrace.weaver.async;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Futures of libraries that are futures of the JDK's as well, and that somebody else may end: one that is made ends by value, failure or
 * cancel, and so does the body's own when the one that was given away is cancelled, or is ended by its caller.
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

    /** Whether its class lets everybody end it, so that {@link #succeed} and {@link #fail} can. */
    abstract boolean isSettable(Object future);

    @Override
    public final void pass(Object given, @Nullable Object value, @Nullable Throwable failure, Object source) {
        Future<?> own = (Future<?>) source;
        if (own.isDone()) {
            return;
        }
        if (((Future<?>) given).isCancelled()) {
            own.cancel(true);
        } else if (isSettable(source)) {
            end(source, value, failure);
        }
    }
}
