package io.idempotenttrace.weaver.async;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A kind of thread, known by the names of its class' super types: Reactor marks threads that must not block by an interface, Netty's
 * event loops and Vert.x's have classes of their own. The libraries' methods are looked up once for a class.
 */
abstract class ThreadKind {

    private static final ThreadKind PLAIN = new ThreadKind() {
        @Override
        boolean mustNotBlock() {
            return false;
        }

        @Override
        @Nullable
        Executor executor() {
            return null;
        }
    };

    /** Held by the class itself, whose library it is. */
    private static final ClassValue<ThreadKind> OF_CLASS = new ClassValue<>() {
        @Override
        protected ThreadKind computeValue(Class<?> thread) {
            // Vert.x's threads are Netty's too.
            Class<?> vertx = SuperTypes.named("io.vertx.core.impl.VertxThread", thread);
            Class<?> netty = SuperTypes.named("io.netty.util.concurrent.FastThreadLocalThread", thread);
            Class<?> reactor = SuperTypes.named("reactor.core.scheduler.NonBlocking", thread);
            try {
                return vertx != null
                        ? new Vertx(new Foreign(vertx))
                        : reactor != null
                                ? new Reactor(new Foreign(reactor))
                                : netty != null ? new Netty(new Foreign(netty)) : PLAIN;
            } catch (IllegalStateException e) {
                // A version without those methods.
                return PLAIN;
            }
        }
    };

    static ThreadKind of(Class<?> thread) {
        return OF_CLASS.get(thread);
    }

    /** Of the current thread, which is of this kind. */
    abstract boolean mustNotBlock();

    /** Runs on threads like the current one, which is of this kind; null where it has no such executor. */
    abstract @Nullable Executor executor();

    private static final class Reactor extends ThreadKind {

        private final Executor parallel;

        Reactor(Foreign library) {
            parallel = ReactorPublishers.scheduler(library, "parallel");
        }

        @Override
        boolean mustNotBlock() {
            return true;
        }

        @Override
        Executor executor() {
            return parallel;
        }
    }

    private static final class Vertx extends ThreadKind {

        private final Foreign.Call isWorker;
        private final Foreign.Call currentContext;
        private final Foreign.Call runOnContext;
        private final Foreign handler;

        Vertx(Foreign library) {
            isWorker = library.method("isWorker");
            currentContext = library.type("io.vertx.core.Vertx").method("currentContext");
            runOnContext = library.type("io.vertx.core.Context").method("runOnContext", "io.vertx.core.Handler");
            handler = library.type("io.vertx.core.Handler");
        }

        @Override
        boolean mustNotBlock() {
            return !(Boolean) isWorker.on(Thread.currentThread());
        }

        @Override
        @Nullable
        Executor executor() {
            Object context = currentContext.on(null);
            return context == null
                    ? null
                    : task -> runOnContext.on(context, handler.implement(ignored -> {
                        task.run();
                        return null;
                    }));
        }
    }

    /** An event loop, or a thread that Netty made for other work. */
    private static final class Netty extends ThreadKind {

        private final Foreign.Call currentExecutor;

        Netty(Foreign library) {
            currentExecutor =
                    library.type("io.netty.util.internal.ThreadExecutorMap").method("currentExecutor");
        }

        @Override
        boolean mustNotBlock() {
            return executor() != null;
        }

        @Override
        Executor executor() {
            return (Executor) currentExecutor.on(null);
        }
    }
}
