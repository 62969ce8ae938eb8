package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;

/** Emits twice, at once, through futures and through a publisher, under a security manager that lets it read next to nothing. */
public final class FewRights {

    private static final AtomicInteger BODIES = new AtomicInteger();

    public record Span(String id) {}

    public record Item(String key, int number) {}

    /** A payload whose getter tries what only the agent may. */
    public static final class Curious {

        public String getHome() {
            return System.getProperty("java.home");
        }
    }

    private FewRights() {}

    public static void main(String[] arguments) throws Exception {
        for (int delivery = 0; delivery < 2; delivery++) {
            emit("k", new Span("a"));
            future("f").get();
            chained("c").get();
            items(published("p")).get();
        }
        System.out.println("bodies " + BODIES);
        curious(new Curious());
    }

    @IdempotentTrace
    private static String emit(@IdempotencyKey String key, Span span) {
        BODIES.incrementAndGet();
        return key;
    }

    @IdempotentTrace
    private static CompletableFuture<String> future(@IdempotencyKey String key) {
        BODIES.incrementAndGet();
        return CompletableFuture.supplyAsync(() -> key);
    }

    /** Ends on a thread of the application's, in code of its own. */
    @IdempotentTrace
    private static CompletableFuture<String> chained(@IdempotencyKey String key) {
        BODIES.incrementAndGet();
        CompletableFuture<String> later = new CompletableFuture<>();
        new Thread(() -> later.complete(key)).start();
        return later.thenApply(value -> value + "!");
    }

    /** Its items come on a thread of the application's, where the agent first sees their class. */
    @IdempotentTrace
    private static Flow.Publisher<Item> published(@IdempotencyKey String key) {
        return subscriber -> new Thread(() -> {
                    BODIES.incrementAndGet();
                    subscriber.onSubscribe(new Flow.Subscription() {
                        @Override
                        public void request(long count) {
                            subscriber.onNext(new Item(key, 7));
                            subscriber.onComplete();
                        }

                        @Override
                        public void cancel() {
                            // Its one item comes at once.
                        }
                    });
                })
                .start();
    }

    private static CompletableFuture<Item> items(Flow.Publisher<Item> publisher) {
        CompletableFuture<Item> first = new CompletableFuture<>();
        publisher.subscribe(new Flow.Subscriber<>() {

            private Item last;

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(1);
            }

            @Override
            public void onNext(Item item) {
                last = item;
            }

            @Override
            public void onError(Throwable failure) {
                first.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                first.complete(last);
            }
        });
        return first;
    }

    /** Its payload can't be hashed: the agent lends its rights to nobody. */
    @IdempotentTrace
    private static void curious(Curious payload) {
        System.out.println("curious body");
    }
}
