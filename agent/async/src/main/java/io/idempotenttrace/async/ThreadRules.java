package io.idempotenttrace.async;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.Unhashed;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Emitters that wait for their result, on threads that are few or must not wait. */
public final class ThreadRules {

    private static final int TASKS = 8;

    private final AtomicInteger runs = new AtomicInteger();

    private ThreadRules() {}

    @IdempotentTrace(scope = "waiting")
    private String emit(@IdempotencyKey String key, @Unhashed CompletableFuture<String> allBegun) {
        runs.incrementAndGet();
        return allBegun.copy().completeOnTimeout("alone", 60, TimeUnit.SECONDS).join();
    }

    public static void main(String[] arguments) throws Exception {
        ThreadRules rules = new ThreadRules();
        // The body waits for more tasks than the pool has threads: those that wait for it must be made up for.
        CompletableFuture<String> allBegun = new CompletableFuture<>();
        AtomicInteger begun = new AtomicInteger();
        ForkJoinPool pool = new ForkJoinPool(2);
        List<ForkJoinTask<String>> tasks = IntStream.range(0, TASKS)
                .mapToObj(i -> pool.submit(() -> {
                    if (begun.incrementAndGet() == TASKS) {
                        allBegun.complete("value");
                    }
                    return rules.emit("pool", allBegun);
                }))
                .toList();
        for (ForkJoinTask<String> task : tasks) {
            if (!task.get().equals("value")) {
                System.out.println("wrong: " + task.get());
            }
        }
        System.out.println("runs=" + rules.runs);
        for (int i = 0; i < 3; i++) {
            String key = "loop-" + i;
            Caller.NETTY.call(() -> rules.emit(key, allBegun));
        }
        System.exit(0);
    }
}
