package io.idempotenttrace.weaver;

import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.weaver.async.FutureShape;
import io.idempotenttrace.weaver.async.PublisherShape;
import io.idempotenttrace.weaver.async.ReturnedClass;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The end of a call whose method declares {@code Object}, {@code T} or another type that says nothing, and returned a future or
 * publisher. Its duplicates get DuplicateTraceException: the declared type does not say what could be made for them, so nothing is
 * stored.
 */
final class UndeclaredEnd {

    private final GuardedMethod method;
    private final RunningCall running;

    UndeclaredEnd(GuardedMethod method, RunningCall running) {
        this.method = method;
        this.running = running;
    }

    /**
     * What the caller gets: the body's own future, whose end ends the call; or a publisher in the place of the body's, each of whose
     * subscriptions is a call.
     *
     * @return null if the end can't be seen
     */
    @Nullable
    Object guarded(Object returned, ReturnedClass known, Class<?> declared) {
        FutureShape future = known.future();
        if (future != null) {
            AsyncEnd end = new AsyncEnd(method, running);
            end.joinTransaction();
            future.onEnd(returned, (value, failure) -> end.ended(value, failure, any -> Completion.EMPTY));
            return returned;
        }
        PublisherShape shape = known.publisher();
        return shape == null ? null : publisher(returned, shape, declared);
    }

    private @Nullable Object publisher(Object returned, PublisherShape shape, Class<?> declared) {
        ClaimRequest request = running.claim().request();
        Object guarded = shape.guard(returned, () -> new Assembled(request, shape.executor()));
        if (!declared.isInstance(guarded)) {
            return null;
        }
        // Nothing has begun: the key is not held for subscriptions that may never come.
        method.guard.released(running, "its publisher is assembled, and not subscribed to");
        return guarded;
    }

    /** A subscription to what the method returned in disguise. */
    private final class Assembled extends Subscription {

        Assembled(ClaimRequest request, Executor executor) {
            super(method, request, new Object[0], executor, /* stream= */ null);
        }

        @Override
        Object replay(Admission.Stored stored) {
            throw method.returnValue.nothingReplayed(
                    "its item is not stored, since its method does not declare what it brings",
                    stored,
                    running.claim().id(),
                    null);
        }

        @Override
        Completion storable(Object item) {
            return Completion.EMPTY;
        }
    }
}
