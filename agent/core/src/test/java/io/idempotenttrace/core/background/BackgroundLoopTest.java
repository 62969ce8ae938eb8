package io.idempotenttrace.core.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules that every background thread keeps, one test or more for each. */
@Timeout(120)
class BackgroundLoopTest {

    private static final long AN_HOUR = TimeUnit.HOURS.toNanos(1);

    private final AtomicInteger rounds = new AtomicInteger();
    private final List<BackgroundLoop> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(BackgroundLoop::close);
    }

    private BackgroundLoop loop(BackgroundLoop.Round round) {
        BackgroundLoop loop = new BackgroundLoop("test-loop", round);
        opened.add(loop);
        return loop;
    }

    /** One that counts its rounds, on threads of the test's. */
    private BackgroundLoop countingOn(Function<Runnable, Thread> threads) {
        BackgroundLoop loop = new BackgroundLoop(
                "test-loop",
                () -> {
                    rounds.incrementAndGet();
                    return BackgroundLoop.UNTIL_WOKEN;
                },
                threads);
        opened.add(loop);
        return loop;
    }

    /** One whose thread can't be started so many times. */
    private BackgroundLoop refusedThreads(int times) {
        AtomicInteger refusals = new AtomicInteger(times);
        return countingOn(work -> new Thread(work) {
            @Override
            public synchronized void start() {
                if (refusals.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("unable to create native thread (of a test)");
                }
                setDaemon(true);
                super.start();
            }
        });
    }

    private void awaitRounds(int atLeast) {
        Await.until(atLeast + " rounds", () -> rounds.get() >= atLeast);
    }

    @Test
    void aRoundBeginsAfterEachWake() {
        Queue<Integer> handedOver = new ConcurrentLinkedQueue<>();
        AtomicInteger seen = new AtomicInteger();
        BackgroundLoop loop = loop(() -> {
            while (handedOver.poll() != null) {
                seen.incrementAndGet();
            }
            return BackgroundLoop.UNTIL_WOKEN;
        });
        for (int i = 1; i <= 20_000; i++) {
            handedOver.add(i);
            assertTrue(loop.wake());
            int expected = i;
            if (i % 500 == 0) {
                Await.until("hand-over " + i + " is seen", () -> seen.get() == expected);
            }
        }
        Await.until("all are seen", () -> seen.get() == 20_000);
    }

    /** The thread may end while others ask for it: none of them may be left without. */
    @Test
    void aThreadThatEndsIsStartedAgainHoweverCloseTheNextWakeComes() throws InterruptedException {
        Queue<Integer> handedOver = new ConcurrentLinkedQueue<>();
        AtomicInteger seen = new AtomicInteger();
        BackgroundLoop loop = loop(() -> {
            while (handedOver.poll() != null) {
                seen.incrementAndGet();
            }
            return BackgroundLoop.END;
        });
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 2000; i++) {
                    handedOver.add(i);
                    loop.wake();
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Await.until("all are seen", () -> seen.get() == 4000);
        Await.until("no thread stays", () -> !loop.isAlive());
    }

    @Test
    void anErrorEndsItsRoundAndNotTheThread() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        List<Throwable> faults = List.of(
                new OutOfMemoryError("of a test"),
                new StackOverflowError("of a test"),
                new NoClassDefFoundError("of a test"),
                new IllegalStateException("of a test"),
                new InterruptedException("of a test"));
        BackgroundLoop loop = loop(() -> {
            thread.compareAndSet(null, Thread.currentThread());
            assertSame(thread.get(), Thread.currentThread());
            int round = rounds.getAndIncrement();
            if (round < faults.size()) {
                BackgroundLoopTest.<RuntimeException>sneak(faults.get(round));
            }
            return BackgroundLoop.UNTIL_WOKEN;
        });
        // One wake: after a failed round the next one comes by itself.
        loop.wake();
        awaitRounds(faults.size() + 1);
        Await.until("the figures tell of all", () -> loop.figures().rounds() == 1);
        assertEquals(faults.size(), loop.figures().failures());
        assertSame(faults.get(faults.size() - 1), loop.figures().lastFailure());
        assertTrue(loop.figures().alive());
        assertTrue(loop.figures().lastRoundMillis() > 1_600_000_000_000L);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void aThreadThatCantBeStartedIsTriedAgainByTheNextWake() {
        BackgroundLoop loop = refusedThreads(2);
        assertFalse(loop.wake());
        assertFalse(loop.isAlive(), "nothing is marked as started");
        assertFalse(loop.wake());
        assertEquals(2, loop.figures().failures());
        assertTrue(loop.wake());
        awaitRounds(1);
        assertTrue(loop.figures().alive());
    }

    /** Found by the simulator: the renewal of a lease waited for the next call, and none came before the lease was over. */
    @Test
    void aThreadThatCouldNotBeStartedIsStartedByAnotherPartThatWorks() {
        BackgroundLoop loop = refusedThreads(1);
        assertFalse(loop.wake());

        loop(() -> BackgroundLoop.UNTIL_WOKEN).wake();

        awaitRounds(1);
        assertTrue(loop.isAlive());
    }

    @Test
    void aThreadThatDiedIsReplaced() throws InterruptedException {
        List<Thread> started = new ArrayList<>();
        BackgroundLoop loop = countingOn(work -> {
            // The first one dies before its first round.
            Thread thread = started.isEmpty() ? new Thread(() -> {}) : new Thread(work);
            thread.setDaemon(true);
            started.add(thread);
            return thread;
        });
        loop.wake();
        started.get(0).join();
        assertFalse(loop.figures().alive());
        assertEquals(0, rounds.get());
        assertTrue(loop.wake());
        awaitRounds(1);
        assertEquals(2, started.size());
        assertNotSame(started.get(0), started.get(1));
    }

    /** No call may come that needs the part: a body that runs long needs its lease renewed, whether there are other calls or not. */
    @Test
    void aThreadThatDiedOutsideOfARoundIsReplacedByAnotherPartThatWorks() throws InterruptedException {
        DeadlyPlatform platform = new DeadlyPlatform();
        BackgroundLoop loop = dyingAfterItsFirstRound(platform);
        loop.wake();
        platform.awaitDeath();
        assertFalse(loop.isAlive());

        BackgroundLoop other = new BackgroundLoop("test-other", () -> BackgroundLoop.UNTIL_WOKEN, platform);
        opened.add(other);
        other.wake();

        awaitRounds(2);
        assertTrue(loop.isAlive());
        assertEquals(List.of(), List.copyOf(platform.unstarted), "nobody tries to start what runs");
    }

    @Test
    void aWakeThatComesWhileTheThreadDiesIsNotLost() throws InterruptedException {
        DeadlyPlatform platform = new DeadlyPlatform();
        BackgroundLoop loop = dyingAfterItsFirstRound(platform);
        platform.beforeDeath = () -> assertTrue(loop.wake(), "the thread is still there");
        loop.wake();
        platform.awaitDeath();
        assertEquals(List.of(loop), List.copyOf(platform.unstarted));

        assertTrue(loop.wake());

        awaitRounds(2);
        assertEquals(List.of(), List.copyOf(platform.unstarted));
    }

    @Test
    void aLoopThatIsClosedWhileItsThreadDiesStaysClosed() throws InterruptedException {
        DeadlyPlatform platform = new DeadlyPlatform();
        BackgroundLoop loop = dyingAfterItsFirstRound(platform);
        platform.beforeDeath = loop::close;
        loop.wake();
        platform.awaitDeath();
        assertEquals(List.of(), List.copyOf(platform.unstarted));
        assertFalse(loop.isAlive());
    }

    /** Its first round fails; the pause after that ends its thread. */
    private BackgroundLoop dyingAfterItsFirstRound(DeadlyPlatform platform) {
        BackgroundLoop loop = new BackgroundLoop(
                "test-loop",
                () -> {
                    if (rounds.incrementAndGet() == 1) {
                        throw new IllegalStateException("of a test");
                    }
                    return BackgroundLoop.UNTIL_WOKEN;
                },
                platform);
        opened.add(loop);
        return loop;
    }

    /** The JVM's, but that the first pause of a thread ends it. */
    private static final class DeadlyPlatform extends PlatformOfJvm {

        private final AtomicReference<Thread> dead = new AtomicReference<>();
        private final CountDownLatch dies = new CountDownLatch(1);
        private volatile Runnable beforeDeath = () -> {};

        void awaitDeath() throws InterruptedException {
            dies.await();
            dead.get().join();
        }

        @Override
        public void parkNanos(Object blocker, long nanos) {
            if (dead.compareAndSet(null, Thread.currentThread())) {
                beforeDeath.run();
                dies.countDown();
                throw new StackOverflowError("of a test");
            }
            JVM.parkNanos(blocker, nanos);
        }

        @Override
        public Thread thread(String name, Runnable work) {
            Thread thread = JVM.thread(name, work);
            thread.setUncaughtExceptionHandler((dying, expected) -> {});
            return thread;
        }
    }

    @Test
    void aTimedPauseEndsByItselfAndAWakeEndsItEarly() {
        AtomicReference<Long> pause = new AtomicReference<>(1_000_000L);
        BackgroundLoop loop = loop(() -> {
            rounds.incrementAndGet();
            return pause.get();
        });
        loop.wake();
        awaitRounds(5);
        pause.set(AN_HOUR);
        loop.wake();
        awaitRounds(6);
        for (int i = 0; i < 3; i++) {
            int before = rounds.get();
            loop.wake();
            awaitRounds(before + 1);
        }
    }

    @Test
    void aRoundWithoutPauseIsFollowedByTheNext() {
        BackgroundLoop loop = loop(() -> rounds.incrementAndGet() < 100 ? 0 : BackgroundLoop.UNTIL_WOKEN);
        loop.wake();
        awaitRounds(100);
    }

    /** A round may leave the thread interrupted, or a library that it calls: no pause may end at once for that. */
    @Test
    void anInterruptDoesNotKeepItFromResting() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        BackgroundLoop loop = loop(() -> {
            thread.set(Thread.currentThread());
            Thread.currentThread().interrupt();
            rounds.incrementAndGet();
            return BackgroundLoop.UNTIL_WOKEN;
        });
        loop.wake();
        Await.until("it rests", () -> thread.get() != null && thread.get().getState() == Thread.State.TIMED_WAITING);
        assertEquals(1, rounds.get());
        assertFalse(thread.get().isInterrupted());
    }

    @Test
    void aClosedLoopEndsItsThreadAndSaysThatThereIsNone() {
        BackgroundLoop loop = loop(() -> {
            rounds.incrementAndGet();
            return AN_HOUR;
        });
        loop.wake();
        awaitRounds(1);
        assertTrue(BackgroundLoop.allFigures().stream()
                .anyMatch(each -> each.name().equals("test-loop") && each.alive()));
        loop.close();
        Await.until("its thread ends", () -> !loop.isAlive());
        assertFalse(loop.wake());
        assertFalse(loop.isAlive());
        assertEquals(1, rounds.get());
        loop.close();
    }

    @Test
    void aLoopThatIsClosedDuringARoundTakesNothingMore() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        BackgroundLoop loop = loop(() -> {
            rounds.incrementAndGet();
            begun.countDown();
            goOn.await();
            return 0;
        });
        loop.wake();
        begun.await();
        loop.close();
        assertFalse(loop.wake(), "the caller learns that no round follows");
        goOn.countDown();
        Await.until("its thread ends", () -> !loop.isAlive());
        assertEquals(1, rounds.get());
    }

    @Test
    void whatRunsOnceAndFailsIsNotRunAgain() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        BackgroundLoop.runOnce("test-once", () -> {
            rounds.incrementAndGet();
            thread.set(Thread.currentThread());
            throw new IllegalStateException("of a test");
        });
        Await.until("it is gone", () -> thread.get() != null && !thread.get().isAlive());
        assertEquals(1, rounds.get());
    }

    @Test
    void whatRunsOnceLeavesNoThread() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        assertTrue(BackgroundLoop.runOnce("test-once", () -> {
            rounds.incrementAndGet();
            thread.set(Thread.currentThread());
        }));
        Await.until(
                "it has run and is gone",
                () -> thread.get() != null && !thread.get().isAlive());
        assertEquals(1, rounds.get());
        assertTrue(thread.get().isDaemon());
        assertEquals("test-once", thread.get().getName());
    }
}
