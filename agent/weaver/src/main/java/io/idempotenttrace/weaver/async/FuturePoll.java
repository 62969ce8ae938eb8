package io.idempotenttrace.weaver.async;

import io.idempotenttrace.core.background.BackgroundThread;
import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Looks at futures that tell nobody of their end, such as those of an ExecutorService, from one thread for the process: often while
 * they are young, ever less the longer none has ended. The question that it asks runs code of the application, which may throw: then
 * that future is let go, with the failure, and the thread goes on with the others.
 */
final class FuturePoll {

    private static final long SHORTEST_NANOS = 200_000L;
    private static final long LONGEST_NANOS = 20_000_000L;

    /** @param broken takes what the question threw */
    private record Watched(BooleanSupplier isDone, Runnable then, Consumer<Throwable> broken) {
    }

    private static final ConcurrentLinkedQueue<Watched> WATCHED = new ConcurrentLinkedQueue<>();
    private static final AtomicBoolean STARTED = new AtomicBoolean();
    private static volatile Thread thread;
    private static volatile boolean added;

    private FuturePoll() {
    }

    /**
     * Calls back once, on a thread of the common pool.
     *
     * @param then runs when the future is done
     * @param broken runs instead when nobody can tell whether it is
     */
    static void whenDone(BooleanSupplier isDone, Runnable then, Consumer<Throwable> broken) {
        WATCHED.add(new Watched(isDone, then, broken));
        added = true;
        if (STARTED.compareAndSet(false, true)) {
            try {
                Thread started = BackgroundThread.of("idempotent-trace-futures", FuturePoll::pollForEver);
                thread = started;
                started.start();
            } catch (Throwable noThread) {
                // The next future that is added starts it.
                STARTED.set(false);
                throw noThread;
            }
        } else {
            LockSupport.unpark(thread);
        }
    }

    private static void pollForEver() {
        long pause = SHORTEST_NANOS;
        while (true) {
            boolean young = added;
            added = false;
            pause = tellEnded() || young ? SHORTEST_NANOS : Math.min(pause * 2, LONGEST_NANOS);
            if (WATCHED.isEmpty()) {
                LockSupport.park();
            } else {
                LockSupport.parkNanos(pause);
            }
        }
    }

    private static boolean tellEnded() {
        boolean any = false;
        for (Iterator<Watched> all = WATCHED.iterator(); all.hasNext();) {
            Watched watched = all.next();
            try {
                Runnable told = told(watched);
                if (told != null) {
                    // The application's code may hang on it: not on this thread.
                    CallerThread.common().execute(told);
                    all.remove();
                    any = true;
                }
            } catch (Throwable noThread) {
                // The pool takes no task now, for want of memory or of threads: this future is asked again.
            }
        }
        return any;
    }

    /** What is to run now; null as long as the future runs. */
    private static Runnable told(Watched watched) {
        try {
            return watched.isDone.getAsBoolean() ? watched.then : null;
        } catch (Throwable broken) {
            return () -> watched.broken.accept(broken);
        }
    }
}
