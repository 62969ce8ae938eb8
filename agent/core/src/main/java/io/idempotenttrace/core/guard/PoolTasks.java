package io.idempotenttrace.core.guard;

import java.util.concurrent.ForkJoinWorkerThread;

/**
 * The tasks that a worker of a {@link java.util.concurrent.ForkJoinPool} ran one inside of another when a body began.
 *
 * <p>The problem: a body that waits on such a thread, as by {@code CompletableFuture.join()}, has the JDK run other tasks of the pool on
 * top of its stack meanwhile. One of them may be another delivery of the body's own message. Its thread is in the body, and yet it is no
 * part of the body.
 *
 * <p>Only the stack tells: each task runs in a frame of its own. Whoever makes a call while more of these frames are there than when the
 * body began is another task. A body's own sub-task that its thread runs ({@code invokeAll}, a parallel stream) looks the same, and is
 * taken for another one too: where another thread of the pool runs it, it is one.
 *
 * <p>An exception that is never thrown keeps the stack, since most bodies make no call on their own key: to keep it takes a microsecond,
 * to read it ten times as much.
 */
@SuppressWarnings("serial") // It never leaves its thread.
final class PoolTasks extends Throwable {

    private static final String TASK = "java.util.concurrent.ForkJoinTask";
    private static final String WORKER = "java.util.concurrent.ForkJoinWorkerThread";

    /** Keeps the stack of this thread. */
    PoolTasks() {
        super(null, null, /* enableSuppression= */ false, /* writableStackTrace= */ true);
    }

    /** Whether this thread is one that runs tasks inside of others. */
    static boolean runHere() {
        return Thread.currentThread() instanceof ForkJoinWorkerThread;
    }

    /** How many run on this thread now. */
    static long count() {
        return StackWalker.getInstance()
                .<Long>walk(frames -> frames.filter(frame -> isTask(frame.getClassName(), frame.getMethodName()))
                        .count());
    }

    /** Whether there is one now that was not there then. Unknown, and so false, where the JVM has not kept the whole stack. */
    boolean runAnother() {
        long then = 0;
        boolean isWhole = false;
        for (StackTraceElement frame : getStackTrace()) {
            then += isTask(frame.getClassName(), frame.getMethodName()) ? 1 : 0;
            isWhole |= frame.getClassName().equals(WORKER);
        }
        return isWhole && count() > then;
    }

    private static boolean isTask(String type, String method) {
        return method.equals("doExec") && type.equals(TASK);
    }
}
