package io.idempotenttrace.weaver.async;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * OpenTelemetry's CompletableResultCode: success or failure, without a value. It calls back while it holds its lock, so what it tells
 * is handed to another thread: two that end each other's codes would wait for each other.
 */
final class ResultCodes implements FutureShape {

    static final String DECLARED = "io.opentelemetry.sdk.common.CompletableResultCode";

    private final Foreign library;
    private final Foreign.Call isDone;
    private final Foreign.Call isSuccess;
    private final Foreign.Call whenComplete;
    private final Foreign.Call succeed;
    private final Foreign.Call fail;
    /** Both null before version 1.41, whose codes fail without a reason. */
    private final Foreign.@Nullable Call failExceptionally;

    private final Foreign.@Nullable Call getFailureThrowable;

    ResultCodes(Class<?> declared) {
        library = new Foreign(declared);
        isDone = library.method("isDone");
        isSuccess = library.method("isSuccess");
        whenComplete = library.method("whenComplete", Runnable.class.getName());
        succeed = library.method("succeed");
        fail = library.method("fail");
        failExceptionally = library.find("failExceptionally", Throwable.class.getName());
        getFailureThrowable = library.find("getFailureThrowable");
    }

    @Override
    public boolean isDone(Object code) {
        return (Boolean) isDone.on(code);
    }

    @Override
    public void onEnd(Object code, BiConsumer<Object, Throwable> then) {
        if (isDone(code)) {
            then.accept(null, failure(code));
        } else {
            whenComplete.on(code, (Runnable)
                    () -> CallerThread.callbacks().execute(() -> then.accept(null, failure(code))));
        }
    }

    private @Nullable Throwable failure(Object code) {
        if ((Boolean) isSuccess.on(code)) {
            return null;
        }
        Object reason = getFailureThrowable == null ? null : getFailureThrowable.on(code);
        return reason instanceof Throwable known
                ? known
                : new IllegalStateException("its CompletableResultCode failed without a reason");
    }

    @Override
    public boolean valueless() {
        return true;
    }

    @Override
    public Object incomplete(@Nullable Object like) {
        return library.create();
    }

    @Override
    public void end(Object made, @Nullable Object value, @Nullable Throwable failure) {
        if (failure == null) {
            succeed.on(made);
        } else if (failExceptionally != null) {
            failExceptionally.on(made, failure);
        } else {
            fail.on(made);
        }
    }

    @Override
    public void pass(Object given, @Nullable Object value, @Nullable Throwable failure, Object source) {
        // Of no effect on one that has ended, as this one has where its end was told to the caller's.
        end(source, value, failure);
    }
}
