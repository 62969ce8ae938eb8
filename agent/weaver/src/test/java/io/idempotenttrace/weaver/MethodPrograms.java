package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.TraceId;
import io.idempotenttrace.Unhashed;
import io.reactivex.rxjava3.core.Flowable;
import io.smallrye.mutiny.Multi;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One method of each kind. The bodies are the tests' own, and no part of the payload. */
final class MethodPrograms {

    private MethodPrograms() {}

    @IdempotentTrace
    static void nothing(@IdempotencyKey String key, Object payload, @Unhashed Runnable body) {
        body.run();
    }

    @IdempotentTrace
    static String text(@IdempotencyKey String key, @Unhashed Supplier<String> body) {
        return body.get();
    }

    @IdempotentTrace
    @TraceId
    static long traceId(@IdempotencyKey String key, @Unhashed Supplier<Long> body) {
        return body.get();
    }

    @IdempotentTrace(onDuplicate = OnDuplicate.THROW)
    static int once(@IdempotencyKey String key) {
        return 1;
    }

    @IdempotentTrace
    static Comparable<?> comparable(@IdempotencyKey String key, @Unhashed Supplier<Comparable<?>> body) {
        return body.get();
    }

    @IdempotentTrace
    static Object object(@IdempotencyKey String key, @Unhashed Supplier<Object> body) {
        return body.get();
    }

    @IdempotentTrace
    static Stream<String> stream(@IdempotencyKey String key, @Unhashed Supplier<Stream<String>> body) {
        return body.get();
    }

    @IdempotentTrace
    static CompletableFuture<String> future(
            @IdempotencyKey String key, @Unhashed Supplier<CompletableFuture<String>> body) {
        return body.get();
    }

    @IdempotentTrace
    static CompletionStage<String> stage(@IdempotencyKey String key, @Unhashed Supplier<CompletionStage<String>> body) {
        return body.get();
    }

    @IdempotentTrace
    static ThrowingFuture throwingFuture(@IdempotencyKey String key, @Unhashed Supplier<ThrowingFuture> body) {
        return body.get();
    }

    @IdempotentTrace
    static Future<String> plainFuture(@IdempotencyKey String key, @Unhashed Supplier<Future<String>> body) {
        return body.get();
    }

    @IdempotentTrace
    static Flow.Publisher<Object> flow(@IdempotencyKey String key, @Unhashed Supplier<Flux<Object>> body) {
        return FlowAdapters.toFlowPublisher(body.get());
    }

    /** A class of its own, which no library's operators guard. */
    @IdempotentTrace
    static Publisher<Object> publisher(@IdempotencyKey String key, @Unhashed Supplier<Flux<Object>> body) {
        Flux<Object> source = body.get();
        return source::subscribe;
    }

    @IdempotentTrace
    static Flux<Object> flux(@IdempotencyKey String key, @Unhashed Supplier<Flux<Object>> body) {
        return body.get();
    }

    @IdempotentTrace
    static Mono<Object> mono(@IdempotencyKey String key, @Unhashed Supplier<Flux<Object>> body) {
        return body.get().next();
    }

    @IdempotentTrace
    static Flowable<Object> flowable(@IdempotencyKey String key, @Unhashed Supplier<Flux<Object>> body) {
        return Flowable.fromPublisher(body.get());
    }

    @IdempotentTrace
    static Multi<Object> multi(@IdempotencyKey String key, @Unhashed Supplier<Flux<Object>> body) {
        return Multi.createFrom().publisher(FlowAdapters.toFlowPublisher(body.get()));
    }

    @IdempotentTrace
    static Object disguised(@IdempotencyKey String key, @Unhashed Supplier<Flux<Object>> body) {
        return body.get();
    }

    /** Of whatever kind, as the subscriber of a Flux. */
    static Flux<Object> asFlux(Object publisher) {
        @SuppressWarnings("unchecked")
        Flux<Object> flux = publisher instanceof Flow.Publisher<?> of
                ? Flux.from(FlowAdapters.toPublisher((Flow.Publisher<Object>) of))
                : Flux.from((Publisher<Object>) publisher);
        return flux;
    }

    static List<Object> items(Object publisher) {
        return asFlux(publisher).collectList().block(java.time.Duration.ofSeconds(30));
    }
}
