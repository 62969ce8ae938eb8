package io.idempotenttrace.async;

import io.reactivex.Single;

/** What RxJava 2 does not bring: a Single of a stage. */
final class Rx2Bodies {

    private Rx2Bodies() {}

    static Single<String> single(Body body) {
        return Single.create(emitter -> body.begin().whenComplete((value, failure) -> {
            if (failure == null) {
                emitter.onSuccess(value);
            } else {
                emitter.tryOnError(failure);
            }
        }));
    }
}
