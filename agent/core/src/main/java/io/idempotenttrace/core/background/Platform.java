package io.idempotenttrace.core.background;

import java.security.SecureRandom;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * What guard, stores and background work take from the JVM that is no mere computation: time, waiting, threads and random numbers.
 *
 * <p>The problem: code that asks the JVM for these directly runs differently each time, so that a rare order of events can be met but not
 * repeated. Whoever waits, reads a clock or starts a thread does so through this class. In an application that is {@link #JVM}. The
 * simulator of {@code agent/chaos} has its own, in which time is a number and one thread runs at a time, so that a seed decides
 * everything.
 *
 * <p>An application loads one subclass, whose methods the JIT compiler therefore inlines: a reading of the clock through this class costs
 * what {@link System#nanoTime()} costs.
 */
public abstract class Platform {

    /** The JVM's own. */
    public static final Platform JVM = new OfJvm();

    /** The loops that are not closed. */
    final Set<BackgroundLoop> loops = ConcurrentHashMap.newKeySet();

    /** Those that need a thread and have none, since none could be started or it has died: each that works tries to start them. */
    final Queue<BackgroundLoop> unstarted = new ConcurrentLinkedQueue<>();

    /** When they are tried next, by {@link #nanoTime()}; of no meaning while there are none. */
    volatile long startUnstartedAtNanos;

    final TimeLimit timeLimit = new TimeLimit(this);

    /** As {@link System#nanoTime()}. */
    public abstract long nanoTime();

    /** As {@link System#currentTimeMillis()}. */
    public abstract long currentTimeMillis();

    /** As {@link LockSupport#parkNanos(Object, long)}: may return early. */
    public abstract void parkNanos(Object blocker, long nanos);

    /** As {@link LockSupport#unpark}. */
    public abstract void unpark(Thread thread);

    /**
     * As {@link Future#get(long, TimeUnit)}, and runs no task of the application meanwhile: the agent waits in the midst of one.
     *
     * @param nanos {@link Long#MAX_VALUE} for no limit
     */
    public abstract <T> T get(Future<T> future, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException;

    /** As {@link BackgroundThread#of}: a thread that is not started. */
    public abstract Thread thread(String name, Runnable work);

    /** As {@link Thread#start()}. */
    public abstract void start(Thread thread);

    /** As {@link Thread#isAlive()}. */
    public abstract boolean isAlive(Thread thread);

    /** As {@link Thread#currentThread()}. */
    public abstract Thread currentThread();

    /** 64 bits that nobody else draws. */
    public abstract long randomLong();

    /** As {@link TimeLimit#within}. */
    public final <T> CompletableFuture<T> within(long nanos, CompletableFuture<T> future) {
        return timeLimit.limit(nanos, future);
    }

    private static final class OfJvm extends Platform {

        /** Made when the first number is drawn: what only starts loops needs none. */
        private static final class Randomness {

            static final SecureRandom SOURCE = new SecureRandom();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long currentTimeMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public void parkNanos(Object blocker, long nanos) {
            LockSupport.parkNanos(blocker, nanos);
        }

        @Override
        public void unpark(Thread thread) {
            LockSupport.unpark(thread);
        }

        @Override
        public <T> T get(Future<T> future, long nanos)
                throws InterruptedException, ExecutionException, TimeoutException {
            if (Thread.currentThread() instanceof ForkJoinWorkerThread
                    && future instanceof CompletionStage<?> stage
                    && !future.isDone()) {
                PoolThreadWait.await(future, stage, nanos);
                if (!future.isDone()) {
                    throw new TimeoutException();
                }
            }
            return nanos == Long.MAX_VALUE ? future.get() : future.get(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public Thread thread(String name, Runnable work) {
            return BackgroundThread.of(name, work);
        }

        @Override
        public void start(Thread thread) {
            thread.start();
        }

        @Override
        public boolean isAlive(Thread thread) {
            return thread.isAlive();
        }

        @Override
        public Thread currentThread() {
            return Thread.currentThread();
        }

        @Override
        public long randomLong() {
            return Randomness.SOURCE.nextLong();
        }
    }
}
