package io.idempotenttrace.weaver.async;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;

/**
 * What the current thread is to the application's libraries, known by the names of its classes: whether it may be blocked, and where
 * work goes that has to come back to it. Reactor marks threads that must not block by an interface, Netty's event loops and Vert.x's
 * have classes of their own.
 */
public final class CallerThread {

    private static final String REACTOR = "reactor.core.scheduler.NonBlocking";
    private static final String VERTX = "io.vertx.core.impl.VertxThread";
    private static final String NETTY = "io.netty.util.concurrent.FastThreadLocalThread";

    private enum Kind { PLAIN, REACTOR, VERTX, NETTY }

    private record Type(Kind kind, Class<?> library) {
    }

    /** Per class, and held by it. */
    private static final ClassValue<Type> TYPES = new ClassValue<>() {
        @Override
        protected Type computeValue(Class<?> thread) {
            for (Class<?> type = thread; type != null && type != Thread.class; type = type.getSuperclass()) {
                if (type.getName().equals(VERTX)) {
                    return new Type(Kind.VERTX, type);
                }
                if (type.getName().equals(NETTY)) {
                    return new Type(Kind.NETTY, type);
                }
                for (Class<?> marker : type.getInterfaces()) {
                    if (marker.getName().equals(REACTOR)) {
                        return new Type(Kind.REACTOR, marker);
                    }
                }
            }
            return new Type(Kind.PLAIN, null);
        }
    };

    private CallerThread() {
    }

    /** Whether blocking the current thread would hold up others' work. */
    public static boolean mustNotBlock() {
        Class<?> type = Thread.currentThread().getClass();
        if (type == Thread.class) {
            return false;
        }
        Type known = TYPES.get(type);
        return known.kind != Kind.PLAIN && !(known.kind == Kind.VERTX && isWorker(known.library))
                && !(known.kind == Kind.NETTY && netty(known) == null);
    }

    /**
     * Runs what comes after a wait on a thread of the caller's kind: its own event loop, its Vert.x context, Reactor's parallel
     * scheduler.
     *
     * @param otherwise for a thread that may be blocked, and for a loop that takes no more work
     */
    public static Executor comeBack(Executor otherwise) {
        Class<?> type = Thread.currentThread().getClass();
        Type known = type == Thread.class ? null : TYPES.get(type);
        Executor own;
        try {
            own = known == null ? null : switch (known.kind) {
                case PLAIN -> null;
                case REACTOR -> reactor(known);
                case VERTX -> vertx(known);
                case NETTY -> netty(known);
            };
        } catch (RuntimeException | LinkageError e) {
            own = null;
        }
        return own == null ? otherwise : orElse(own, otherwise);
    }

    /** Where nothing better is known: as the JDK's own stages do. */
    public static Executor common() {
        return ForkJoinPool.commonPool();
    }

    private static Executor orElse(Executor first, Executor second) {
        return task -> {
            try {
                first.execute(task);
            } catch (RejectedExecutionException e) {
                second.execute(task);
            }
        };
    }

    private static Executor reactor(Type known) {
        Foreign library = new Foreign(known.library);
        Object scheduler = library.type("reactor.core.scheduler.Schedulers").method("parallel").on(null);
        Foreign.Call schedule = library.type("reactor.core.scheduler.Scheduler").method("schedule", Runnable.class.getName());
        return task -> schedule.on(scheduler, task);
    }

    private static boolean isWorker(Class<?> vertxThread) {
        return (Boolean) new Foreign(vertxThread).method("isWorker").on(Thread.currentThread());
    }

    /** The context, whose loop it is; null on a thread without one. */
    private static Executor vertx(Type known) {
        Foreign library = new Foreign(known.library);
        Object context = library.type("io.vertx.core.Vertx").method("currentContext").on(null);
        Foreign.Call run = library.type("io.vertx.core.Context").method("runOnContext", "io.vertx.core.Handler");
        return context == null ? null : task -> run.on(context, library.function("io.vertx.core.Handler", ignored -> {
            task.run();
            return null;
        }));
    }

    /** The event loop that runs on this thread; null where it runs none. */
    private static Executor netty(Type known) {
        try {
            return (Executor) new Foreign(known.library).type("io.netty.util.internal.ThreadExecutorMap").method("currentExecutor")
                    .on(null);
        } catch (IllegalStateException e) {
            return null;
        }
    }
}
