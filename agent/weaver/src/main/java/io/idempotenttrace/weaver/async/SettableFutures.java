package io.idempotenttrace.weaver.async;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Guava's ListenableFuture, and the one that Google's API clients made after it. */
final class SettableFutures extends CancellableFutures {

    static final String GUAVA = "com.google.common.util.concurrent.ListenableFuture";
    static final String GOOGLE_API = "com.google.api.core.ApiFuture";

    private final Foreign.Call addListener;
    private final Foreign settable;
    private final Foreign.Call create;
    private final Foreign.Call set;
    private final Foreign.Call setException;

    private SettableFutures(Class<?> listenable, String settableName) {
        Foreign library = new Foreign(listenable);
        addListener = library.method("addListener", Runnable.class.getName(), Executor.class.getName());
        settable = library.type(settableName);
        create = settable.method("create");
        set = settable.method("set", Object.class.getName());
        setException = settable.method("setException", Throwable.class.getName());
    }

    static FutureShape guava(Class<?> listenable) {
        return new SettableFutures(listenable, "com.google.common.util.concurrent.SettableFuture");
    }

    static FutureShape googleApi(Class<?> listenable) {
        return new SettableFutures(listenable, "com.google.api.core.SettableApiFuture");
    }

    @Override
    public void onEnd(Object future, BiConsumer<Object, Throwable> then) {
        Executor direct = Runnable::run;
        addListener.on(future, (Runnable) () -> PolledFutures.tell((Future<?>) future, then), direct);
    }

    @Override
    public Object incomplete(@Nullable Object like) {
        return create.on(null);
    }

    @Override
    boolean isSettable(Object future) {
        return settable.type().isInstance(future);
    }

    @Override
    void succeed(Object made, @Nullable Object value) {
        set.on(made, value);
    }

    @Override
    void fail(Object made, Throwable failure) {
        setException.on(made, failure);
    }
}
