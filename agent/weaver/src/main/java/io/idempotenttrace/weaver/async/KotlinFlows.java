package io.idempotenttrace.weaver.async;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Collections;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Kotlin's Flow: each collection is a call, in the collector's own coroutine, so that its context and its dispatcher stay as they are and
 * what cancels the collector ends the call. A collector that stops early, as first() does, has cancelled it.
 */
final class KotlinFlows implements PublisherShape {

    static final String DECLARED = "kotlinx.coroutines.flow.Flow";
    private static final String HOT = "kotlinx.coroutines.flow.SharedFlow";

    private final Coroutines coroutines;
    private final MethodHandle newFlow;
    private final MethodHandle newCollector;
    private final Foreign.Call collect;
    private final Foreign.Call emit;
    private final Consumer<String> report;
    private final AtomicBoolean reported = new AtomicBoolean();

    /** @param report is told once of a flow whose end can't be seen */
    KotlinFlows(Class<?> flow, MethodHandles.Lookup woven, Consumer<String> report) {
        this.coroutines = new Coroutines(woven);
        this.report = report;
        String collectors = "kotlinx.coroutines.flow.FlowCollector";
        Foreign library = new Foreign(flow);
        collect = library.method("collect", collectors, Coroutines.CONTINUATION);
        Class<?> collector = library.type(collectors).type();
        emit = library.type(collectors).method("emit", Object.class.getName(), Coroutines.CONTINUATION);
        newFlow = ContinuationClass.implementing(woven, flow, "collect", collector);
        newCollector = ContinuationClass.implementing(woven, collector, "emit", Object.class);
    }

    @Override
    public boolean many() {
        return true;
    }

    @Override
    public Object guard(Object source, Supplier<SubscribedCall> calls) {
        if (SuperTypes.named(HOT, source.getClass()) != null) {
            if (reported.compareAndSet(false, true)) {
                report.accept("a " + source.getClass().getName()
                        + ", a shared flow, which goes on without its collectors and never ends");
            }
            return source;
        }
        return create(
                newFlow, (collector, completion) -> new Collection(source, collector, completion, calls.get()).begin());
    }

    @Override
    public Object failed(Throwable failure) {
        return create(newFlow, (collector, completion) -> {
            throw KotlinFlows.<RuntimeException>sneaky(failure);
        });
    }

    @Override
    public Executor executor() {
        return CallerThread.callbacks();
    }

    private static Object create(MethodHandle constructor, BiFunction<Object, Object, Object> body) {
        try {
            return constructor.invokeExact(body);
        } catch (Throwable e) {
            throw new IllegalStateException("no flow could be made", e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private enum Step {
        CLAIM,
        COLLECT,
        REPLAY,
        COMPLETION
    }

    /**
     * One collection. As a suspend function it would be: claim; then emit what is stored, or collect the source and complete. A step is
     * set before what may suspend: once that has, another thread may run the next one.
     */
    private final class Collection implements Function<Object, Object> {

        private final Object source;
        private final Object collector;
        private final SubscribedCall call;
        private final Object continuation;
        private Step step = Step.CLAIM;
        private final CompletableFuture<SubscribedCall.Answer> answer;
        private Iterator<?> stored = Collections.emptyIterator();
        /** Fails with what the collector gets; null before the end of the source. */
        private @Nullable CompletableFuture<?> handedOver;

        Collection(Object source, Object collector, Object completion, SubscribedCall call) {
            this.source = source;
            this.collector = collector;
            this.call = call;
            this.continuation = coroutines.continuation(completion, this);
            this.answer = call.admitted();
        }

        Object begin() {
            if (answer.isDone()) {
                return answered();
            }
            Object waited;
            try {
                // The answer comes on a thread of the application's.
                waited = coroutines.await(continuation, answer, Runnable::run, /* cancellable= */ true);
            } catch (Throwable cancelled) {
                call.cancelled();
                throw cancelled;
            }
            return waited == coroutines.suspended() ? waited : answered();
        }

        @Override
        public Object apply(Object result) {
            switch (step) {
                case CLAIM -> {
                    try {
                        coroutines.throwOnFailure(result);
                    } catch (Throwable cancelled) {
                        call.cancelled();
                        throw cancelled;
                    }
                    return answered();
                }
                case COLLECT -> {
                    try {
                        coroutines.throwOnFailure(result);
                    } catch (Throwable failure) {
                        ended(failure);
                        throw failure;
                    }
                    return collected();
                }
                case REPLAY -> {
                    coroutines.throwOnFailure(result);
                    return replay();
                }
                default -> {
                    return told(Objects.requireNonNull(handedOver, "the source has ended"));
                }
            }
        }

        private Object answered() {
            Futures.throwFailure(answer);
            if (answer.join().replayed()) {
                stored = answer.join().items().iterator();
                step = Step.REPLAY;
                return replay();
            }
            Object returned;
            step = Step.COLLECT;
            try {
                returned = collect.on(source, create(newCollector, this::emit), continuation);
            } catch (Throwable failure) {
                ended(failure);
                throw failure;
            }
            return returned == coroutines.suspended() ? returned : collected();
        }

        private Object emit(Object item, Object completion) {
            call.item(item);
            return emit.on(collector, item, completion);
        }

        private Object replay() {
            while (stored.hasNext()) {
                Object returned = emit.on(collector, stored.next(), continuation);
                if (returned == coroutines.suspended()) {
                    return returned;
                }
            }
            return coroutines.unit();
        }

        private void ended(Throwable failure) {
            if (failure instanceof CancellationException) {
                call.cancelled();
            } else {
                call.failed(failure);
            }
        }

        private Object collected() {
            CompletableFuture<?> completion = call.completed();
            if (completion.isDone()) {
                return told(completion);
            }
            handedOver = completion;
            step = Step.COMPLETION;
            Object waited = coroutines.await(continuation, completion, Runnable::run, /* cancellable= */ false);
            return waited == coroutines.suspended() ? waited : told(completion);
        }

        /** @param completion is handed over, or has failed */
        private Object told(CompletableFuture<?> completion) {
            Futures.throwFailure(completion);
            return coroutines.unit();
        }
    }
}
