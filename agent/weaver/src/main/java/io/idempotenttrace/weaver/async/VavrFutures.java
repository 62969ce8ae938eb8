package io.idempotenttrace.weaver.async;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Vavr's Future. */
final class VavrFutures implements FutureShape {

    private static final String PACKAGE = "io.vavr.concurrent.";
    static final String DECLARED = PACKAGE + "Future";

    private final Foreign.Call isCompleted;
    private final Foreign.Call isCancelled;
    private final Foreign.Call cancel;
    private final Foreign.Call getValue;
    private final Foreign.Call optionGet;
    private final Foreign.Call onComplete;
    private final Foreign.Call isSuccess;
    private final Foreign.Call get;
    private final Foreign.Call getCause;
    private final Foreign.Call newPromise;
    private final Foreign.Call future;
    private final Foreign.Call trySuccess;
    private final Foreign.Call tryFailure;
    /** The promise of each future that was made and has not been ended: a future does not know its own. */
    private final ConcurrentHashMap<Object, Object> promises = new ConcurrentHashMap<>();

    VavrFutures(Class<?> declared) {
        Foreign library = new Foreign(declared);
        isCompleted = library.method("isCompleted");
        isCancelled = library.method("isCancelled");
        cancel = library.method("cancel", "boolean");
        getValue = library.method("getValue");
        optionGet = library.type("io.vavr.control.Option").method("get");
        onComplete = library.method("onComplete", Consumer.class.getName());
        Foreign tried = library.type("io.vavr.control.Try");
        isSuccess = tried.method("isSuccess");
        get = tried.method("get");
        getCause = tried.method("getCause");
        Foreign promise = library.type(PACKAGE + "Promise");
        newPromise = promise.method("make");
        future = promise.method("future");
        trySuccess = promise.method("trySuccess", Object.class.getName());
        tryFailure = promise.method("tryFailure", Throwable.class.getName());
    }

    @Override
    public boolean isDone(Object known) {
        return (Boolean) isCompleted.on(known);
    }

    @Override
    public void onEnd(Object known, BiConsumer<Object, Throwable> then) {
        if (isDone(known)) {
            // Else its executor would tell it later.
            tell(optionGet.on(getValue.on(known)), then);
        } else {
            onComplete.on(known, (Consumer<Object>) ended -> tell(ended, then));
        }
    }

    private void tell(Object tried, BiConsumer<Object, Throwable> then) {
        boolean good = (Boolean) isSuccess.on(tried);
        then.accept(good ? get.on(tried) : null, good ? null : (Throwable) getCause.on(tried));
    }

    @Override
    public Object incomplete(@Nullable Object like) {
        Object promise = newPromise.on(null);
        Object made = future.on(promise);
        promises.put(made, promise);
        return made;
    }

    @Override
    public void end(Object made, @Nullable Object value, @Nullable Throwable failure) {
        Object promise = promises.remove(made);
        if (promise == null) {
            return;
        }
        if (failure == null) {
            trySuccess.on(promise, value);
        } else {
            tryFailure.on(promise, failure);
        }
    }

    @Override
    public void pass(Object given, @Nullable Object value, @Nullable Throwable failure, Object source) {
        // A cancelled one says that it is only after it has told its end.
        if (failure instanceof CancellationException || (Boolean) isCancelled.on(given)) {
            cancel.on(source, true);
        }
    }
}
