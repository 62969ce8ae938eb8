package io.idempotenttrace.weaver.async;

import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import io.idempotenttrace.core.BackgroundThread;

/**
 * Looks at futures that tell nobody of their end, such as those of an ExecutorService, from one thread for the process: often while
 * they are young, ever less the longer none has ended.
 */
final class FuturePoll {

    private static final long SHORTEST_NANOS = 200_000L;
    private static final long LONGEST_NANOS = 20_000_000L;

    private record Watched(Future<?> future, Runnable then) {
    }

    private static final ConcurrentLinkedQueue<Watched> WATCHED = new ConcurrentLinkedQueue<>();
    private static final AtomicBoolean STARTED = new AtomicBoolean();
    private static volatile Thread thread;
    private static volatile boolean added;

    private FuturePoll() {
    }

    static void whenDone(Future<?> future, Runnable then) {
        WATCHED.add(new Watched(future, then));
        added = true;
        if (STARTED.compareAndSet(false, true)) {
            Thread started = BackgroundThread.of("idempotent-trace-futures", FuturePoll::pollForEver);
            thread = started;
            started.start();
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
            if (watched.future.isDone()) {
                all.remove();
                any = true;
                // The application's code may hang on it: not on this thread.
                CallerThread.common().execute(watched.then);
            }
        }
        return any;
    }
}
