package io.idempotenttrace.core.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.FaultCount;
import io.idempotenttrace.testkit.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Redis is down under 32 threads: what a call costs then, and how soon keys are guarded again. For six seconds; for as long as
 * the system property {@code outage.seconds} says.
 */
@Isolated
class OutageIT {

    private static final int THREADS = 32;
    private static final long SECONDS = Long.getLong("outage.seconds", 6);
    private static final long MOST_ADDED_NANOS = 1_000_000;
    /** A second or two are usual; a busy machine may pause for as long. */
    private static final long MOST_MILLIS_UNTIL_GUARDED = 20_000;
    /** Between two calls of a thread: the machine must not be what is measured. */
    private static final long PAUSE_NANOS = 4_000_000;

    private final FaultCount count = new FaultCount();
    private final AtomicLong number = new AtomicLong();
    private volatile boolean away;
    private volatile boolean over;

    /** What one thread measured while Redis was away and the breaker open. */
    private static final class Times {

        private final List<Long> calls = new ArrayList<>();
        /** As much waiting for the processor, without the agent. */
        private final List<Long> idle = new ArrayList<>();
        /** The longest call that came before the breaker was open. */
        private long longestBefore;
    }

    private static long percentile(List<Times> all, boolean ofCalls, double share) {
        long[] sorted = all.stream()
                .flatMap(times -> (ofCalls ? times.calls : times.idle).stream())
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)];
    }

    private Times callUntilOver(Worker worker) {
        Times times = new Times();
        while (!over) {
            String key = "k" + number.incrementAndGet();
            boolean counts = away;
            long begun = System.nanoTime();
            worker.deliver(key);
            long ended = System.nanoTime();
            Thread.yield();
            long idle = System.nanoTime() - ended;
            if (counts && away) {
                times.calls.add(ended - begun);
                times.idle.add(idle);
            } else if (!counts) {
                times.longestBefore = Math.max(times.longestBefore, ended - begun);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return times;
    }

    // [P31]
    @Test
    void callsGoOnWithoutDelayAndKeysAreGuardedAgainSoonAfter() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try (TestRedis redis = TestRedis.start();
                Worker worker = new Worker(
                        IdempotencyStores.open(Configuration.defaults().with(Setting.REDIS_URL, redis.url())),
                        Worker.policy(OnStoreFailure.PROCEED, 30_000, 10_000),
                        count,
                        10_000)) {
            List<Future<Times>> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(pool.submit(() -> callUntilOver(worker)));
            }
            Await.until("every thread is warm", () -> count.keys() > 8_000);
            long warm = worker.unguarded();
            // A machine that pauses for longer than the time limit of a command lets one call of each thread run
            // unguarded.
            assertTrue(warm <= THREADS, "unguarded while Redis was there: " + warm);

            redis.kill();
            Await.until("calls go on unguarded", () -> worker.unguarded() > warm + THREADS);
            away = true;
            Thread.sleep(SECONDS * 1000);
            away = false;
            redis.restart();
            long restarted = System.nanoTime();
            Await.until("new keys are guarded again", () -> {
                long before = worker.unguarded();
                String key = "probe" + number.incrementAndGet();
                worker.deliver(key);
                return worker.unguarded() == before;
            });
            long guardedAfter = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - restarted);
            over = true;
            List<Times> all = new ArrayList<>();
            for (Future<Times> thread : threads) {
                all.add(thread.get(60, TimeUnit.SECONDS));
            }

            long added = percentile(all, true, 0.99);
            long idle = percentile(all, false, 0.99);
            long longest =
                    all.stream().mapToLong(times -> times.longestBefore).max().orElseThrow();
            System.out.println("Redis down for " + SECONDS + " s under " + THREADS + " threads: "
                    + all.stream().mapToInt(times -> times.calls.size()).sum()
                    + " calls, added time p50 " + percentile(all, true, 0.5) / 1000 + " us, p99 " + added / 1000
                    + " us, max "
                    + percentile(all, true, 1) / 1000 + " us (a yield alone: p99 " + idle / 1000
                    + " us); guarded again after " + guardedAfter
                    + " ms; the longest call before the breaker opened " + TimeUnit.NANOSECONDS.toMillis(longest)
                    + " ms; " + count);
            assertTrue(added - idle <= MOST_ADDED_NANOS, "p99 " + added + " ns, of a yield alone " + idle + " ns");
            assertTrue(longest > 100 * MOST_ADDED_NANOS, "it is the breaker that saves the time: " + longest);
            assertTrue(guardedAfter <= MOST_MILLIS_UNTIL_GUARDED, "guarded again after " + guardedAfter + " ms");
            assertEquals(0, count.lost() + count.dup() + count.stuck() + count.badConflict(), count::toString);
        } finally {
            over = true;
            pool.shutdownNow();
        }
    }
}
