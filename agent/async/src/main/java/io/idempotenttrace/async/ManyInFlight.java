package io.idempotenttrace.async;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.Unhashed;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Calls that are all in flight at a time, each key twice: owners, and as many duplicates in progress, from four threads. */
public final class ManyInFlight {

    private static final int KEYS = 5_000;

    private final ConcurrentHashMap<String, CompletableFuture<String>> bodies = new ConcurrentHashMap<>();
    private final AtomicInteger runs = new AtomicInteger();

    private ManyInFlight() {}

    @IdempotentTrace(scope = "many")
    CompletableFuture<String> emit(@IdempotencyKey String key, @Unhashed boolean warmUp) {
        runs.incrementAndGet();
        CompletableFuture<String> body = new CompletableFuture<>();
        bodies.put(key, body);
        if (warmUp) {
            body.complete(key);
        }
        return body;
    }

    public static void main(String[] arguments) throws Exception {
        ManyInFlight many = new ManyInFlight();
        ExecutorService callers = Executors.newFixedThreadPool(4);
        for (int i = 0; i < 2000; i++) {
            many.emit("warm-" + i / 2, true).join();
        }
        // All of its threads are there from the first.
        IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {}, callers))
                .toList()
                .forEach(CompletableFuture::join);
        many.bodies.clear();
        many.runs.set(0);
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        long before = used();
        List<CompletableFuture<CompletableFuture<String>>> begun = IntStream.range(0, 2 * KEYS)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> many.emit("key-" + i % KEYS, false), callers))
                .toList();
        List<CompletableFuture<String>> calls =
                begun.stream().map(CompletableFuture::join).toList();
        long inFlight = calls.stream().filter(call -> !call.isDone()).count();
        int threadsInFlight = ManagementFactory.getThreadMXBean().getThreadCount();
        long bytes = used() - before;
        // The body of one that was called as a duplicate may not run: only those that run are ended.
        CompletableFuture.runAsync(() -> many.bodies.forEach((key, body) -> body.complete(key)), callers)
                .join();
        int right = 0;
        for (int i = 0; i < calls.size(); i++) {
            right += calls.get(i).get(60, TimeUnit.SECONDS).equals("key-" + i % KEYS) ? 1 : 0;
        }
        System.out.println("runs=" + many.runs + " right=" + right + " in-flight=" + inFlight + " more-threads="
                + (threadsInFlight - threads) + " bytes-per-call=" + bytes / calls.size());
        System.exit(0);
    }

    private static long used() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(20);
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }
}
