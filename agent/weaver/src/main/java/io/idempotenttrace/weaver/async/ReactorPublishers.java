package io.idempotenttrace.weaver.async;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reactor's Mono and Flux. */
final class ReactorPublishers implements PublisherShape {

    static final String MONO = "reactor.core.publisher.Mono";
    static final String FLUX = "reactor.core.publisher.Flux";
    private static final String FUNCTION = Function.class.getName();
    private static final String CONSUMER = Consumer.class.getName();
    private static final String SUPPLIER = Supplier.class.getName();
    private static final String PUBLISHER = "org.reactivestreams.Publisher";

    private final boolean many;
    private final Executor boundedElastic;
    private final Foreign.Call defer;
    private final Foreign.Call error;
    private final Foreign.Call monoOf;
    private final Foreign.Call deferMono;
    private final Foreign.Call flatMap;
    private final Foreign.Call flatMapMany;
    private final Foreign.Call switchIfEmpty;
    private final Foreign.Call justOrEmpty;
    private final Foreign.Call doOnNext;
    private final Foreign.Call concatWith;
    private final Foreign.Call fromIterable;
    private final Foreign.Call doOnError;
    private final Foreign.Call doOnCancel;

    ReactorPublishers(Class<?> declared) {
        many = declared.getName().equals(FLUX);
        Foreign library = new Foreign(declared);
        boundedElastic = scheduler(library, "boundedElastic");
        Foreign mono = library.type(MONO);
        Foreign flux = library.type(FLUX);
        Foreign own = many ? flux : mono;
        defer = own.method("defer", SUPPLIER);
        error = own.method("error", Throwable.class.getName());
        doOnError = own.method("doOnError", CONSUMER);
        doOnCancel = own.method("doOnCancel", Runnable.class.getName());
        monoOf = mono.method("fromCompletionStage", CompletionStage.class.getName());
        deferMono = mono.method("defer", SUPPLIER);
        flatMap = mono.method("flatMap", FUNCTION);
        flatMapMany = mono.method("flatMapMany", FUNCTION);
        switchIfEmpty = mono.method("switchIfEmpty", MONO);
        justOrEmpty = mono.method("justOrEmpty", Object.class.getName());
        doOnNext = flux.method("doOnNext", CONSUMER);
        concatWith = flux.method("concatWith", PUBLISHER);
        fromIterable = flux.method("fromIterable", Iterable.class.getName());
    }

    @Override
    public boolean many() {
        return many;
    }

    @Override
    public Object guard(Object source, Supplier<SubscribedCall> calls) {
        return defer.on(null, (Supplier<Object>) () -> {
            SubscribedCall call = calls.get();
            Function<SubscribedCall.Answer, Object> answered =
                    answer -> many ? many(source, call, answer) : one(source, call, answer);
            Object guarded = (many ? flatMapMany : flatMap).on(monoOf.on(null, call.admitted()), answered);
            return doOnCancel.on(guarded, (Runnable) call::cancelled);
        });
    }

    private Object one(Object source, SubscribedCall call, SubscribedCall.Answer answer) {
        if (answer.replayed()) {
            return justOrEmpty.on(null, answer.value());
        }
        Object failing = doOnError.on(source, (Consumer<Throwable>) call::failed);
        Object completing =
                flatMap.on(failing, (Function<Object, Object>) item -> monoOf.on(null, call.completedWith(item)));
        Supplier<Object> empty = () -> monoOf.on(null, call.completedWith(null));
        return switchIfEmpty.on(completing, deferMono.on(null, empty));
    }

    private Object many(Object source, SubscribedCall call, SubscribedCall.Answer answer) {
        if (answer.replayed()) {
            return fromIterable.on(null, answer.items());
        }
        Object collecting =
                doOnNext.on(doOnError.on(source, (Consumer<Throwable>) call::failed), (Consumer<Object>) call::item);
        Supplier<Object> completing = () -> monoOf.on(null, call.completed());
        return concatWith.on(collecting, deferMono.on(null, completing));
    }

    @Override
    public Object failed(Throwable failure) {
        return error.on(null, failure);
    }

    @Override
    public Executor executor() {
        return boundedElastic;
    }

    /** @param name of the method of Reactor's Schedulers that gives it; asked for each task, since an application may reset them */
    static Executor scheduler(Foreign library, String name) {
        Foreign.Call scheduler =
                library.type("reactor.core.scheduler.Schedulers").method(name);
        Foreign.Call schedule =
                library.type("reactor.core.scheduler.Scheduler").method("schedule", Runnable.class.getName());
        return task -> schedule.on(scheduler.on(null), task);
    }
}
