package io.idempotenttrace.weaver.async;

import io.idempotenttrace.weaver.application.EngineRights;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Publishers of the application as the engine handles them: each subscription and each signal is a call of the application's into it. */
record ForeignPublishers(PublisherShape library) implements PublisherShape {

    /** Null for no shape. */
    static @Nullable PublisherShape of(@Nullable PublisherShape library) {
        return library == null ? null : new ForeignPublishers(library);
    }

    @Override
    public boolean many() {
        return library.many();
    }

    @Override
    public boolean empty() {
        return library.empty();
    }

    @Override
    public Object guard(Object source, Supplier<SubscribedCall> calls) {
        return library.guard(source, () -> new CalledBack(EngineRights.get(calls)));
    }

    @Override
    public Object failed(Throwable failure) {
        return library.failed(failure);
    }

    @Override
    public Executor executor() {
        return library.executor();
    }

    private record CalledBack(SubscribedCall call) implements SubscribedCall {

        @Override
        public CompletableFuture<Answer> admitted() {
            return EngineRights.get(call::admitted);
        }

        @Override
        public void item(Object item) {
            EngineRights.run(() -> call.item(item));
        }

        @Override
        public CompletableFuture<Object> completedWith(@Nullable Object item) {
            return EngineRights.get(() -> call.completedWith(item));
        }

        @Override
        public CompletableFuture<Object> completed() {
            return EngineRights.get(call::completed);
        }

        @Override
        public void failed(Throwable failure) {
            EngineRights.run(() -> call.failed(failure));
        }

        @Override
        public void cancelled() {
            EngineRights.run(call::cancelled);
        }
    }
}
