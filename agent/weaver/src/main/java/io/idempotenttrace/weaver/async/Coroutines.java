package io.idempotenttrace.weaver.async;

import io.idempotenttrace.weaver.application.EngineRights;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Kotlin's coroutines, as a woven class sees them: by name, through its own class loader.
 *
 * <p>A suspend function takes a continuation as its last argument. It either returns its value, or it returns the mark
 * {@link #suspended()}, and resumes that continuation later with value or failure. What stands between the two, for a guarded call, is a
 * continuation of a class that is generated beside the woven one: a subclass of Kotlin's {@code ContinuationImpl}, as the compiler would
 * have made for a function that claims, calls the body and completes. So the context, the dispatcher, the job and the stack of the
 * caller are those of the body, and no coroutine is added to the caller's.
 *
 * <p>All that is called here is also called by code that Kotlin's compiler writes into applications, and so stays as it is from one
 * version to the next. Of kotlinx, which may be missing, a wait takes what makes it end when the coroutine is cancelled.
 */
public final class Coroutines {

    static final String CONTINUATION = "kotlin.coroutines.Continuation";
    private static final String STACK_FRAME = "kotlin.coroutines.jvm.internal.CoroutineStackFrame";
    private static final String KOTLINX = "kotlinx.coroutines.";
    /** What a suspendCancellableCoroutine of kotlinx passes: resume by dispatch, and let a cancel win. */
    private static final int CANCELLABLE = 1;

    private final MethodHandle newContinuation;
    private final Object suspended;
    private final Object unit;
    private final Foreign.Call intercepted;
    private final Foreign.Call resumeWith;
    private final Foreign.Call throwOnFailure;
    private final Class<?> stackFrame;
    private final Foreign.Call callerFrame;
    private final Constructor<?> newWait;
    private final Foreign.Call resultOfWait;
    /** Null where kotlinx is not beside the woven class. */
    private final @Nullable Cancellation cancellation;

    /** @throws IllegalStateException if the woven class does not see Kotlin's library, or one that is too old */
    public Coroutines(MethodHandles.Lookup woven) {
        ClassLoader loader = woven.lookupClass().getClassLoader();
        Foreign continuation = new Foreign(load(CONTINUATION, loader));
        suspended = suspended(woven, load("kotlin.coroutines.intrinsics.IntrinsicsKt", loader));
        unit = constant(load("kotlin.Unit", loader), "INSTANCE");
        resumeWith = continuation.method("resumeWith", "java.lang.Object");
        throwOnFailure = continuation.type("kotlin.ResultKt").method("throwOnFailure", "java.lang.Object");
        intercepted =
                continuation.type(ContinuationClass.SUPER.replace('/', '.')).method("intercepted");
        stackFrame = load(STACK_FRAME, loader);
        callerFrame = new Foreign(stackFrame).method("getCallerFrame");
        Class<?> wait = load("kotlin.coroutines.SafeContinuation", loader);
        newWait = constructor(wait, CONTINUATION);
        resultOfWait = new Foreign(wait).method("getOrThrow");
        cancellation = Cancellation.in(loader);
        newContinuation = ContinuationClass.beside(woven);
    }

    private static Class<?> load(String name, ClassLoader loader) {
        try {
            return Class.forName(name, true, loader);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(name + " is not visible to the woven class", e);
        }
    }

    /** As Kotlin's compiler lets a function get it; it is declared in a class that is not public. */
    private static Object suspended(MethodHandles.Lookup woven, Class<?> intrinsics) {
        try {
            return (Object) woven.findStatic(intrinsics, "getCOROUTINE_SUSPENDED", MethodType.methodType(Object.class))
                    .invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(intrinsics.getName() + " has no mark for what is suspended", e);
        }
    }

    private static Object constant(Class<?> type, String field) {
        try {
            return type.getField(field).get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " has no public " + field, e);
        }
    }

    private static Constructor<?> constructor(Class<?> type, String... parameters) {
        for (Constructor<?> constructor : type.getConstructors()) {
            Class<?>[] types = constructor.getParameterTypes();
            boolean same = types.length == parameters.length;
            for (int i = 0; same && i < types.length; i++) {
                same = types[i].getName().equals(parameters[i]);
            }
            if (same) {
                return constructor;
            }
        }
        throw new IllegalStateException(
                type.getName() + " has no public constructor of " + String.join(", ", parameters));
    }

    private static Object create(Constructor<?> constructor, Object... arguments) {
        try {
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(constructor + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(constructor + " can't be called", e);
        }
    }

    /** What a suspend function returns that has not ended. */
    public Object suspended() {
        return suspended;
    }

    /** Kotlin's {@code Unit}: what a function returns that returns nothing. */
    public Object unit() {
        return unit;
    }

    /**
     * A continuation in the context of another one.
     *
     * @param completion the caller's, which is resumed when {@code steps} return something else than {@link #suspended()}, or throw
     * @param steps what a resumption runs, with what the continuation was resumed with: a value, or a failure for
     *        {@link #throwOnFailure}
     */
    public Object continuation(Object completion, Function<Object, Object> steps) {
        try {
            return newContinuation.invokeExact(completion, steps);
        } catch (Throwable e) {
            throw new IllegalStateException("no continuation could be made", e);
        }
    }

    /** Throws what a continuation was resumed with, if it is a failure. */
    public void throwOnFailure(@Nullable Object result) {
        throwOnFailure.on(null, result);
    }

    /** Resumes a {@link #continuation} in its context, by its dispatcher, if it has one. */
    public void resume(Object continuation) {
        resumeWith.on(intercepted.on(continuation), unit);
    }

    /**
     * Lets a {@link #continuation} wait for a future, whatever it ends with.
     *
     * @param executor resumes the continuation; where its context has no dispatcher that leaves the thread, its steps run there
     * @param cancellable whether the wait ends with the job of the continuation's context, by a failure
     * @return {@link #suspended()} if the continuation will be resumed; else the future has ended already
     */
    public Object await(Object continuation, CompletableFuture<?> future, Executor executor, boolean cancellable) {
        Object resumedInContext = intercepted.on(continuation);
        Cancellation byKotlinx = cancellable ? cancellation : null;
        Object wait = byKotlinx != null ? byKotlinx.newWait(resumedInContext) : create(newWait, resumedInContext);
        ClassLoader contextLoader = Thread.currentThread().getContextClassLoader();
        future.whenCompleteAsync((value, failure) -> EngineRights.run(() -> resume(wait, contextLoader)), executor);
        return byKotlinx != null ? byKotlinx.result.on(wait) : resultOfWait.on(wait);
    }

    /** Without a dispatcher the body runs right here, and shall find the loader that it would have found at once. */
    private void resume(Object wait, ClassLoader contextLoader) {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        CallerThread.takeContextLoader(contextLoader);
        try {
            resumeWith.on(wait, unit);
        } finally {
            CallerThread.takeContextLoader(before);
        }
    }

    /**
     * Whether a coroutine runs inside of a {@link #continuation} whose steps are the wanted ones: the continuation is among those that
     * wait for it, or among those that wait for a coroutine which is an ancestor of its own.
     *
     * @param continuation any continuation of the coroutine
     */
    public boolean isInside(Object continuation, Predicate<Object> steps) {
        return hasFrame(continuation, steps)
                || cancellation != null && cancellation.hasAncestor(continuation, job -> hasFrame(job, steps));
    }

    private boolean hasFrame(Object innermost, Predicate<Object> steps) {
        Object frame = innermost;
        while (stackFrame.isInstance(frame)) {
            if (ContinuationClass.isOne(frame.getClass()) && steps.test(((Supplier<?>) frame).get())) {
                return true;
            }
            frame = callerFrame.on(frame);
        }
        return false;
    }

    /** The steps of the continuation that the coroutine's next frame gives its result to; null if that is none of ours. */
    public @Nullable Object stepsOfCaller(Object continuation) {
        Object caller = stackFrame.isInstance(continuation) ? callerFrame.on(continuation) : null;
        return caller != null && ContinuationClass.isOne(caller.getClass()) ? ((Supplier<?>) caller).get() : null;
    }

    /** What kotlinx adds: jobs, which are cancelled, and have parents. */
    private static final class Cancellation {

        private final Object key;
        private final Foreign.Call context;
        private final Foreign.Call element;
        private final Foreign.@Nullable Call parent;
        private final Constructor<?> newWait;
        private final Foreign.Call begin;
        private final Foreign.Call result;

        private Cancellation(Class<?> job, ClassLoader loader) {
            Foreign kotlinx = new Foreign(job);
            key = constant(job, "Key");
            context = new Foreign(load(CONTINUATION, loader)).method("getContext");
            element = new Foreign(load("kotlin.coroutines.CoroutineContext", loader))
                    .method("get", "kotlin.coroutines.CoroutineContext$Key");
            parent = parent(kotlinx);
            Class<?> wait = load(KOTLINX + "CancellableContinuationImpl", loader);
            newWait = constructor(wait, CONTINUATION, "int");
            begin = new Foreign(wait).method("initCancellability");
            result = new Foreign(wait).method("getResult");
        }

        /** Null for versions before 1.7. */
        private static Foreign.@Nullable Call parent(Foreign job) {
            try {
                return job.method("getParent");
            } catch (IllegalStateException e) {
                return null;
            }
        }

        static @Nullable Cancellation in(ClassLoader loader) {
            try {
                return new Cancellation(Class.forName(KOTLINX + "Job", true, loader), loader);
            } catch (ClassNotFoundException | LinkageError | IllegalStateException e) {
                return null;
            }
        }

        Object newWait(Object continuation) {
            Object wait = create(newWait, continuation, CANCELLABLE);
            begin.on(wait);
            return wait;
        }

        boolean hasAncestor(Object continuation, Predicate<Object> wanted) {
            Object job = element.on(context.on(continuation), key);
            while (job != null) {
                if (wanted.test(job)) {
                    return true;
                }
                job = parent == null ? null : parent.on(job);
            }
            return false;
        }
    }
}
