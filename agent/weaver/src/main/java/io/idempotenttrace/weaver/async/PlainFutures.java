package io.idempotenttrace.weaver.async;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

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
        ObservedFutures.of(future.getClass()).onEnd(future, then);
    }

    @Override
    public Object incomplete(Object like) {
        return new Given();
    }

    @Override
    public void end(Object made, Object value, Throwable failure) {
        Stages.end((Given) made, value, failure);
    }

    @Override
    public void pass(Object given, Object value, Throwable failure, Object source) {
        Given made = (Given) given;
        if (made.isCancelled()) {
            ((Future<?>) source).cancel(made.mayInterrupt);
        }
    }
}
