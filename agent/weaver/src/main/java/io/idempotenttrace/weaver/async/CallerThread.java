package io.idempotenttrace.weaver.async;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;

/**
 * What the current thread is to the application's libraries: whether it may be blocked, and where work goes that has to come back to
 * it. Safe for use by many threads.
 */
public final class CallerThread {

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

    /** Under a security manager the threads of the common pool refuse every loader: what runs there finds their own. */
    public static void takeContextLoader(ClassLoader loader) {
        try {
            Thread.currentThread().setContextClassLoader(loader);
        } catch (SecurityException e) {
            // It keeps its own.
        }
    }

    /** Where nothing better is known: as the JDK's own stages do. */
    public static Executor common() {
        return ForkJoinPool.commonPool();
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
