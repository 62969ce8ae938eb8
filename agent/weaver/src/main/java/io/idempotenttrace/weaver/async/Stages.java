package io.idempotenttrace.weaver.async;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** CompletionStage, CompletableFuture, and the application's own subclasses of it. */
final class Stages implements FutureShape {

    /**
     * What callers get where CompletableFuture itself will do. It knows of its time-out before anybody sees its end: a thread that waits for
     * it may be the one that calls its listeners.
     */
    private static final class Given extends CompletableFuture<Object> {

        private volatile boolean timedOut;

        @Override
        public boolean complete(@Nullable Object value) {
            boolean byTimeout = CompletedOnTimeout.isEnding();
            if (byTimeout) {
                timedOut = true;
            }
            boolean ended = super.complete(value);
            if (byTimeout && !ended) {
                timedOut = false;
            }
            return ended;
        }
    }

    private final Class<?> declared;
    /** Of a subclass; null where it has no constructor without parameters. */
    private final @Nullable MethodHandle constructor;

    /** For the interface itself. */
    Stages() {
        this.declared = CompletionStage.class;
        this.constructor = null;
    }

    Stages(Class<?> declared, MethodHandles.Lookup caller) {
        this.declared = declared;
        this.constructor = declared.isAssignableFrom(CompletableFuture.class) ? null : constructor(declared, caller);
    }

    private static @Nullable MethodHandle constructor(Class<?> declared, MethodHandles.Lookup caller) {
        try {
            return caller.findConstructor(declared, MethodType.methodType(void.class))
                    .asType(MethodType.methodType(Object.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    @Override
    public boolean isDone(Object future) {
        return future instanceof CompletableFuture<?> known && known.isDone();
    }

    @Override
    public void onEnd(Object future, BiConsumer<Object, Throwable> then) {
        ((CompletionStage<?>) future).whenComplete(then);
    }

    @Override
    public @Nullable Object incomplete(@Nullable Object like) {
        if (like instanceof CompletableFuture<?> future) {
            Object made = future.newIncompleteFuture();
            if (declared.isInstance(made) && made.getClass() != CompletableFuture.class && canBeEnded(made)) {
                return made;
            }
        }
        if (declared.isAssignableFrom(CompletableFuture.class)) {
            return new Given();
        }
        try {
            return constructor == null ? null : constructor.invokeExact();
        } catch (Throwable e) {
            return null;
        }
    }

    /** Not so the stages of {@link CompletableFuture#completedStage} and its like, which refuse every method that is no stage's. */
    private static boolean canBeEnded(Object made) {
        try {
            return !((CompletableFuture<?>) made).isDone();
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public void end(Object made, @Nullable Object value, @Nullable Throwable failure) {
        end((CompletableFuture<?>) made, value, failure);
    }

    static void end(CompletableFuture<?> made, @Nullable Object value, @Nullable Throwable failure) {
        @SuppressWarnings("unchecked")
        CompletableFuture<Object> future = (CompletableFuture<Object>) made;
        if (failure == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(failure);
        }
    }

    @Override
    public boolean hasTimedOut(Object given) {
        return given instanceof Given made && made.timedOut;
    }

    @Override
    public void pass(Object given, @Nullable Object value, @Nullable Throwable failure, Object source) {
        if (!(source instanceof CompletableFuture<?> future) || future.isDone()) {
            return;
        }
        if (((CompletableFuture<?>) given).isCancelled()) {
            // Its class may do more on cancel than to end.
            future.cancel(true);
        }
        end(future, value, failure);
    }
}
