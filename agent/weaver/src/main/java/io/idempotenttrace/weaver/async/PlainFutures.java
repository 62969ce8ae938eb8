package io.idempotenttrace.weaver.async;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
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
        if (future instanceof CompletionStage<?> stage) {
            stage.whenComplete(then);
            return;
        }
        Future<?> plain = (Future<?>) future;
        ListenableFutures listenable = ListenableFutures.of(future.getClass());
        if (plain.isDone()) {
            tell(plain, then);
        } else if (listenable != null) {
            listenable.onEnd(future, then);
        } else {
            FuturePoll.whenDone(plain, () -> tell(plain, then));
        }
    }

    /** The future has ended. */
    static void tell(Future<?> future, BiConsumer<Object, Throwable> then) {
        Object value = null;
        Throwable failure = null;
        boolean interrupted = Thread.interrupted();
        try {
            value = future.get();
        } catch (ExecutionException e) {
            failure = e.getCause() == null ? e : e.getCause();
        } catch (CancellationException e) {
            failure = e;
        } catch (InterruptedException | RuntimeException | Error e) {
            failure = e;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        then.accept(value, failure);
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
