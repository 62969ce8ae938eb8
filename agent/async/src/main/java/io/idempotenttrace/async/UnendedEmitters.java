package io.idempotenttrace.async;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.vavr.control.Either;
import io.vavr.control.Try;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import scala.jdk.javaapi.FutureConverters;

/**
 * Emitters whose work has not ended, or not begun, when they return; and some whose value says that it failed. The work itself is
 * given to all of them.
 */
final class UnendedEmitters {

    private final Supplier<String> work;

    UnendedEmitters(Supplier<String> work) {
        this.work = work;
    }

    /** An interface of the application's, which says nothing of an end. */
    interface Sent {}

    static final class SentLater extends CompletableFuture<String> implements Sent {}

    /** A function of the application's. */
    interface Job {

        String run();
    }

    /** A value with a part that goes on. */
    record Receipt(String id, CompletableFuture<String> acknowledged) {}

    /** A publisher of the application's own class. */
    static final class OwnMono extends Mono<String> {

        private final Supplier<String> work;

        OwnMono(Supplier<String> work) {
            this.work = work;
        }

        @Override
        public void subscribe(CoreSubscriber<? super String> subscriber) {
            Mono.fromSupplier(work).subscribe(subscriber);
        }
    }

    private CompletableFuture<String> begun() {
        return CompletableFuture.supplyAsync(work);
    }

    @IdempotentTrace
    io.reactivex.Single<String> rx2Single(@IdempotencyKey String key) {
        return io.reactivex.Single.fromCallable(work::get);
    }

    @IdempotentTrace
    io.vavr.concurrent.Future<String> vavr(@IdempotencyKey String key) {
        return io.vavr.concurrent.Future.of(work::get);
    }

    @IdempotentTrace
    DeferredResult<String> deferredResult(@IdempotencyKey String key) {
        DeferredResult<String> result = new DeferredResult<>();
        begun().whenComplete((value, failure) -> {
            if (failure == null) {
                result.setResult(value);
            } else {
                result.setErrorResult(failure.getCause());
            }
        });
        return result;
    }

    @IdempotentTrace
    Object object(@IdempotencyKey String key) {
        return begun();
    }

    @IdempotentTrace
    @SuppressWarnings("unchecked")
    <T> T generic(@IdempotencyKey String key) {
        return (T) begun();
    }

    @IdempotentTrace
    Sent ownInterface(@IdempotencyKey String key) {
        SentLater later = new SentLater();
        begun().whenComplete((value, failure) -> {
            if (failure == null) {
                later.complete(value);
            } else {
                later.completeExceptionally(failure);
            }
        });
        return later;
    }

    @IdempotentTrace
    Object objectOfScala(@IdempotencyKey String key) {
        return FutureConverters.asScala(begun());
    }

    @IdempotentTrace
    Object objectOfMono(@IdempotencyKey String key) {
        return Mono.fromSupplier(work);
    }

    @IdempotentTrace
    ForkJoinTask<String> forkJoin(@IdempotencyKey String key) {
        return ForkJoinPool.commonPool().submit((Callable<String>) work::get);
    }

    @IdempotentTrace
    Try<String> tried(@IdempotencyKey String key) {
        return Try.ofSupplier(work);
    }

    @IdempotentTrace
    CompletableFuture<Try<String>> triedLater(@IdempotencyKey String key) {
        return CompletableFuture.supplyAsync(() -> Try.ofSupplier(work));
    }

    @IdempotentTrace
    Flux<Try<String>> triedMany(@IdempotencyKey String key) {
        return Flux.defer(() -> Flux.just(Try.success("begun"), Try.ofSupplier(work)));
    }

    @IdempotentTrace
    Either<String, String> either(@IdempotencyKey String key) {
        return Try.ofSupplier(work).toEither().mapLeft(Throwable::getMessage);
    }

    @IdempotentTrace
    Callable<String> callable(@IdempotencyKey String key) {
        return work::get;
    }

    @IdempotentTrace
    Supplier<String> supplier(@IdempotencyKey String key) {
        return work;
    }

    @IdempotentTrace
    Stream<String> stream(@IdempotencyKey String key) {
        return Stream.of(1).map(any -> work.get());
    }

    @IdempotentTrace
    Iterator<String> iterator(@IdempotencyKey String key) {
        return Stream.of(1).map(any -> work.get()).iterator();
    }

    @IdempotentTrace
    WebAsyncTask<String> webAsyncTask(@IdempotencyKey String key) {
        return new WebAsyncTask<>(work::get);
    }

    @IdempotentTrace
    OwnMono ownMono(@IdempotencyKey String key) {
        return new OwnMono(work);
    }

    @IdempotentTrace
    ConnectableFlux<String> connectable(@IdempotencyKey String key) {
        return Mono.fromSupplier(work).flux().publish();
    }

    @IdempotentTrace
    Disposable disposable(@IdempotencyKey String key) {
        return Mono.fromFuture(begun()).onErrorComplete().subscribe();
    }

    @IdempotentTrace
    List<CompletableFuture<String>> futures(@IdempotencyKey String key) {
        return List.of(begun());
    }

    @IdempotentTrace
    Optional<Callable<String>> perhaps(@IdempotencyKey String key) {
        return Optional.of(work::get);
    }

    @IdempotentTrace
    CompletableFuture<Stream<String>> streamLater(@IdempotencyKey String key) {
        return CompletableFuture.completedFuture(Stream.of(1).map(any -> work.get()));
    }

    @IdempotentTrace
    Object objectOfCallable(@IdempotencyKey String key) {
        return (Callable<String>) work::get;
    }

    @IdempotentTrace
    Object objectOfOwnMono(@IdempotencyKey String key) {
        return new OwnMono(work);
    }

    @IdempotentTrace
    Job ownFunction(@IdempotencyKey String key) {
        return work::get;
    }

    @IdempotentTrace
    Receipt receipt(@IdempotencyKey String key) {
        return new Receipt(key, begun());
    }

    @IdempotentTrace
    Map<String, Object> map(@IdempotencyKey String key) {
        return Map.of("acknowledged", begun());
    }
}
