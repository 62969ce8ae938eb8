package io.idempotenttrace.weaver.async;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * What the current thread is to the application's libraries: whether it may be blocked, and where work goes that has to come back to
 * it. Safe for use by many threads.
 */
public final class CallerThread {

    private static final Executor CALLBACKS = new CallbackThreads();

    private CallerThread() {}

    /** Whether blocking the current thread would hold up others' work. */
    public static boolean mustNotBlock() {
        Class<?> type = Thread.currentThread().getClass();
        return type != Thread.class && ThreadKind.of(type).mustNotBlock();
    }

    /**
     * Runs what comes after a wait on a thread of the caller's kind: its own event loop, its Vert.x context, Reactor's parallel
     * scheduler.
     *
     * @param otherwise for a thread that may be blocked, and for a loop that takes no more work
     */
    public static Executor comeBack(Executor otherwise) {
        Class<?> type = Thread.currentThread().getClass();
        Executor own;
        try {
            own = type == Thread.class ? null : ThreadKind.of(type).executor();
        } catch (RuntimeException | LinkageError e) {
            own = null;
        }
        return own == null ? otherwise : orElse(own, otherwise);
    }

    /** Under a security manager some threads refuse every loader, as those of the common pool: what runs there finds their own. */
    public static void takeContextLoader(ClassLoader loader) {
        try {
            Thread.currentThread().setContextClassLoader(loader);
        } catch (SecurityException e) {
            // It keeps its own.
        }
    }

    /** Where nothing better is known: on a thread that may be blocked, and that others' work does not keep waiting. */
    public static Executor callbacks() {
        return CALLBACKS;
    }

    /** The second runs what the first refuses. */
    public static Executor orElse(Executor first, Executor second) {
        return task -> {
            try {
                first.execute(task);
            } catch (RejectedExecutionException e) {
                second.execute(task);
            }
        };
    }
}
