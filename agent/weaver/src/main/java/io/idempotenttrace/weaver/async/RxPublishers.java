package io.idempotenttrace.weaver.async;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** RxJava 3: Single, Maybe, Completable, Flowable and Observable. */
final class RxPublishers implements PublisherShape {

    static final String PACKAGE = "io.reactivex.rxjava3.core.";
    private static final String FUNCTIONS = "io.reactivex.rxjava3.functions.";
    private static final String STAGE = CompletionStage.class.getName();

    private final String kind;
    private final Foreign function;
    private final Foreign supplier;
    private final Foreign consumer;
    private final Foreign action;
    private final Foreign.Call ioScheduler;
    private final Foreign.Call schedule;
    private final Foreign.Call defer;
    private final Foreign.Call error;
    private final Foreign.Call singleOf;
    /** From a Single of the answer to what the subscriber gets. */
    private final Foreign.Call flatMap;
    private final Foreign.Call doOnError;
    private final Foreign.Call doOnCancel;
    /** Before the end of a publisher of many, or of none. */
    private final Foreign.Call endWith;
    private final Foreign.Call doOnNext;
    private final Foreign.Call flatMapOwn;
    private final Foreign.Call switchIfEmpty;
    private final Foreign.Call replay;
    private final Foreign.Call fromStage;
    private final Foreign.Call completableOf;
    private final Foreign.Call deferCompletable;

    RxPublishers(Class<?> declared) {
        Foreign library = new Foreign(declared);
        kind = declared.getName().substring(PACKAGE.length());
        function = library.type(FUNCTIONS + "Function");
        supplier = library.type(FUNCTIONS + "Supplier");
        consumer = library.type(FUNCTIONS + "Consumer");
        action = library.type(FUNCTIONS + "Action");
        ioScheduler = library.type("io.reactivex.rxjava3.schedulers.Schedulers").method("io");
        schedule = library.type(PACKAGE + "Scheduler").method("scheduleDirect", Runnable.class.getName());
        Foreign own = library.type(declared.getName());
        Foreign single = library.type(PACKAGE + "Single");
        Foreign completable = library.type(PACKAGE + "Completable");
        defer = own.method("defer", FUNCTIONS + "Supplier");
        error = own.method("error", Throwable.class.getName());
        doOnError = own.method("doOnError", FUNCTIONS + "Consumer");
        doOnCancel = own.method(kind.equals("Flowable") ? "doOnCancel" : "doOnDispose", FUNCTIONS + "Action");
        singleOf = single.method("fromCompletionStage", STAGE);
        flatMap = single.method(switch (kind) {
            case "Maybe" -> "flatMapMaybe";
            case "Completable" -> "flatMapCompletable";
            case "Flowable" -> "flatMapPublisher";
            case "Observable" -> "flatMapObservable";
            default -> "flatMap";
        }, FUNCTIONS + "Function");
        boolean one = kind.equals("Single") || kind.equals("Maybe");
        endWith = one ? null : kind.equals("Completable") ? own.method("andThen", PACKAGE + "CompletableSource")
                : own.method("concatWith", PACKAGE + "CompletableSource");
        doOnNext = many() ? own.method("doOnNext", FUNCTIONS + "Consumer") : null;
        flatMapOwn = one ? own.method("flatMap", FUNCTIONS + "Function") : null;
        switchIfEmpty = kind.equals("Maybe") ? own.method("switchIfEmpty", PACKAGE + "MaybeSource") : null;
        fromStage = one ? own.method("fromCompletionStage", STAGE) : null;
        replay = switch (kind) {
            case "Single" -> own.method("just", Object.class.getName());
            case "Completable" -> own.method("complete");
            case "Maybe" -> null;
            default -> own.method("fromIterable", Iterable.class.getName());
        };
        completableOf = completable.method("fromCompletionStage", STAGE);
        deferCompletable = completable.method("defer", FUNCTIONS + "Supplier");
    }

    @Override
    public boolean many() {
        return kind.equals("Flowable") || kind.equals("Observable");
    }

    @Override
    public boolean empty() {
        return kind.equals("Completable");
    }

    private Object function(Function<Object, Object> body) {
        return function.implement(arguments -> body.apply(arguments[0]));
    }

    private Object supplier(Supplier<Object> body) {
        return supplier.implement(arguments -> body.get());
    }

    private Object consumer(Consumer<Object> body) {
        return consumer.implement(arguments -> {
            body.accept(arguments[0]);
            return null;
        });
    }

    private Object action(Runnable body) {
        return action.implement(arguments -> {
            body.run();
            return null;
        });
    }

    @Override
    public Object guard(Object source, Supplier<SubscribedCall> calls) {
        return defer.on(null, supplier(() -> {
            SubscribedCall call = calls.get();
            Object guarded = flatMap.on(singleOf.on(null, call.admitted()),
                    function(answer -> answered(source, call, (SubscribedCall.Answer) answer)));
            return doOnCancel.on(guarded, action(call::cancelled));
        }));
    }

    private Object answered(Object source, SubscribedCall call, SubscribedCall.Answer answer) {
        if (answer.replayed()) {
            return switch (kind) {
                case "Completable" -> replay.on(null);
                case "Maybe" -> fromStage.on(null, java.util.concurrent.CompletableFuture.completedFuture(answer.value()));
                case "Single" -> replay.on(null, answer.value());
                default -> replay.on(null, answer.items());
            };
        }
        Object failing = doOnError.on(source, consumer(failure -> call.failed((Throwable) failure)));
        if (endWith != null) {
            Object collecting = doOnNext == null ? failing : doOnNext.on(failing, consumer(call::item));
            return endWith.on(collecting, deferCompletable.on(null, supplier(() -> completableOf.on(null, call.completed()))));
        }
        Object completing = flatMapOwn.on(failing, function(item -> fromStage.on(null, call.completedWith(item))));
        return switchIfEmpty == null ? completing
                : switchIfEmpty.on(completing, defer.on(null, supplier(() -> fromStage.on(null, call.completedWith(null)))));
    }

    @Override
    public Object failed(Throwable failure) {
        return error.on(null, failure);
    }

    @Override
    public Executor executor() {
        return task -> schedule.on(ioScheduler.on(null), task);
    }
}
