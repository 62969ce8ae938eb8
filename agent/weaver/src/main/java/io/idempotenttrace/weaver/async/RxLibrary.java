package io.idempotenttrace.weaver.async;

import io.idempotenttrace.core.failure.Failures;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** RxJava 2 or 3: what they call their types, and how they take a stage, which RxJava 2 does not know. */
final class RxLibrary {

    private static final String CORE_3 = "io.reactivex.rxjava3.core.";
    private static final String CORE_2 = "io.reactivex.";
    private static final String STAGE = CompletionStage.class.getName();

    /** With a dot behind it, as {@link #functions}. */
    final String core;

    final String functions;
    final String schedulers;
    /** The type of what a publisher is deferred by. */
    final String supplier;

    private RxLibrary(String core, String functions, String schedulers, String supplier) {
        this.core = core;
        this.functions = functions;
        this.schedulers = schedulers;
        this.supplier = supplier;
    }

    /** Null for a type of neither. */
    static @Nullable RxLibrary of(String declared) {
        if (declared.startsWith(CORE_3)) {
            String root = "io.reactivex.rxjava3.";
            return new RxLibrary(
                    CORE_3, root + "functions.", root + "schedulers.Schedulers", root + "functions.Supplier");
        }
        boolean second = declared.startsWith(CORE_2) && declared.indexOf('.', CORE_2.length()) < 0;
        return second
                ? new RxLibrary(
                        CORE_2, CORE_2 + "functions.", CORE_2 + "schedulers.Schedulers", Callable.class.getName())
                : null;
    }

    /** Makes publishers of one kind out of stages. */
    interface FromStage {

        Object of(CompletionStage<?> stage);
    }

    /** @param kind Single, Maybe or Completable, the latter of a stage whose value is of no interest */
    FromStage fromStage(Foreign library, String kind) {
        Foreign type = library.type(core + kind);
        if (core.equals(CORE_3)) {
            Foreign.Call fromCompletionStage = type.method("fromCompletionStage", STAGE);
            return stage -> fromCompletionStage.on(null, stage);
        }
        Foreign onSubscribe = library.type(core + kind + "OnSubscribe");
        Foreign emitter = library.type(core + kind + "Emitter");
        Foreign.Call create = type.method("create", core + kind + "OnSubscribe");
        Foreign.Call tryOnError = emitter.method("tryOnError", Throwable.class.getName());
        Foreign.Call onSuccess =
                kind.equals("Completable") ? null : emitter.method("onSuccess", Object.class.getName());
        Foreign.Call onComplete = kind.equals("Single") ? null : emitter.method("onComplete");
        return stage -> create.on(null, onSubscribe.implement(subscribed -> {
            stage.whenComplete((value, failure) -> {
                if (failure != null) {
                    // Of no effect where nobody listens any more.
                    tryOnError.on(subscribed[0], Failures.cause(failure));
                } else if (onSuccess != null && (value != null || onComplete == null)) {
                    onSuccess.on(subscribed[0], value);
                } else if (onComplete != null) {
                    onComplete.on(subscribed[0]);
                }
            });
            return null;
        }));
    }
}
