package io.idempotenttrace.chaos.simulation;

import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.Platform;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/** What a simulated process has instead of the JVM's time, waiting and threads. */
final class SimPlatform extends Platform {

    private static final long EPOCH_MILLIS = 1_790_000_000_000L;

    /** As {@code BackgroundLoop}. */
    private static final long IDLE_LOOK_NANOS = 1L << 30;

    private final Process process;
    /** Each JVM counts its nanoseconds from another beginning. */
    private final long origin;
    /** How wrong its clock of the day goes: no promise may hang on it. */
    private final long skewMillis;

    SimPlatform(Process process) {
        this.process = process;
        this.origin = process.world.random.nextLong(-1L << 40, 1L << 40);
        this.skewMillis = process.world.random.nextLong(-3_600_000, 3_600_000);
    }

    private Scheduler scheduler() {
        return process.world.scheduler;
    }

    @Override
    public long nanoTime() {
        process.step();
        return now();
    }

    /** As {@link #nanoTime()}, for the world itself. */
    long now() {
        return origin + scheduler().now();
    }

    @Override
    public long currentTimeMillis() {
        process.step();
        return EPOCH_MILLIS + skewMillis + scheduler().now() / 1_000_000;
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
        process.step();
        // An idle loop looks each second whether a wake-up was lost, which takes an Error. Without one that only costs
        // turns.
        boolean looksInVain = nanos == IDLE_LOOK_NANOS && blocker instanceof BackgroundLoop && !process.hadError;
        scheduler().park(looksInVain ? 20 * nanos : nanos);
    }

    @Override
    public void unpark(Thread thread) {
        scheduler().unpark((SimThread) thread);
    }

    @Override
    public <T> T get(Future<T> future, long nanos) throws InterruptedException, ExecutionException, TimeoutException {
        process.step();
        scheduler().offerTurn();
        return scheduler().get(future, nanos);
    }

    @Override
    public Thread thread(String name, Runnable work) {
        return new SimThread(process, name, work);
    }

    @Override
    public void start(Thread thread) {
        process.step();
        if (process.startsNoThreads) {
            process.world.story.tell(process.name, "can't start the thread " + thread.getName());
            throw new SimulatedError("unable to create native thread (of the simulator)");
        }
        scheduler().start((SimThread) thread);
    }

    @Override
    public boolean isAlive(Thread thread) {
        SimThread own = (SimThread) thread;
        return own.started && !own.dead;
    }

    /** On the client's own thread, which stands for one of the process that never waits. */
    @Override
    public Thread currentThread() {
        SimThread current = scheduler().current();
        return current != null ? current : Thread.currentThread();
    }

    @Override
    public long randomLong() {
        return process.world.random.nextLong();
    }
}
