package io.idempotenttrace.benchmarks.program;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Many threads that do nothing but call. */
final class Load {

    private static final AtomicLong THREADS = new AtomicLong();

    private Load() {}

    /** @param call gets another key each time */
    static double callsPerSecond(int threads, long millis, Consumer<String> call) throws InterruptedException {
        return callsPerSecond(Thread::new, threads, millis, call);
    }

    /** @param kind of the threads */
    static double callsPerSecond(ThreadFactory kind, int threads, long millis, Consumer<String> call)
            throws InterruptedException {
        AtomicLong done = new AtomicLong();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = kind.newThread(() -> {
                String prefix = "t" + THREADS.incrementAndGet() + '-';
                long count = 0;
                await(go);
                for (long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis); System.nanoTime() < end; ) {
                    call.accept(prefix + count++);
                }
                done.addAndGet(count);
            });
            thread.start();
            all.add(thread);
        }
        long begin = System.nanoTime();
        go.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        return done.get() / ((System.nanoTime() - begin) / 1e9);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
