package io.idempotenttrace.weaver.async;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Methods that declare Future: what they return may tell of its end, or has to be looked at from time to time. */
final class PlainFutures implements FutureShape {

    /** Knows whether its cancel may interrupt. */
    private static final class Given extends CompletableFuture<Object> {

        private volatile boolean mayInterrupt;

        @Override
        public boolean cancel(boolean interrupting) {
            mayInterrupt = interrupting;
            return super.cancel(interrupting);
        }
    }

    @Override
    public boolean isDone(Object future) {
        return ((Future<?>) future).isDone();
    }

    @Override
    public void onEnd(Object future, BiConsumer<Object, Throwable> then) {
        // Each Future of the JDK's is known at least as that.
        FutureShape shape = Objects.requireNonNull(ObservedFutures.of(future.getClass()));
        shape.onEnd(future, then);
    }

    @Override
    public Object incomplete(@Nullable Object like) {
        return new Given();
    }

    @Override
    public void end(Object made, @Nullable Object value, @Nullable Throwable failure) {
        Stages.end((Given) made, value, failure);
    }

    @Override
    public void pass(Object given, @Nullable Object value, @Nullable Throwable failure, Object source) {
        Given made = (Given) given;
        if (made.isCancelled()) {
            ((Future<?>) source).cancel(made.mayInterrupt);
        }
    }
}
