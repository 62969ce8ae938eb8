package io.idempotenttrace.weaver.async;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** RxJava 2 and 3: Single, Maybe, Completable, Flowable and Observable. */
final class RxPublishers implements PublisherShape {

    private final String kind;
    private final Foreign function;
    private final Foreign supplier;
    private final Foreign consumer;
    private final Foreign action;
    private final Foreign.Call ioScheduler;
    private final Foreign.Call schedule;
    private final Foreign.Call defer;
    private final Foreign.Call error;
    private final RxLibrary.FromStage singleOf;
    /** From a Single of the answer to what the subscriber gets. */
    private final Foreign.Call flatMap;

    private final Foreign.Call doOnError;
    private final Foreign.Call doOnCancel;
    /** Before the end of a publisher of many, or of none. */
    private final Foreign.@Nullable Call endWith;

    private final Foreign.@Nullable Call doOnNext;
    /** Null for a publisher of many, or of none. */
    private final @Nullable OfOne one;

    private final Function<SubscribedCall.Answer, Object> replay;
    private final RxLibrary.FromStage completableOf;
    private final Foreign.Call deferCompletable;

    /**
     * What a publisher of at most one item is completed by.
     *
     * @param switchIfEmpty null for a Single, which is never empty
     */
    private record OfOne(Foreign.Call flatMap, RxLibrary.FromStage fromStage, Foreign.@Nullable Call switchIfEmpty) {}

    RxPublishers(Class<?> declared) {
        Foreign library = new Foreign(declared);
        RxLibrary rx = Objects.requireNonNull(RxLibrary.of(declared.getName()));
        kind = declared.getSimpleName();
        function = library.type(rx.functions + "Function");
        supplier = library.type(rx.supplier);
        consumer = library.type(rx.functions + "Consumer");
        action = library.type(rx.functions + "Action");
        ioScheduler = library.type(rx.schedulers).method("io");
        schedule = library.type(rx.core + "Scheduler").method("scheduleDirect", Runnable.class.getName());
        Foreign own = library.type(declared.getName());
        Foreign single = library.type(rx.core + "Single");
        Foreign completable = library.type(rx.core + "Completable");
        defer = own.method("defer", rx.supplier);
        error = own.method("error", Throwable.class.getName());
        doOnError = own.method("doOnError", rx.functions + "Consumer");
        doOnCancel = own.method(kind.equals("Flowable") ? "doOnCancel" : "doOnDispose", rx.functions + "Action");
        singleOf = rx.fromStage(library, "Single");
        flatMap = single.method(
                switch (kind) {
                    case "Maybe" -> "flatMapMaybe";
                    case "Completable" -> "flatMapCompletable";
                    case "Flowable" -> "flatMapPublisher";
                    case "Observable" -> "flatMapObservable";
                    default -> "flatMap";
                },
                rx.functions + "Function");
        one = kind.equals("Single") || kind.equals("Maybe")
                ? new OfOne(
                        own.method("flatMap", rx.functions + "Function"),
                        rx.fromStage(library, kind),
                        kind.equals("Maybe") ? own.method("switchIfEmpty", rx.core + "MaybeSource") : null)
                : null;
        endWith = one != null
                ? null
                : kind.equals("Completable")
                        ? own.method("andThen", rx.core + "CompletableSource")
                        : own.method("concatWith", rx.core + "CompletableSource");
        doOnNext = many() ? own.method("doOnNext", rx.functions + "Consumer") : null;
        replay = replay(own);
        completableOf = rx.fromStage(library, "Completable");
        deferCompletable = completable.method("defer", rx.supplier);
    }

    private Function<SubscribedCall.Answer, Object> replay(Foreign own) {
        if (one != null && one.switchIfEmpty != null) {
            RxLibrary.FromStage fromStage = one.fromStage;
            return answer -> fromStage.of(CompletableFuture.completedFuture(answer.value()));
        }
        switch (kind) {
            case "Single" -> {
                Foreign.Call just = own.method("just", Object.class.getName());
                return answer -> just.on(null, answer.value());
            }
            case "Completable" -> {
                Foreign.Call complete = own.method("complete");
                return answer -> complete.on(null);
            }
            default -> {
                Foreign.Call fromIterable = own.method("fromIterable", Iterable.class.getName());
                return answer -> fromIterable.on(null, answer.items());
            }
        }
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
            Object guarded = flatMap.on(
                    singleOf.of(call.admitted()),
                    function(answer -> answered(source, call, (SubscribedCall.Answer) answer)));
            return doOnCancel.on(guarded, action(call::cancelled));
        }));
    }

    private Object answered(Object source, SubscribedCall call, SubscribedCall.Answer answer) {
        if (answer.replayed()) {
            return replay.apply(answer);
        }
        Object failing = doOnError.on(source, consumer(failure -> call.failed((Throwable) failure)));
        if (endWith != null) {
            Object collecting = doOnNext == null ? failing : doOnNext.on(failing, consumer(call::item));
            return endWith.on(
                    collecting, deferCompletable.on(null, supplier(() -> completableOf.of(call.completed()))));
        }
        OfOne ofOne = Objects.requireNonNull(one);
        RxLibrary.FromStage fromStage = ofOne.fromStage;
        Object completing = ofOne.flatMap.on(failing, function(item -> fromStage.of(call.completedWith(item))));
        return ofOne.switchIfEmpty == null
                ? completing
                : ofOne.switchIfEmpty.on(
                        completing, defer.on(null, supplier(() -> fromStage.of(call.completedWith(null)))));
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
