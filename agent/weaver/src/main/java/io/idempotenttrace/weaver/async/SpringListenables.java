package io.idempotenttrace.weaver.async;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The ListenableFuture of Spring Framework 4 to 6. */
final class SpringListenables extends CancellableFutures {

    private static final String PACKAGE = "org.springframework.util.concurrent.";
    static final String DECLARED = PACKAGE + "ListenableFuture";

    private final Foreign callback;
    private final Foreign.Call addCallback;
    private final Foreign settable;
    private final Foreign.Call set;
    private final Foreign.Call setException;

    SpringListenables(Class<?> declared) {
        Foreign library = new Foreign(declared);
        callback = library.type(PACKAGE + "ListenableFutureCallback");
        addCallback = library.method("addCallback", PACKAGE + "ListenableFutureCallback");
        settable = library.type(PACKAGE + "SettableListenableFuture");
        set = settable.method("set", Object.class.getName());
        setException = settable.method("setException", Throwable.class.getName());
    }

    @Override
    public void onEnd(Object future, BiConsumer<Object, Throwable> then) {
        addCallback.on(future, callback.implementAll((method, arguments) -> {
            boolean good = method.equals("onSuccess");
            then.accept(good ? arguments[0] : null, good ? null : (Throwable) arguments[0]);
            return null;
        }));
    }

    @Override
    public Object incomplete(@Nullable Object like) {
        return settable.create();
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
