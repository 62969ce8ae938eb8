package io.idempotenttrace.core.background;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of this library that works aside, in rounds, on a thread of its own.
 *
 * <p>The problem: a background thread that dies takes everything with it that later calls hand to it, and nobody notices. So each
 * part has this loop between itself and its thread, and the loop keeps these rules:
 * <ol>
 *   <li>Whatever a round throws, an OutOfMemoryError too, ends that round and not the thread. The next round begins after a pause.
 *   <li>The thread is started by the first {@link #wake()}. Where no thread can be started nothing is marked as started: the next
 *       call of {@code wake()} tries again, and so does each other loop of the process after each of its rounds. No call may come that
 *       needs the part, and what was handed to it must not wait for one.
 *   <li>A thread that has died, for whatever reason, is replaced by the next {@code wake()}. Where a throw outside of a round has ended it,
 *       the other loops try too, as for a thread that could not be started.
 *   <li>{@link #figures()} tell whether the thread is alive, when its last round ended, and how many rounds failed.
 * </ol>
 *
 * <p>The invariant: a round begins after each {@code wake()}, so that what was handed over before it is seen. The states are those of
 * {@code state}:
 * <pre>
 *            wake()                      the round says UNTIL_WOKEN, or a time
 *   WOKEN &lt;-------- RUNNING ---------------------------------------------&gt; ASLEEP
 *     |                ^  \                                                   |
 *     +----------------+   \ the round says END                              | wake(), or the time is over
 *      the next round       +--------------&gt; ENDED, the thread goes           |
 *                      ^---------------------------------------------------- +
 * </pre>
 * Both sides write before they read ({@code wake()} the state and then the thread, the thread itself and then the state), so that one
 * of them sees the other.
 *
 * <p>Safe for use by many threads.
 */
public final class BackgroundLoop implements AutoCloseable {

    /** One round of work. */
    @FunctionalInterface
    public interface Round {

        /**
         * Does what there is to do.
         *
         * @return how many nanoseconds to wait before the next round, unless the loop is woken before; at most 0 for none. Or {@link
         *         #UNTIL_WOKEN}, or {@link #END}
         * @throws Exception ends this round alone
         */
        long run() throws Exception;
    }

    /** Returned by a round that has nothing to do before the next {@link #wake()}. */
    public static final long UNTIL_WOKEN = Long.MAX_VALUE;

    /** Returned by a round after which no thread is needed before the next {@link #wake()}. */
    public static final long END = Long.MIN_VALUE;

    /** After a round that failed, so that one that always fails does not take a processor. */
    private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** About a second. It is no time that a round asks for, so that the simulator of {@code agent/chaos} knows such a pause. */
    private static final long LONGEST_PARK_NANOS = 1L << 30;

    private static final long START_OTHERS_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int RUNNING = 0;
    private static final int WOKEN = 1;
    private static final int ASLEEP = 2;
    private static final int ENDED = 3;

    private static final AtomicIntegerFieldUpdater<BackgroundLoop> STATE =
            AtomicIntegerFieldUpdater.newUpdater(BackgroundLoop.class, "state");

    private final String name;
    private final Round round;
    private final Function<Runnable, Thread> threads;
    private final Platform platform;

    private volatile int state = ENDED;
    /** Null while none is needed, or none could be started. */
    private volatile @Nullable Thread thread;

    private volatile boolean closed;

    private final AtomicLong rounds = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile long lastRoundMillis;
    /** Whether others try to start it where that failed. */
    private boolean startedByOthers = true;
    /** Null until one fails. */
    private volatile @Nullable Throwable lastFailure;

    /** @param name of the thread, and of the part in {@link #figures()} */
    public BackgroundLoop(String name, Round round) {
        this(name, round, Platform.JVM);
    }

    /** As the other one, on a platform that may not be the JVM's. */
    public BackgroundLoop(String name, Round round, Platform platform) {
        this(name, round, work -> platform.thread(name, work), platform);
    }

    /** @param threads makes a thread that is not started yet */
    BackgroundLoop(String name, Round round, Function<Runnable, Thread> threads) {
        this(name, round, threads, Platform.JVM);
    }

    private BackgroundLoop(String name, Round round, Function<Runnable, Thread> threads, Platform platform) {
        this.name = name;
        this.round = round;
        this.threads = threads;
        this.platform = platform;
        platform.loops.add(this);
    }

    /**
     * Runs that once, on a thread of its own, which ends with it.
     *
     * @param work reports its failures itself: what it throws is dropped
     * @return false if no thread can be started: then nothing has happened
     */
    public static boolean runOnce(String name, Runnable work) {
        return runOnce(name, work, Platform.JVM);
    }

    /** As the other one, on a platform that may not be the JVM's. */
    public static boolean runOnce(String name, Runnable work, Platform platform) {
        BackgroundLoop once = new BackgroundLoop(
                name,
                () -> {
                    try {
                        work.run();
                    } catch (Throwable reported) {
                        // A second round would run it twice.
                    }
                    return END;
                },
                platform);
        platform.loops.remove(once);
        once.startedByOthers = false;
        return once.wake();
    }

    /**
     * Asks for a round that begins after this. Costs a read while a round was asked for already.
     *
     * @return false if there is no thread for it: none can be started, or the loop is closed. The caller does the work itself, or
     *         leaves it to the next call
     */
    public boolean wake() {
        int before = state == WOKEN ? WOKEN : STATE.getAndSet(this, WOKEN);
        Thread working = thread;
        if (working == null || !platform.isAlive(working)) {
            return start();
        }
        if (before == ASLEEP) {
            platform.unpark(working);
        }
        return !closed;
    }

    /** Whether its thread is there. */
    public boolean isAlive() {
        Thread working = thread;
        return working != null && platform.isAlive(working);
    }

    private synchronized boolean start() {
        if (closed || isAlive()) {
            // A thread that was about to end may have gone on, after a wake() that could start no other one.
            platform.unstarted.remove(this);
            return !closed;
        }
        try {
            Thread started = threads.apply(this::work);
            thread = started;
            platform.start(started);
            platform.unstarted.remove(this);
            return true;
        } catch (Throwable noThread) {
            thread = null;
            failed(noThread);
            leaveToOthers();
            return false;
        }
    }

    private void leaveToOthers() {
        try {
            if (startedByOthers && !platform.unstarted.contains(this)) {
                platform.startUnstartedAtNanos = platform.nanoTime();
                platform.unstarted.add(this);
            }
        } catch (Throwable noMemory) {
            // The next call that needs it tries again.
        }
    }

    /** After each round: none costs a read. Not after each of many: the JVM prints a line each time that no thread can be started. */
    private void startOthers() {
        try {
            long now = platform.nanoTime();
            if (now - platform.startUnstartedAtNanos < 0) {
                return;
            }
            platform.startUnstartedAtNanos = now + START_OTHERS_EVERY_NANOS;
            for (BackgroundLoop other : platform.unstarted) {
                other.start();
            }
        } catch (Throwable fault) {
            failed(fault);
        }
    }

    private void work() {
        try {
            do {
                workUntilEnd();
            } while (takeUpAgain());
        } finally {
            leave();
        }
    }

    /**
     * The thread ends. If a throw outside of a round is the reason, the loop still needs one: a wake() that came before has seen this thread
     * alive, and no other may come. Synchronized, so that neither a thread that a later wake() has started nor a close() is overlooked.
     */
    private synchronized void leave() {
        if (thread == platform.currentThread()) {
            thread = null;
        }
        if (thread == null && state != ENDED && !closed) {
            leaveToOthers();
        }
    }

    private void workUntilEnd() {
        while (!closed) {
            // Before the round looks at what there is: who comes after this asks for the next one.
            state = RUNNING;
            long pause = runRound();
            if (pause == END) {
                if (STATE.compareAndSet(this, RUNNING, ENDED)) {
                    return;
                }
            } else if (pause > 0 && STATE.compareAndSet(this, RUNNING, ASLEEP)) {
                sleep(pause);
            }
        }
    }

    /** Whether somebody has asked for a round since this thread saw that none was needed, and has found it still there. */
    private boolean takeUpAgain() {
        thread = null;
        if (state != WOKEN || closed) {
            return false;
        }
        synchronized (this) {
            if (thread != null) {
                return false;
            }
            thread = platform.currentThread();
            return true;
        }
    }

    private long runRound() {
        long pause;
        try {
            pause = round.run();
            rounds.incrementAndGet();
        } catch (Throwable fault) {
            failed(fault);
            platform.parkNanos(this, PAUSE_AFTER_FAILURE_NANOS);
            pause = 0;
        }
        lastRoundMillis = platform.currentTimeMillis();
        if (!platform.unstarted.isEmpty()) {
            startOthers();
        }
        return pause;
    }

    /** Allocates nothing: memory may be what failed. */
    private void failed(Throwable fault) {
        failures.incrementAndGet();
        lastFailure = fault;
    }

    private void sleep(long nanos) {
        long begun = platform.nanoTime();
        while (state == ASLEEP && !closed) {
            // Nobody interrupts this thread on purpose, and a pending interrupt would make every pause end at once.
            Thread.interrupted();
            if (nanos == UNTIL_WOKEN) {
                // Not for ever: a caller near the end of its stack or memory may fail between the change of state and
                // the wake-up.
                platform.parkNanos(this, LONGEST_PARK_NANOS);
                continue;
            }
            long left = nanos - (platform.nanoTime() - begun);
            if (left <= 0) {
                return;
            }
            platform.parkNanos(this, left);
        }
    }

    /** Ends the thread after the round that it is in, without waiting for that. A later {@link #wake()} does nothing. */
    @Override
    public void close() {
        Thread working;
        synchronized (this) {
            closed = true;
            working = thread;
        }
        platform.loops.remove(this);
        platform.unstarted.remove(this);
        if (working != null) {
            platform.unpark(working);
        }
    }

    /**
     * How a part does.
     *
     * @param name of the part and its thread
     * @param alive whether its thread is there; not so before it is first needed
     * @param rounds how many rounds ended well
     * @param lastRoundMillis when the last one ended, well or not, in milliseconds since 1970; 0 before the first
     * @param failures how many rounds and starts of the thread failed
     * @param lastFailure what the last one failed with; null if none did
     */
    public record Figures(
            String name,
            boolean alive,
            long rounds,
            long lastRoundMillis,
            long failures,
            @Nullable Throwable lastFailure) {}

    public Figures figures() {
        return new Figures(name, isAlive(), rounds.get(), lastRoundMillis, failures.get(), lastFailure);
    }

    /** Those of all parts of this process that are not closed, in no order. */
    public static List<Figures> allFigures() {
        List<Figures> all = new ArrayList<>();
        Platform.JVM.loops.forEach(loop -> all.add(loop.figures()));
        return all;
    }
}
