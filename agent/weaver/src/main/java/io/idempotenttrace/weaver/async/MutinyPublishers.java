package io.idempotenttrace.weaver.async;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Mutiny's Uni and Multi. */
final class MutinyPublishers implements PublisherShape {

    static final String UNI = "io.smallrye.mutiny.Uni";
    static final String MULTI = "io.smallrye.mutiny.Multi";
    private static final String GROUPS = "io.smallrye.mutiny.groups.";
    private static final String FUNCTION = Function.class.getName();
    private static final String CONSUMER = Consumer.class.getName();
    private static final String SUPPLIER = Supplier.class.getName();

    private final boolean many;
    private final Foreign.Call defaultExecutor;
    private final Object createUni;
    private final Object create;
    private final Foreign.Call deferred;
    private final Foreign.Call failure;
    private final Foreign.Call uniOf;
    private final Foreign.Call uniOnItem;
    private final Foreign.Call toAnswer;
    private final Foreign.Call onItem;
    private final Foreign.Call eachItem;
    private final Foreign.Call onFailure;
    private final Foreign.Call invokeOnFailure;
    private final Foreign.Call onCancellation;
    private final Foreign.Call invokeOnCancellation;
    /** Null for a Uni, as the next. */
    private final Foreign.@Nullable Call onCompletion;

    private final Foreign.@Nullable Call callOnCompletion;
    private final Foreign.Call replayed;

    MutinyPublishers(Class<?> declared) {
        many = declared.getName().equals(MULTI);
        Foreign library = new Foreign(declared);
        defaultExecutor =
                library.type("io.smallrye.mutiny.infrastructure.Infrastructure").method("getDefaultExecutor");
        Foreign uni = library.type(UNI);
        Foreign own = library.type(declared.getName());
        String kind = many ? "Multi" : "Uni";
        Foreign uniCreation = library.type(GROUPS + "UniCreate");
        Foreign creation = library.type(GROUPS + kind + "Create");
        createUni = uni.method("createFrom").on(null);
        create = own.method("createFrom").on(null);
        deferred = creation.method("deferred", SUPPLIER);
        failure = creation.method("failure", Throwable.class.getName());
        uniOf = uniCreation.method("completionStage", CompletionStage.class.getName());
        uniOnItem = uni.method("onItem");
        toAnswer = library.type(GROUPS + "UniOnItem").method(many ? "transformToMulti" : "transformToUni", FUNCTION);
        onItem = own.method("onItem");
        eachItem = many
                ? library.type(GROUPS + "MultiOnItem").method("invoke", CONSUMER)
                : library.type(GROUPS + "UniOnItem").method("transformToUni", FUNCTION);
        onFailure = own.method("onFailure");
        invokeOnFailure = library.type(GROUPS + kind + "OnFailure").method("invoke", CONSUMER);
        onCancellation = own.method("onCancellation");
        invokeOnCancellation = library.type(GROUPS + (many ? "MultiOnCancel" : "UniOnCancel"))
                .method("invoke", Runnable.class.getName());
        onCompletion = many ? own.method("onCompletion") : null;
        callOnCompletion = many ? library.type(GROUPS + "MultiOnCompletion").method("call", SUPPLIER) : null;
        replayed = many
                ? creation.method("iterable", Iterable.class.getName())
                : creation.method("item", Object.class.getName());
    }

    @Override
    public boolean many() {
        return many;
    }

    @Override
    public Object guard(Object source, Supplier<SubscribedCall> calls) {
        return deferred.on(create, (Supplier<Object>) () -> {
            SubscribedCall call = calls.get();
            Function<SubscribedCall.Answer, Object> answered = answer -> answered(source, call, answer);
            Object guarded = toAnswer.on(uniOnItem.on(uniOf.on(createUni, call.admitted())), answered);
            return invokeOnCancellation.on(onCancellation.on(guarded), (Runnable) call::cancelled);
        });
    }

    private Object answered(Object source, SubscribedCall call, SubscribedCall.Answer answer) {
        if (answer.replayed()) {
            return replayed.on(create, many ? answer.items() : answer.value());
        }
        Object failing = invokeOnFailure.on(onFailure.on(source), (Consumer<Throwable>) call::failed);
        if (onCompletion == null || callOnCompletion == null) {
            return eachItem.on(onItem.on(failing), (Function<Object, Object>)
                    item -> uniOf.on(createUni, call.completedWith(item)));
        }
        Object collecting = eachItem.on(onItem.on(failing), (Consumer<Object>) call::item);
        return callOnCompletion.on(
                onCompletion.on(collecting), (Supplier<Object>) () -> uniOf.on(createUni, call.completed()));
    }

    @Override
    public Object failed(Throwable thrown) {
        return failure.on(create, thrown);
    }

    @Override
    public Executor executor() {
        return task -> ((Executor) defaultExecutor.on(null)).execute(task);
    }
}
