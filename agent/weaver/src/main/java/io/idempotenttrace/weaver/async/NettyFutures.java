package io.idempotenttrace.weaver.async;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Netty's Future and Promise. A ChannelFuture belongs to its channel: none is made in its place. */
final class NettyFutures extends CancellableFutures {

    private static final String PACKAGE = "io.netty.util.concurrent.";
    static final String DECLARED = PACKAGE + "Future";

    private final Foreign listener;
    private final Foreign.Call addListener;
    private final Foreign.Call cause;
    private final Foreign.Call getNow;
    private final Object executor;
    private final Foreign.Call newPromise;
    private final Foreign promise;
    private final Foreign.Call trySuccess;
    private final Foreign.Call tryFailure;

    NettyFutures(Class<?> declared) {
        Foreign library = new Foreign(declared);
        listener = library.type(PACKAGE + "GenericFutureListener");
        addListener = library.method("addListener", PACKAGE + "GenericFutureListener");
        cause = library.method("cause");
        getNow = library.method("getNow");
        Foreign immediate = library.type(PACKAGE + "ImmediateEventExecutor");
        executor = immediate.constant("INSTANCE");
        newPromise = immediate.method("newPromise");
        promise = library.type(PACKAGE + "Promise");
        trySuccess = promise.method("trySuccess", Object.class.getName());
        tryFailure = promise.method("tryFailure", Throwable.class.getName());
    }

    @Override
    public void onEnd(Object future, BiConsumer<Object, Throwable> then) {
        if (isDone(future)) {
            // Else its event loop would tell it later, and must not be blocked.
            tell(future, then);
        } else {
            addListener.on(future, listener.implement(ended -> {
                tell(future, then);
                return null;
            }));
        }
    }

    private void tell(Object ended, BiConsumer<Object, Throwable> then) {
        Throwable failure = (Throwable) cause.on(ended);
        then.accept(failure == null ? getNow.on(ended) : null, failure);
    }

    @Override
    public Object incomplete(@Nullable Object like) {
        return newPromise.on(executor);
    }

    @Override
    boolean isSettable(Object future) {
        return promise.type().isInstance(future);
    }

    @Override
    void succeed(Object made, @Nullable Object value) {
        trySuccess.on(made, value);
    }

    @Override
    void fail(Object made, Throwable failure) {
        tryFailure.on(made, failure);
    }
}
