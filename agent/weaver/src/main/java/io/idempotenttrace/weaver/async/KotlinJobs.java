package io.idempotenttrace.weaver.async;

import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Kotlin's Job, which ends without a value, and Deferred. The caller gets the body's own: it is a child of its scope, may start only when
 * it is waited for, and its cancel reaches its children. Another one is made where the body has not run yet, or does not run.
 */
final class KotlinJobs implements FutureShape {

    private static final String PACKAGE = "kotlinx.coroutines.";
    static final String JOB = PACKAGE + "Job";
    static final String DEFERRED = PACKAGE + "Deferred";

    private final Foreign handler;
    private final Object unit;
    private final Foreign.Call isCompleted;
    private final Foreign.Call invokeOnCompletion;
    private final Foreign.Call start;
    private final Foreign.Call cancel;
    private final Foreign.Call make;
    private final Foreign.Call complete;
    private final Foreign.Call completeExceptionally;
    /** Null for a Job. */
    private final Foreign.@Nullable Call value;

    private KotlinJobs(Class<?> declared, boolean deferred) {
        Foreign library = new Foreign(declared);
        handler = library.type("kotlin.jvm.functions.Function1");
        unit = library.type("kotlin.Unit").constant("INSTANCE");
        isCompleted = library.method("isCompleted");
        invokeOnCompletion = library.method("invokeOnCompletion", "kotlin.jvm.functions.Function1");
        start = library.method("start");
        cancel = library.method("cancel", CancellationException.class.getName());
        make = deferred
                ? library.type(PACKAGE + "CompletableDeferredKt").method("CompletableDeferred", JOB)
                : library.type(PACKAGE + "JobKt").method("Job", JOB);
        Foreign completable = library.type(PACKAGE + (deferred ? "CompletableDeferred" : "CompletableJob"));
        complete = deferred ? completable.method("complete", Object.class.getName()) : completable.method("complete");
        completeExceptionally = completable.method("completeExceptionally", Throwable.class.getName());
        value = deferred ? library.method("getCompleted") : null;
    }

    static KotlinJobs deferred(Class<?> declared) {
        return new KotlinJobs(declared, true);
    }

    static KotlinJobs job(Class<?> declared) {
        return new KotlinJobs(declared, false);
    }

    @Override
    public boolean valueless() {
        return value == null;
    }

    @Override
    public boolean isDone(Object future) {
        return (Boolean) isCompleted.on(future);
    }

    @Override
    public void onEnd(Object future, BiConsumer<Object, Throwable> then) {
        invokeOnCompletion.on(future, handler.implement(arguments -> {
            Throwable failure = (Throwable) arguments[0];
            then.accept(failure == null && value != null ? value.on(future) : null, failure);
            return unit;
        }));
    }

    @Override
    public @Nullable Object incomplete(@Nullable Object like) {
        return like == null ? make.on(null, new Object[] {null}) : null;
    }

    @Override
    public void end(Object made, @Nullable Object result, @Nullable Throwable failure) {
        if (failure instanceof CancellationException) {
            cancel.on(made, failure);
        } else if (failure != null) {
            completeExceptionally.on(made, failure);
        } else if (value != null) {
            complete.on(made, result);
        } else {
            complete.on(made);
        }
    }

    @Override
    public void begin(Object source) {
        start.on(source);
    }

    @Override
    public void pass(Object given, @Nullable Object result, @Nullable Throwable failure, Object source) {
        if (failure instanceof CancellationException) {
            cancel.on(source, failure);
        }
    }
}
