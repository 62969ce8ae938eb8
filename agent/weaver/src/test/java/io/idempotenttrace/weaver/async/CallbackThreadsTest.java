package io.idempotenttrace.weaver.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.Await;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What hangs on the end of a call needs a thread, whatever the application's own work does. */
@Timeout(60)
class CallbackThreadsTest {

    private final CallbackThreads threads = new CallbackThreads();

    private static Set<Thread> alive() {
        Set<Thread> all = new HashSet<>(Thread.getAllStackTraces().keySet());
        all.removeIf(thread -> !thread.getName().equals(CallbackThreads.NAME));
        return all;
    }

    @Test
    void aCommonPoolThatIsBusyDoesNotKeepTheEndOfAFuture() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        try {
            for (int i = 0; i < Math.max(1, ForkJoinPool.getCommonPoolParallelism()); i++) {
                ForkJoinPool.commonPool().execute(() -> {
                    try {
                        free.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            FutureTask<String> task = new FutureTask<>(() -> "r");
            CompletableFuture<Object> told = new CompletableFuture<>();
            new PolledFutures().onEnd(task, (value, failure) -> told.complete(value));
            task.run();
            assertEquals("r", told.get(30, TimeUnit.SECONDS));
        } finally {
            free.countDown();
        }
    }

    @Test
    void tasksThatWaitForEachOtherAllBegin() throws Exception {
        int many = 4 * Runtime.getRuntime().availableProcessors();
        CountDownLatch begun = new CountDownLatch(many);
        List<CompletableFuture<Boolean>> ended = IntStream.range(0, many)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> {
                            begun.countDown();
                            try {
                                return begun.await(30, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                return false;
                            }
                        },
                        threads))
                .toList();
        for (CompletableFuture<Boolean> one : ended) {
            assertTrue(one.get(40, TimeUnit.SECONDS));
        }
    }

    @Test
    void workThatOnlyComputesGetsFewThreadsAndTheseEnd() throws Exception {
        Set<Thread> before = alive();
        CountDownLatch left = new CountDownLatch(100_000);
        Set<Thread> used = java.util.concurrent.ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 100_000; i++) {
            threads.execute(() -> {
                used.add(Thread.currentThread());
                left.countDown();
            });
        }
        assertTrue(left.await(30, TimeUnit.SECONDS));
        assertTrue(used.size() < 100, () -> used.size() + " threads");
        assertTrue(used.stream().allMatch(Thread::isDaemon));
        Await.until("those without work end", () -> before.containsAll(alive()));
    }

    @Test
    void aTaskFindsAThreadAsTheLastOneHasFoundIt() throws Exception {
        for (int i = 0; i < 20; i++) {
            CompletableFuture<ClassLoader> found = new CompletableFuture<>();
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            threads.execute(() -> {
                Thread thread = Thread.currentThread();
                thread.setUncaughtExceptionHandler((of, thrown) -> {});
                found.complete(thread.getContextClassLoader());
                interrupted.complete(thread.isInterrupted());
                thread.setContextClassLoader(null);
                thread.interrupt();
                throw new IllegalStateException("a callback that fails");
            });
            assertSame(ClassLoader.getSystemClassLoader(), found.get(30, TimeUnit.SECONDS));
            assertFalse(interrupted.get(30, TimeUnit.SECONDS));
        }
    }
}
