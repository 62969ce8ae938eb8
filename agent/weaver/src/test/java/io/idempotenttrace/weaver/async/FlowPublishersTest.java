package io.idempotenttrace.weaver.async;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class FlowPublishersTest {

    private final List<String> told = new ArrayList<>();
    private Flow.Subscription outer;

    private static SubscribedCall newCall() {
        return new UnwatchedCall(new SubscribedCall.Answer(/* replayed= */ false, null), /* later= */ false);
    }

    private final class Receiver implements Flow.Subscriber<Object> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            outer = subscription;
        }

        @Override
        public void onNext(Object item) {
            told.add("item");
        }

        @Override
        public void onError(Throwable failure) {
            told.add("error");
        }

        @Override
        public void onComplete() {
            told.add("end");
        }
    }

    /** As another thread may do it: between the cancel and the moment at which the publisher is told of it. */
    private final class AskedWhileItIsCancelled implements Flow.Subscription {

        @Override
        public void request(long n) {
            told.add("request " + n);
        }

        @Override
        public void cancel() {
            outer.request(1);
            told.add("cancel");
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void nothingIsAskedOfAPublisherThatComesAfterTheCancel() {
        Flow.Publisher<Object> source = subscriber -> {
            outer.cancel();
            outer.request(1);
            subscriber.onSubscribe(new AskedWhileItIsCancelled());
        };
        PublisherShape shape = new FlowPublishers();
        ((Flow.Publisher<Object>) shape.guard(source, FlowPublishersTest::newCall)).subscribe(new Receiver());
        assertEquals(List.of("cancel"), told);
    }
}
