package io.idempotenttrace.weaver.async;

import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Scala's Future, which can't be cancelled; of Scala 2.11 to 3. */
final class ScalaFutures implements FutureShape {

    private static final String PACKAGE = "scala.concurrent.";
    static final String DECLARED = PACKAGE + "Future";

    private final Foreign function;
    private final Foreign.Call isCompleted;
    private final Foreign.Call onComplete;
    private final Foreign.Call isSuccess;
    private final Foreign.Call get;
    private final Foreign.Call failed;
    /** Runs what is told of a future's end on the thread that ends it. */
    private final Object direct;

    private final Object promises;
    private final Foreign.Call newPromise;
    private final Foreign.Call future;
    private final Foreign.Call trySuccess;
    private final Foreign.Call tryFailure;

    ScalaFutures(Class<?> declared) {
        Foreign library = new Foreign(declared);
        function = library.type("scala.Function1");
        isCompleted = library.method("isCompleted");
        onComplete = library.method("onComplete", "scala.Function1", PACKAGE + "ExecutionContext");
        Foreign tried = library.type("scala.util.Try");
        isSuccess = tried.method("isSuccess");
        get = tried.method("get");
        failed = tried.method("failed");
        // Of Scala's objects the class with the dollar is there in every version, a static method is not.
        Foreign contexts = library.type(PACKAGE + "ExecutionContext$");
        Executor onSameThread = Runnable::run;
        direct = contexts.method("fromExecutor", Executor.class.getName())
                .on(contexts.constant("MODULE$"), onSameThread);
        Foreign promiseObject = library.type(PACKAGE + "Promise$");
        promises = promiseObject.constant("MODULE$");
        newPromise = promiseObject.method("apply");
        Foreign promise = library.type(PACKAGE + "Promise");
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
        onComplete.on(
                known,
                function.implement(arguments -> {
                    boolean good = (Boolean) isSuccess.on(arguments[0]);
                    then.accept(
                            good ? get.on(arguments[0]) : null,
                            good ? null : (Throwable) get.on(failed.on(arguments[0])));
                    return null;
                }),
                direct);
    }

    @Override
    public @Nullable Object incomplete(@Nullable Object like) {
        Object made = newPromise.on(promises);
        // A promise is its own future; if a later version's is not, nothing could end what is given away.
        return future.on(made) == made ? made : null;
    }

    @Override
    public void end(Object made, @Nullable Object value, @Nullable Throwable failure) {
        if (failure == null) {
            trySuccess.on(made, value);
        } else {
            tryFailure.on(made, failure);
        }
    }

    @Override
    public void pass(Object given, @Nullable Object value, @Nullable Throwable failure, Object source) {
        // Nobody but its promise ends a Scala future.
    }
}
