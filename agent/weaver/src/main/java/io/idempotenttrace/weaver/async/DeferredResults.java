package io.idempotenttrace.weaver.async;

import io.idempotenttrace.weaver.application.ApplicationCode;
import java.lang.reflect.Field;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Spring MVC's DeferredResult. It has one place for each callback, and the one for the result is Spring MVC's own. So the caller gets
 * the body's own object, which is looked at from time to time, and of its callbacks only the one for the timeout is taken: the body's
 * is called behind ours. A result that is a Throwable is a failure, as it is to Spring MVC, and a timeout is one, whatever value
 * stands in for it.
 */
final class DeferredResults implements FutureShape {

    static final String DECLARED = "org.springframework.web.context.request.async.DeferredResult";

    private final Foreign library;
    private final Foreign.Call hasResult;
    private final Foreign.Call getResult;
    private final Foreign.Call isSetOrExpired;
    private final Foreign.Call setResult;
    private final Foreign.Call setErrorResult;
    private final Foreign.Call onTimeout;
    /** Null where it can't be read: then a timeout is seen only if no value stands in for it. */
    private final @Nullable Field timeoutCallback;

    DeferredResults(Class<?> declared) {
        library = new Foreign(declared);
        hasResult = library.method("hasResult");
        getResult = library.method("getResult");
        isSetOrExpired = library.method("isSetOrExpired");
        setResult = library.method("setResult", Object.class.getName());
        setErrorResult = library.method("setErrorResult", Object.class.getName());
        onTimeout = library.method("onTimeout", Runnable.class.getName());
        timeoutCallback = readable(declared);
    }

    private static @Nullable Field readable(Class<?> declared) {
        try {
            Field field = declared.getDeclaredField("timeoutCallback");
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    @Override
    public boolean isDone(Object deferred) {
        return (Boolean) isSetOrExpired.on(deferred);
    }

    @Override
    public void onEnd(Object deferred, BiConsumer<Object, Throwable> then) {
        AtomicBoolean timedOut = new AtomicBoolean();
        if (!isDone(deferred)) {
            learnOfTimeout(deferred, timedOut);
        }
        if (isDone(deferred)) {
            tell(deferred, timedOut, then);
        } else {
            FuturePoll.whenDone(
                    deferred,
                    () -> timedOut.get() || isDone(deferred),
                    () -> tell(deferred, timedOut, then),
                    broken -> then.accept(null, broken));
        }
    }

    private void learnOfTimeout(Object deferred, AtomicBoolean timedOut) {
        if (timeoutCallback == null) {
            return;
        }
        try {
            Runnable own = (Runnable) timeoutCallback.get(deferred);
            onTimeout.on(deferred, (Runnable) () -> {
                timedOut.set(true);
                if (own != null) {
                    own.run();
                }
            });
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(timeoutCallback + " was readable", e);
        }
    }

    private void tell(Object deferred, AtomicBoolean timedOut, BiConsumer<Object, Throwable> then) {
        boolean set;
        Object result;
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            set = !timedOut.get() && (Boolean) hasResult.on(deferred);
            result = set ? getResult.on(deferred) : null;
        } catch (Throwable broken) {
            set = true;
            result = broken;
        } finally {
            door[0] = before;
        }
        if (result instanceof Throwable failure) {
            then.accept(null, failure);
        } else if (set) {
            then.accept(result, null);
        } else {
            then.accept(null, new TimeoutException("its DeferredResult expired"));
        }
    }

    /** None takes the place of the body's own, to which its code and Spring's hold. */
    @Override
    public @Nullable Object incomplete(@Nullable Object like) {
        return like != null ? null : library.create();
    }

    @Override
    public void end(Object made, @Nullable Object value, @Nullable Throwable failure) {
        if (failure == null) {
            setResult.on(made, value);
        } else {
            setErrorResult.on(made, failure);
        }
    }

    @Override
    public void pass(Object given, @Nullable Object value, @Nullable Throwable failure, Object source) {
        // Of no effect on one that has ended.
        end(source, value, failure);
    }
}
