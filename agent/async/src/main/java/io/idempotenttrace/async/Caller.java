package io.idempotenttrace.async;

import io.netty.channel.DefaultEventLoop;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import reactor.core.scheduler.Schedulers;

/** The threads on which emitters are called. */
enum Caller {
    MAIN(Runnable::run),
    /** Virtual on a JVM that has them, else of the pool that compensates for those that block. */
    VIRTUAL(virtualOrForkJoin()),
    REACTOR(task -> Schedulers.parallel().schedule(task)),
    NETTY(new DefaultEventLoop()),
    VERTX(task -> Shared.VERTX.runOnContext(ignored -> task.run()));

    private static final class Shared {
        static final Vertx VERTX = Vertx.vertx();
    }

    /** Those whose threads serve others as well: nothing may block there. */
    static final List<Caller> EVENT_LOOPS = List.of(REACTOR, NETTY, VERTX);

    private final Executor executor;

    Caller(Executor executor) {
        this.executor = executor;
    }

    /** Calls there, and waits for the call to return, which must be at once. */
    <T> T call(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, executor).join();
    }

    /** Whether bodies must run on threads of the same kind. */
    boolean isOfKind(Thread thread) {
        return switch (this) {
            case MAIN, VIRTUAL -> true;
            case REACTOR -> thread.getName().startsWith("parallel-");
            case NETTY -> thread.getName().startsWith("defaultEventLoop-");
            case VERTX -> thread.getName().startsWith("vert.x-eventloop-");
        };
    }

    private static Executor virtualOrForkJoin() {
        try {
            return (Executor) java.util.concurrent.Executors.class
                    .getMethod("newVirtualThreadPerTaskExecutor")
                    .invoke(null);
        } catch (ReflectiveOperationException e) {
            return ForkJoinPool.commonPool();
        }
    }
}
