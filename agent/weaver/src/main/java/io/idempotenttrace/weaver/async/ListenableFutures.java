package io.idempotenttrace.weaver.async;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

/** Guava's ListenableFuture. */
final class ListenableFutures implements FutureShape {

    static final String DECLARED = "com.google.common.util.concurrent.ListenableFuture";

    /** Held by the class itself, whose library it is. */
    private static final ClassValue<ListenableFutures> OF_CLASS = new ClassValue<>() {
        @Override
        protected ListenableFutures computeValue(Class<?> type) {
            Class<?> listenable = SuperTypes.named(DECLARED, type);
            try {
                return listenable == null ? null : new ListenableFutures(listenable);
            } catch (IllegalStateException e) {
                return null;
            }
        }
    };

    private final Foreign.Call addListener;
    private final Foreign.Call create;
    private final Foreign.Call set;
    private final Foreign.Call setException;

    ListenableFutures(Class<?> listenable) {
        Foreign guava = new Foreign(listenable);
        addListener = guava.method("addListener", Runnable.class.getName(), Executor.class.getName());
        Foreign settable = guava.type("com.google.common.util.concurrent.SettableFuture");
        create = settable.method("create");
        set = settable.method("set", Object.class.getName());
        setException = settable.method("setException", Throwable.class.getName());
    }

    /** Null for a class that is no such future. */
    static ListenableFutures of(Class<?> type) {
        return OF_CLASS.get(type);
    }

    @Override
    public boolean isDone(Object future) {
        return ((Future<?>) future).isDone();
    }

    @Override
    public void onEnd(Object future, BiConsumer<Object, Throwable> then) {
        Executor direct = Runnable::run;
        addListener.on(future, (Runnable) () -> PlainFutures.tell((Future<?>) future, then), direct);
    }

    @Override
    public Object incomplete(Object like) {
        return create.on(null);
    }

    @Override
    public void end(Object made, Object value, Throwable failure) {
        if (failure instanceof java.util.concurrent.CancellationException) {
            ((Future<?>) made).cancel(true);
        } else if (failure != null) {
            setException.on(made, failure);
        } else {
            set.on(made, value);
        }
    }

    @Override
    public void pass(Object given, Object value, Throwable failure, Object source) {
        if (((Future<?>) given).isCancelled()) {
            ((Future<?>) source).cancel(true);
        }
    }
}
