package io.idempotenttrace.weaver.async;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The Publisher of Reactive Streams, and interfaces that only add default methods to it, such as the AWS SDK's: guarded as the JDK's
 * own, which has the same rules. Where a method that declares Publisher returns a library's own, such as a Mono, that library's
 * operators guard it, so that who looks at its class sees what it was.
 */
final class StreamPublishers implements PublisherShape {

    static final String DECLARED = "org.reactivestreams.Publisher";
    private static final String SUBSCRIBER = "org.reactivestreams.Subscriber";
    private static final String SUBSCRIPTION = "org.reactivestreams.Subscription";

    private final FlowPublishers flow = new FlowPublishers();
    private final boolean onlyPublisher;
    private final Foreign publisher;
    private final Foreign subscriber;
    private final Foreign subscription;
    private final Foreign.Call subscribe;
    private final Foreign.Call onSubscribe;
    private final Foreign.Call onNext;
    private final Foreign.Call onError;
    private final Foreign.Call onComplete;
    private final Foreign.Call request;
    private final Foreign.Call cancel;

    /** @param declared Publisher or an interface below it; an instance of it is made by its {@code subscribe} alone */
    StreamPublishers(Class<?> declared) {
        onlyPublisher = declared.getName().equals(DECLARED);
        publisher = new Foreign(declared);
        Foreign library = new Foreign(Objects.requireNonNull(SuperTypes.named(DECLARED, declared)));
        subscriber = library.type(SUBSCRIBER);
        subscription = library.type(SUBSCRIPTION);
        subscribe = library.method("subscribe", SUBSCRIBER);
        onSubscribe = subscriber.method("onSubscribe", SUBSCRIPTION);
        onNext = subscriber.method("onNext", Object.class.getName());
        onError = subscriber.method("onError", Throwable.class.getName());
        onComplete = subscriber.method("onComplete");
        request = subscription.method("request", "long");
        cancel = subscription.method("cancel");
    }

    @Override
    public boolean many() {
        return true;
    }

    @Override
    public Object guard(Object source, Supplier<SubscribedCall> calls) {
        PublisherShape library = onlyPublisher ? AsyncTypes.publisherAtRunTime(source.getClass()) : null;
        if (library != null) {
            return library.guard(source, library.many() ? calls : () -> new OneOfMany(calls.get(), library.empty()));
        }
        return fromFlow((Flow.Publisher<?>) flow.guard(toFlow(source), calls));
    }

    @Override
    public Object failed(Throwable failure) {
        return fromFlow((Flow.Publisher<?>) flow.failed(failure));
    }

    @Override
    public Executor executor() {
        return flow.executor();
    }

    private Object fromFlow(Flow.Publisher<?> from) {
        return publisher.implement(arguments -> {
            if (arguments[0] == null) {
                throw new NullPointerException("no subscriber is given; rule 1.9 of Reactive Streams wants one");
            }
            from.subscribe(new ForeignSubscriber(arguments[0]));
            return null;
        });
    }

    private Flow.Publisher<Object> toFlow(Object from) {
        return to -> subscribe.on(from, subscriber.implementAll((method, arguments) -> {
            switch (method) {
                case "onSubscribe" -> to.onSubscribe(new ForeignSubscription(arguments[0]));
                case "onNext" -> to.onNext(arguments[0]);
                case "onError" -> to.onError((Throwable) arguments[0]);
                default -> to.onComplete();
            }
            return null;
        }));
    }

    private final class ForeignSubscriber implements Flow.Subscriber<Object> {

        private final Object theirs;

        ForeignSubscriber(Object theirs) {
            this.theirs = theirs;
        }

        @Override
        public void onSubscribe(Flow.Subscription to) {
            onSubscribe.on(theirs, subscription.implementAll((method, arguments) -> {
                if (method.equals("request")) {
                    to.request((Long) arguments[0]);
                } else {
                    to.cancel();
                }
                return null;
            }));
        }

        @Override
        public void onNext(Object item) {
            onNext.on(theirs, item);
        }

        @Override
        public void onError(Throwable failure) {
            onError.on(theirs, failure);
        }

        @Override
        public void onComplete() {
            onComplete.on(theirs);
        }
    }

    private final class ForeignSubscription implements Flow.Subscription {

        private final Object theirs;

        ForeignSubscription(Object theirs) {
            this.theirs = theirs;
        }

        @Override
        public void request(long count) {
            request.on(theirs, count);
        }

        @Override
        public void cancel() {
            cancel.on(theirs);
        }
    }

    /** A call whose publisher brings one item at most, of a method whose record holds the list of all. */
    private record OneOfMany(SubscribedCall all, boolean empty) implements SubscribedCall {

        @Override
        public CompletableFuture<Answer> admitted() {
            CompletableFuture<Answer> admitted = new CompletableFuture<>();
            all.admitted()
                    .whenComplete((answer, failure) -> Futures.end(
                            admitted,
                            failure == null && answer.replayed() ? new Answer(true, first(answer)) : answer,
                            failure));
            return admitted;
        }

        private @Nullable Object first(Answer answer) {
            return empty || answer.items().isEmpty() ? null : answer.items().get(0);
        }

        @Override
        public void item(Object item) {
            all.item(item);
        }

        @Override
        public CompletableFuture<Object> completedWith(@Nullable Object item) {
            if (item != null) {
                all.item(item);
            }
            CompletableFuture<Object> completed = new CompletableFuture<>();
            all.completed().whenComplete((nothing, failure) -> Futures.end(completed, item, failure));
            return completed;
        }

        @Override
        public CompletableFuture<Object> completed() {
            return all.completed();
        }

        @Override
        public void failed(Throwable failure) {
            all.failed(failure);
        }

        @Override
        public void cancelled() {
            all.cancelled();
        }
    }
}
