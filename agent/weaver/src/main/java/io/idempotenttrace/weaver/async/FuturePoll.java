package io.idempotenttrace.weaver.async;

import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.TimeLimit;
import io.idempotenttrace.weaver.application.ApplicationCode;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at futures that tell nobody of their end, such as those of an ExecutorService, from one thread for the process: often while
 * they are young, ever less the longer none has ended.
 *
 * <p>The question whether a future has ended runs code of the application, which must not keep the others from being told. If it throws,
 * that future is let go with the failure. If it takes longer than a second, another thread takes the place of the one that asks, which
 * from then on asks this future alone. There are 32 such threads at most. If more futures than that are so slow, the agent prints that the
 * ends of others are not seen meanwhile; their calls keep their keys.
 */
final class FuturePoll {

    private static final long SHORTEST_NANOS = 200_000L;
    private static final long LONGEST_NANOS = 20_000_000L;
    /** How long a question may take. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int MOST_SLOW = 32;

    private static final ConcurrentLinkedQueue<Watched> WATCHED = new ConcurrentLinkedQueue<>();
    /** Asks all futures that have no thread of their own. */
    private static volatile Poller poller = new Poller();

    private static final AtomicBoolean SUPERVISED = new AtomicBoolean();
    private static final AtomicInteger SLOW = new AtomicInteger();
    private static volatile boolean added;
    private static volatile Consumer<String> report = message -> {};

    private FuturePoll() {}

    /** A future that has not ended. */
    private static final class Watched {

        private final Object future;
        private final BooleanSupplier isDone;
        private final Runnable then;
        private final Consumer<Throwable> broken;
        private volatile long askedAtNanos;

        Watched(Object future, BooleanSupplier isDone, Runnable then, Consumer<Throwable> broken) {
            this.future = future;
            this.isDone = isDone;
            this.then = then;
            this.broken = broken;
        }

        /** What is to run now; null as long as the future runs. */
        @Nullable
        Runnable ask() {
            boolean[] door = ApplicationCode.door();
            boolean before = door[0];
            door[0] = true;
            try {
                return isDone.getAsBoolean() ? then : null;
            } catch (Throwable failure) {
                return () -> broken.accept(failure);
            } finally {
                door[0] = before;
            }
        }
    }

    /** @param to is told of futures that are slow to say whether they have ended */
    static void reportTo(Consumer<String> to) {
        report = to;
    }

    /**
     * Calls back once, on a thread that may be blocked.
     *
     * @param future the one that {@code isDone} asks, for messages
     * @param then runs when the future is done
     * @param broken runs instead when nobody can tell whether it is
     */
    static void whenDone(Object future, BooleanSupplier isDone, Runnable then, Consumer<Throwable> broken) {
        WATCHED.add(new Watched(future, isDone, then, broken));
        added = true;
        poller.loop.wake();
        superviseLater();
    }

    private static void superviseLater() {
        if (SUPERVISED.compareAndSet(false, true)) {
            try {
                TimeLimit.within(PATIENCE_NANOS, new CompletableFuture<>()).thenRun(FuturePoll::supervise);
            } catch (Throwable noMemory) {
                // The next future that is added tries again.
                SUPERVISED.set(false);
            }
        }
    }

    /** Runs on the timer's thread, and is brief. */
    private static void supervise() {
        SUPERVISED.set(false);
        Poller current = poller;
        Watched slow = current.asking.get();
        if (slow == null) {
            // Should its thread have died, or not have been started for want of memory.
            current.loop.wake();
        } else if (System.nanoTime() - slow.askedAtNanos >= PATIENCE_NANOS) {
            replace(current, slow);
        }
        if (!WATCHED.isEmpty()) {
            superviseLater();
        }
    }

    private static void replace(Poller replaced, Watched slow) {
        String name = slow.future.getClass().getName();
        if (SLOW.get() >= MOST_SLOW) {
            report.accept("a future of class " + name + " takes longer than a second to say whether it has ended, as "
                    + MOST_SLOW
                    + " others do: until one of them answers, the agent does not see how futures end that tell nobody of their end. Let"
                    + " isDone() return at once");
        } else if (replaced.asking.compareAndSet(slow, null)) {
            SLOW.incrementAndGet();
            WATCHED.remove(slow);
            Poller next = new Poller();
            poller = next;
            replaced.loop.close();
            next.loop.wake();
            report.accept("a future of class " + name
                    + " takes longer than a second to say whether it has ended: a thread of its own asks it"
                    + " now. Let isDone() return at once");
        }
    }

    /** Whether the future has ended, so that it is told. */
    private static boolean isTold(@Nullable Runnable told) {
        if (told == null) {
            return false;
        }
        try {
            // The application's code may hang on it: not on this thread.
            CallerThread.callbacks().execute(told);
            return true;
        } catch (Throwable noThread) {
            // For want of memory or of threads: this future is asked again.
            return false;
        }
    }

    private static final class Poller {

        private final BackgroundLoop loop = new BackgroundLoop("idempotent-trace-futures", this::askAll);
        /** The future whose answer is awaited. Who takes it out decides who asks it from then on. */
        private final AtomicReference<Watched> asking = new AtomicReference<>();

        private long pause = SHORTEST_NANOS;

        /** One round. */
        private long askAll() {
            boolean young = added;
            added = false;
            boolean any = false;
            for (Iterator<Watched> all = WATCHED.iterator(); all.hasNext(); ) {
                Watched watched = all.next();
                watched.askedAtNanos = System.nanoTime();
                asking.set(watched);
                Runnable told = watched.ask();
                if (!asking.compareAndSet(watched, null)) {
                    // Another poller asks the others.
                    askAlone(watched, told);
                    return BackgroundLoop.END;
                }
                if (isTold(told)) {
                    all.remove();
                    any = true;
                }
            }
            pause = any || young ? SHORTEST_NANOS : Math.min(pause * 2, LONGEST_NANOS);
            return WATCHED.isEmpty() ? BackgroundLoop.UNTIL_WOKEN : pause;
        }

        private static void askAlone(Watched slow, @Nullable Runnable answer) {
            Runnable told = answer;
            while (!isTold(told)) {
                LockSupport.parkNanos(LONGEST_NANOS);
                told = slow.ask();
            }
            SLOW.decrementAndGet();
        }
    }
}
