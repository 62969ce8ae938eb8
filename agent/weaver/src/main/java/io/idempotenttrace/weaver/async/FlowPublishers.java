package io.idempotenttrace.weaver.async;

import io.idempotenttrace.core.failure.Failures;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The JDK's Flow.Publisher, which comes without operators. */
final class FlowPublishers implements PublisherShape {

    @Override
    public boolean many() {
        return true;
    }

    @Override
    public Object guard(Object source, Supplier<SubscribedCall> calls) {
        @SuppressWarnings("unchecked")
        Flow.Publisher<Object> publisher = (Flow.Publisher<Object>) source;
        return (Flow.Publisher<Object>) subscriber -> new GuardedSubscription(
                        Objects.requireNonNull(
                                subscriber, "no subscriber is given; rule 1.9 of Reactive Streams wants one"),
                        calls.get())
                .begin(publisher);
    }

    @Override
    public Object failed(Throwable failure) {
        return (Flow.Publisher<Object>) subscriber -> {
            GuardedSubscription.subscribeToNothing(subscriber);
            subscriber.onError(failure);
        };
    }

    @Override
    public Executor executor() {
        return CallerThread.callbacks();
    }

    /** Between a subscriber and the method's publisher: what is asked for before the answer is there waits for it. */
    private static final class GuardedSubscription implements Flow.Subscription, Flow.Subscriber<Object> {

        private final Flow.Subscriber<? super Object> subscriber;
        private final SubscribedCall call;
        /** Guarded by this. */
        private Flow.@Nullable Subscription upstream;

        private long requestedBefore;
        private boolean cancelled;
        private volatile boolean endPassedOn;

        GuardedSubscription(Flow.Subscriber<? super Object> subscriber, SubscribedCall call) {
            this.subscriber = subscriber;
            this.call = call;
        }

        static void subscribeToNothing(Flow.Subscriber<?> subscriber) {
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long n) {
                    // Nothing comes but the end.
                }

                @Override
                public void cancel() {
                    // It has ended.
                }
            });
        }

        void begin(Flow.Publisher<Object> source) {
            subscriber.onSubscribe(this);
            call.admitted().whenComplete((answer, failure) -> {
                if (isCancelled()) {
                    return;
                }
                if (failure != null) {
                    subscriber.onError(Failures.cause(failure));
                } else if (answer.replayed()) {
                    new Replay(answer.items(), subscriber, this).begin();
                } else {
                    subscribe(source);
                }
            });
        }

        /** A publisher that throws in place of a signal would leave its subscriber without an end. */
        private void subscribe(Flow.Publisher<Object> source) {
            try {
                source.subscribe(this);
            } catch (Throwable thrown) {
                call.failed(thrown);
                if (!endPassedOn) {
                    subscriber.onError(thrown);
                }
            }
        }

        private synchronized boolean isCancelled() {
            return cancelled;
        }

        /** From now on requests go there. */
        void connect(Flow.Subscription to) {
            long requested;
            synchronized (this) {
                upstream = to;
                requested = requestedBefore;
            }
            if (isCancelled()) {
                to.cancel();
            } else if (requested != 0) {
                to.request(requested);
            }
        }

        @Override
        public void request(long n) {
            Flow.Subscription to;
            synchronized (this) {
                if (cancelled) {
                    // Rule 3.6: also where the publisher has just come, and was not told yet.
                    return;
                }
                to = upstream;
                if (to == null) {
                    // A wrong number is the publisher's to refuse (rule 3.9). A zero is kept as a wrong one, too: as
                    // itself it would be lost.
                    requestedBefore = n <= 0 || requestedBefore < 0
                            ? -1
                            : requestedBefore + n < 0 ? Long.MAX_VALUE : requestedBefore + n;
                    return;
                }
            }
            to.request(n);
        }

        @Override
        public void cancel() {
            Flow.Subscription to;
            synchronized (this) {
                cancelled = true;
                to = upstream;
            }
            if (to != null) {
                to.cancel();
            }
            call.cancelled();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            connect(subscription);
        }

        @Override
        public void onNext(Object item) {
            call.item(item);
            subscriber.onNext(item);
        }

        @Override
        public void onError(Throwable failure) {
            endPassedOn = true;
            call.failed(failure);
            subscriber.onError(failure);
        }

        @Override
        public void onComplete() {
            endPassedOn = true;
            CompletableFuture<Object> handedOver = call.completed();
            handedOver.whenComplete((nothing, failure) -> {
                if (failure == null) {
                    subscriber.onComplete();
                } else {
                    subscriber.onError(Failures.cause(failure));
                }
            });
        }
    }

    /** Gives stored items as they are asked for. */
    private static final class Replay implements Flow.Subscription {

        private final List<?> items;
        private final Flow.Subscriber<? super Object> subscriber;
        private final GuardedSubscription outer;
        /** Guarded by this. */
        private long requested;

        private boolean giving;
        private boolean ended;
        private int next;

        Replay(List<?> items, Flow.Subscriber<? super Object> subscriber, GuardedSubscription outer) {
            this.items = items;
            this.subscriber = subscriber;
            this.outer = outer;
        }

        void begin() {
            if (items.isEmpty()) {
                ended = true;
                subscriber.onComplete();
            } else {
                outer.connect(this);
            }
        }

        @Override
        public void request(long n) {
            synchronized (this) {
                if (n <= 0 && !ended) {
                    ended = true;
                } else {
                    requested = requested + n < 0 ? Long.MAX_VALUE : requested + n;
                    if (giving || ended) {
                        return;
                    }
                    giving = true;
                }
            }
            if (n <= 0) {
                subscriber.onError(new IllegalArgumentException(
                        "requested " + n + " items; rule 3.9 of Reactive Streams wants 1 at least"));
            } else {
                give();
            }
        }

        private void give() {
            while (true) {
                Object item;
                synchronized (this) {
                    if (ended || requested == 0) {
                        giving = false;
                        return;
                    }
                    requested--;
                    item = items.get(next++);
                    ended = next == items.size();
                }
                subscriber.onNext(item);
                if (next == items.size()) {
                    subscriber.onComplete();
                }
            }
        }

        @Override
        public synchronized void cancel() {
            ended = true;
        }
    }
}
