package io.idempotenttrace.weaver.async;

import io.reactivex.rxjava3.core.Flowable;
import io.smallrye.mutiny.Multi;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The tests that Reactive Streams demands its publishers to pass (its TCK), on guarded ones. The TCK is made for TestNG; here each of its
 * tests is one of JUnit's.
 */
final class ReactiveStreamsTck extends PublisherVerification<Object> {

    /** How long to wait for a signal that must come, on a busy machine, and for one that must not. */
    private static final long TIMEOUT_MILLIS = 5_000;

    private static final long QUIET_MILLIS = 50;
    /** As many items as a stored list may have here. */
    private static final long MOST_STORED = 1_000;

    /** A kind of guarded publisher. */
    enum Kind {
        FLOW(Flow.Publisher.class),
        PUBLISHER(Publisher.class),
        FLUX(Flux.class),
        FLOWABLE(Flowable.class),
        MULTI(Multi.class),
        MONO(Mono.class);

        private final Class<?> declared;

        Kind(Class<?> declared) {
            this.declared = declared;
        }

        private Object source(Flux<Object> items) {
            return switch (this) {
                case FLOW -> FlowAdapters.toFlowPublisher(items);
                case PUBLISHER -> (Publisher<Object>) items::subscribe;
                case FLUX -> items;
                case FLOWABLE -> Flowable.fromPublisher(items);
                case MULTI -> Multi.createFrom().publisher(FlowAdapters.toFlowPublisher(items));
                case MONO -> items.next();
            };
        }
    }

    private final Kind kind;
    private final PublisherShape shape;
    private final boolean replayed;
    private final boolean later;

    /**
     * @param replayed whether subscribers get what is stored, else what the source brings
     * @param later whether the answer comes on another thread
     */
    private ReactiveStreamsTck(Kind kind, boolean replayed, boolean later) {
        super(new TestEnvironment(TIMEOUT_MILLIS, QUIET_MILLIS), TIMEOUT_MILLIS);
        this.kind = kind;
        this.replayed = replayed;
        this.later = later;
        this.shape = AsyncTypes.publisher(kind.declared, MethodHandles.lookup(), message -> {});
    }

    private SubscribedCall call(List<Object> stored) {
        Object value = shape.many() || stored == null ? stored : stored.isEmpty() ? null : stored.get(0);
        return new UnwatchedCall(new SubscribedCall.Answer(replayed, value), later);
    }

    @Override
    public Publisher<Object> createPublisher(long elements) {
        List<Object> stored = null;
        if (replayed) {
            stored = new ArrayList<>();
            for (long i = 0; i < elements; i++) {
                stored.add(i);
            }
        }
        Flux<Object> items = Flux.generate(() -> 0L, (next, sink) -> {
            sink.next(next);
            return next + 1;
        });
        return guarded(kind.source(items.take(elements)), stored);
    }

    @Override
    public Publisher<Object> createFailedPublisher() {
        return asPublisher(shape.failed(new IllegalStateException("refused")));
    }

    private Publisher<Object> guarded(Object source, List<Object> stored) {
        return asPublisher(shape.guard(source, () -> call(stored)));
    }

    @SuppressWarnings("unchecked")
    private static Publisher<Object> asPublisher(Object publisher) {
        return publisher instanceof Flow.Publisher<?> flow
                ? FlowAdapters.toPublisher((Flow.Publisher<Object>) flow)
                : (Publisher<Object>) publisher;
    }

    @Override
    public long maxElementsFromPublisher() {
        return kind == Kind.MONO ? 1 : replayed ? MOST_STORED : super.maxElementsFromPublisher();
    }

    /**
     * One test for each of the TCK's. One that the TCK skips, since it is optional or asks for more items than there are, is aborted. Each
     * has a TCK of its own, so that they may run side by side.
     */
    static Stream<DynamicTest> tests(Kind kind, boolean replayed, boolean later) {
        String name = kind + (replayed ? " stored" : " new") + (later ? " later" : "");
        return Arrays.stream(PublisherVerification.class.getMethods())
                .filter(method -> method.getName().matches("(required|optional|stochastic|untested)_.*"))
                .sorted(java.util.Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(
                        name + ' ' + method.getName(),
                        () -> new ReactiveStreamsTck(kind, replayed, later).run(method)));
    }

    private void run(Method method) throws Throwable {
        setUp();
        try {
            method.invoke(this);
        } catch (InvocationTargetException e) {
            Throwable skipped = e.getCause();
            if (skipped.getClass().getName().equals("org.testng.SkipException")) {
                if (method.getName().startsWith("required_") && !replayed && kind != Kind.MONO) {
                    throw new AssertionError("a required rule was not tested", skipped);
                }
                Assumptions.abort(skipped.getMessage());
            }
            throw e.getCause();
        }
    }
}
