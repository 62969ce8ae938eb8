package io.idempotenttrace.core.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Several workers at once on the same messages. */
final class Crew implements AutoCloseable {

    private static final long MOST_SECONDS = 120;

    private final List<Worker> workers = new ArrayList<>();

    Crew(int size, Supplier<Worker> hire) {
        for (int i = 0; i < size; i++) {
            workers.add(hire.get());
        }
    }

    List<Worker> workers() {
        return workers;
    }

    static List<String> keys(String prefix, int number) {
        return IntStream.range(0, number).mapToObj(i -> prefix + i).toList();
    }

    /**
     * Delivers every key, some times to each worker, in an order of each thread's own.
     *
     * @param threads of each worker
     * @param again what is done in a loop meanwhile, the first time before they begin
     */
    void work(int threads, int deliveries, List<String> keys, Runnable again) {
        work(threads, deliveries, keys, again, Worker::deliver);
    }

    /**
     * Keeps a worker's thread waiting while that holds: the fault that is to come in the midst of the deliveries comes from another
     * thread, which may be the slower one.
     */
    static void pauseWhile(BooleanSupplier tooEarly) {
        while (tooEarly.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while a fault was awaited");
            }
        }
    }

    void work(int threads, int deliveries, List<String> keys, Runnable again, BiConsumer<Worker, String> deliver) {
        ExecutorService pool = Executors.newCachedThreadPool();
        // Before they begin as well: they may be quicker than this thread.
        again.run();
        try {
            List<Future<?>> jobs = new ArrayList<>();
            for (Worker worker : workers) {
                for (int thread = 0; thread < threads; thread++) {
                    List<String> share = share(keys, deliveries, thread, threads, workers.indexOf(worker));
                    jobs.add(pool.submit(() -> share.forEach(key -> deliver.accept(worker, key))));
                }
            }
            while (jobs.stream().anyMatch(job -> !job.isDone())) {
                again.run();
                LockSupport.parkNanos(1_000_000);
            }
            for (Future<?> job : jobs) {
                job.get(MOST_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a thread did not end within " + MOST_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Each key goes to as many threads as it has deliveries: they race for it in and across the workers. */
    private static List<String> share(List<String> keys, int deliveries, int thread, int threads, int seed) {
        List<String> share = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (Math.floorMod(thread - i, threads) < deliveries) {
                share.add(keys.get(i));
            }
        }
        // Near to one another, so that calls meet; not in one order, so that nobody is always first.
        for (int i = 0; i + 8 <= share.size(); i += 8) {
            Collections.shuffle(share.subList(i, i + 8), new Random(seed * 31L + thread));
        }
        return share;
    }

    @Override
    public void close() {
        workers.forEach(Worker::close);
    }
}
