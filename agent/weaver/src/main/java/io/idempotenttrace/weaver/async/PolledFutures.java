package io.idempotenttrace.weaver.async;

import io.idempotenttrace.weaver.application.ApplicationCode;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Futures of the JDK's interface whose class has no way to tell of its end: they are looked at from time to time. */
final class PolledFutures implements FutureShape {

    @Override
    public boolean isDone(Object future) {
        return ((Future<?>) future).isDone();
    }

    @Override
    public void onEnd(Object future, BiConsumer<Object, Throwable> then) {
        Future<?> plain = (Future<?>) future;
        if (plain.isDone()) {
            tell(plain, then);
        } else {
            FuturePoll.whenDone(plain, plain::isDone, () -> tell(plain, then), broken -> then.accept(null, broken));
        }
    }

    /** The future has ended. Some compute their value each time that they are asked for it, by the application's code. */
    static void tell(Future<?> future, BiConsumer<Object, Throwable> then) {
        Object value = null;
        Throwable failure = null;
        boolean interrupted = Thread.interrupted();
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            value = future.get();
        } catch (ExecutionException e) {
            failure = e.getCause() == null ? e : e.getCause();
        } catch (CancellationException e) {
            failure = e;
        } catch (Throwable e) {
            failure = e;
        } finally {
            door[0] = before;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        then.accept(value, failure);
    }

    @Override
    public @Nullable Object incomplete(@Nullable Object like) {
        return null;
    }

    @Override
    public void end(Object made, @Nullable Object value, @Nullable Throwable failure) {
        throw new IllegalStateException("none is made");
    }

    @Override
    public void pass(Object given, @Nullable Object value, @Nullable Throwable failure, Object source) {
        // None is given in the place of another.
    }
}
