package io.idempotenttrace.weaver.async;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Vert.x's Future, which can't be cancelled. */
final class VertxFutures implements FutureShape {

    static final String DECLARED = "io.vertx.core.Future";

    private final Foreign handler;
    private final Foreign.Call isComplete;
    private final Foreign.Call onComplete;
    private final Foreign.Call succeeded;
    private final Foreign.Call result;
    private final Foreign.Call cause;
    private final Foreign.Call promise;
    private final Foreign.Call future;
    private final Foreign.Call tryComplete;
    private final Foreign.Call tryFail;

    VertxFutures(Class<?> declared) {
        Foreign vertx = new Foreign(declared);
        handler = vertx.type("io.vertx.core.Handler");
        isComplete = vertx.method("isComplete");
        onComplete = vertx.method("onComplete", "io.vertx.core.Handler");
        Foreign asyncResult = vertx.type("io.vertx.core.AsyncResult");
        succeeded = asyncResult.method("succeeded");
        result = asyncResult.method("result");
        cause = asyncResult.method("cause");
        Foreign promises = vertx.type("io.vertx.core.Promise");
        promise = promises.method("promise");
        future = promises.method("future");
        tryComplete = promises.method("tryComplete", Object.class.getName());
        tryFail = promises.method("tryFail", Throwable.class.getName());
    }

    @Override
    public boolean isDone(Object known) {
        return (Boolean) isComplete.on(known);
    }

    @Override
    public void onEnd(Object known, BiConsumer<Object, Throwable> then) {
        if (isDone(known)) {
            // Else its context would tell it later, on a thread that must not be blocked.
            tell(known, then);
        } else {
            onComplete.on(known, handler.implement(arguments -> {
                tell(arguments[0], then);
                return null;
            }));
        }
    }

    private void tell(Object ended, BiConsumer<Object, Throwable> then) {
        boolean good = (Boolean) succeeded.on(ended);
        then.accept(good ? result.on(ended) : null, good ? null : (Throwable) cause.on(ended));
    }

    @Override
    public @Nullable Object incomplete(@Nullable Object like) {
        Object made = promise.on(null);
        // A promise is its own future; if a later version's is not, nothing could end what is given away.
        return future.on(made) == made ? made : null;
    }

    @Override
    public void end(Object made, @Nullable Object value, @Nullable Throwable failure) {
        if (failure == null) {
            tryComplete.on(made, value);
        } else {
            tryFail.on(made, failure);
        }
    }

    @Override
    public void pass(Object given, @Nullable Object value, @Nullable Throwable failure, Object source) {
        // Nobody but its promise ends a Vert.x future.
    }
}
