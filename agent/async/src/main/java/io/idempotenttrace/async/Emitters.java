package io.idempotenttrace.async;

import com.google.api.core.ApiFuture;
import com.google.api.core.SettableApiFuture;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.SettableFuture;
import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.Unhashed;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Single;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import org.springframework.web.context.request.async.DeferredResult;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import scala.jdk.javaapi.FutureConverters;

/** One guarded emitter of each asynchronous type. Their visibility differs, as users' does. */
class Emitters {

    static final ExecutorService POOL = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "emitter-pool");
        thread.setDaemon(true);
        return thread;
    });

    @IdempotentTrace(scope = "stage")
    public CompletionStage<String> stage(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return body.begin();
    }

    @IdempotentTrace(scope = "completable-future")
    private CompletableFuture<String> completableFuture(
            @IdempotencyKey String key, String payload, @Unhashed Body body) {
        return body.begin();
    }

    CompletableFuture<String> privateFuture(String key, String payload, Body body) {
        return completableFuture(key, payload, body);
    }

    @IdempotentTrace(scope = "own-future")
    final OwnFuture ownFuture(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return OwnFuture.of(body.begin());
    }

    @IdempotentTrace(scope = "future")
    static Future<String> future(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return body.begin();
    }

    /** Tells nobody of its end. */
    @IdempotentTrace(scope = "pool-future")
    static Future<String> poolFuture(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        CompletableFuture<String> begun = body.begin();
        return POOL.submit(() -> {
            try {
                return begun.get();
            } catch (InterruptedException e) {
                begun.cancel(true);
                throw e;
            } catch (ExecutionException e) {
                throw (Exception) e.getCause();
            }
        });
    }

    @IdempotentTrace(scope = "listenable")
    protected ListenableFuture<String> listenable(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return guavaFuture(body);
    }

    private static SettableFuture<String> guavaFuture(Body body) {
        CompletableFuture<String> begun = body.begin();
        SettableFuture<String> future = SettableFuture.create();
        begun.whenComplete((value, failure) -> {
            if (failure == null) {
                future.set(value);
            } else {
                future.setException(failure);
            }
        });
        future.addListener(
                () -> {
                    if (future.isCancelled()) {
                        begun.cancel(true);
                    }
                },
                Runnable::run);
        return future;
    }

    @IdempotentTrace(scope = "vertx")
    io.vertx.core.Future<String> vertx(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return io.vertx.core.Future.fromCompletionStage(body.begin());
    }

    @IdempotentTrace(scope = "mono")
    public Mono<String> mono(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return Mono.defer(() -> Mono.fromFuture(body.begin()));
    }

    @IdempotentTrace(scope = "flux")
    public static Flux<String> flux(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return Flux.defer(() -> Mono.fromFuture(body.begin()).flatMapIterable(value -> List.of(value, "2")));
    }

    @IdempotentTrace(scope = "single")
    public Single<String> single(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return Single.defer(() -> Single.fromCompletionStage(body.begin()));
    }

    @IdempotentTrace(scope = "maybe")
    public Maybe<String> maybe(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return Maybe.defer(() -> Maybe.fromCompletionStage(body.begin()));
    }

    @IdempotentTrace(scope = "completable")
    public Completable completable(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return Completable.defer(() -> Completable.fromCompletionStage(body.begin()));
    }

    @IdempotentTrace(scope = "flowable")
    public Flowable<String> flowable(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return Flowable.defer(() -> Flowable.fromCompletionStage(body.begin()).concatWith(Single.just("2")));
    }

    @IdempotentTrace(scope = "observable")
    public Observable<String> observable(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return Observable.defer(
                () -> Observable.fromCompletionStage(body.begin()).concatWith(Single.just("2")));
    }

    @IdempotentTrace(scope = "rx2-single")
    public io.reactivex.Single<String> rx2Single(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return io.reactivex.Single.defer(() -> Rx2Bodies.single(body));
    }

    @IdempotentTrace(scope = "rx2-maybe")
    public io.reactivex.Maybe<String> rx2Maybe(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return io.reactivex.Maybe.defer(() -> Rx2Bodies.single(body).toMaybe());
    }

    @IdempotentTrace(scope = "rx2-completable")
    public io.reactivex.Completable rx2Completable(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return io.reactivex.Completable.defer(() -> Rx2Bodies.single(body).ignoreElement());
    }

    @IdempotentTrace(scope = "rx2-flowable")
    public io.reactivex.Flowable<String> rx2Flowable(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return io.reactivex.Flowable.defer(
                () -> Rx2Bodies.single(body).toFlowable().concatWith(io.reactivex.Single.just("2")));
    }

    @IdempotentTrace(scope = "rx2-observable")
    public io.reactivex.Observable<String> rx2Observable(
            @IdempotencyKey String key, String payload, @Unhashed Body body) {
        return io.reactivex.Observable.defer(
                () -> Rx2Bodies.single(body).toObservable().concatWith(io.reactivex.Single.just("2")));
    }

    @IdempotentTrace(scope = "vavr")
    io.vavr.concurrent.Future<String> vavr(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return io.vavr.concurrent.Future.fromCompletableFuture(body.begin());
    }

    @IdempotentTrace(scope = "scala")
    static scala.concurrent.Future<String> scala(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return FutureConverters.asScala(body.begin());
    }

    @IdempotentTrace(scope = "result-code")
    CompletableResultCode resultCode(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        CompletableResultCode code = new CompletableResultCode();
        body.begin().whenComplete((value, failure) -> {
            if (failure == null) {
                code.succeed();
            } else {
                code.failExceptionally(failure);
            }
        });
        return code;
    }

    @IdempotentTrace(scope = "deferred-result")
    public DeferredResult<String> deferredResult(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        DeferredResult<String> result = new DeferredResult<>();
        body.begin().whenComplete((value, failure) -> {
            if (failure == null) {
                result.setResult(value);
            } else {
                result.setErrorResult(failure);
            }
        });
        return result;
    }

    @IdempotentTrace(scope = "api-future")
    static ApiFuture<String> apiFuture(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        SettableApiFuture<String> future = SettableApiFuture.create();
        body.begin().whenComplete((value, failure) -> {
            if (failure == null) {
                future.set(value);
            } else {
                future.setException(failure);
            }
        });
        return future;
    }

    @IdempotentTrace(scope = "settable")
    SettableFuture<String> settable(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return guavaFuture(body);
    }

    @IdempotentTrace(scope = "netty")
    io.netty.util.concurrent.Future<String> netty(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        Promise<String> promise = ImmediateEventExecutor.INSTANCE.newPromise();
        body.begin().whenComplete((value, failure) -> {
            if (failure == null) {
                promise.trySuccess(value);
            } else {
                promise.tryFailure(failure);
            }
        });
        return promise;
    }

    /** A publisher of no library. */
    @IdempotentTrace(scope = "publisher")
    public Publisher<String> publisher(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        Flux<String> flux =
                Flux.defer(() -> Mono.fromFuture(body.begin()).flatMapIterable(value -> List.of(value, "2")));
        return flux::subscribe;
    }

    @IdempotentTrace(scope = "mono-as-publisher")
    public Publisher<String> monoAsPublisher(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return Mono.defer(() -> Mono.fromFuture(body.begin()));
    }

    @IdempotentTrace(scope = "uni")
    public Uni<String> uni(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return Uni.createFrom().completionStage(body::begin);
    }

    @IdempotentTrace(scope = "multi")
    public Multi<String> multi(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return Uni.createFrom()
                .completionStage(body::begin)
                .onItem()
                .transformToMulti(value -> Multi.createFrom().items(value, "2"));
    }

    @IdempotentTrace(scope = "flow")
    public Flow.Publisher<String> flow(@IdempotencyKey String key, String payload, @Unhashed Body body) {
        return FlowAdapters.toFlowPublisher(
                Flux.defer(() -> Mono.fromFuture(body.begin()).flatMapIterable(value -> List.of(value, "2"))));
    }
}
