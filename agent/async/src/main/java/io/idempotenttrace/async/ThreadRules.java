package io.idempotenttrace.async;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.Unhashed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
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

    /** Waits for what is done at once: a redelivery of its own message, or another message. */
    @IdempotentTrace(scope = "helping")
    private String emitAfter(@IdempotencyKey String key, @Unhashed Supplier<CompletableFuture<String>> before) {
        runs.incrementAndGet();
        return before.get().join();
    }

    /**
     * A worker that waits for a future runs tasks of its pool meanwhile. Where the body waits, one of them may be a redelivery of the body's
     * message. Where the agent waits for the store, there must be none.
     */
    private void help() {
        ForkJoinPool pool = new ForkJoinPool(1);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger mixed = new AtomicInteger();
        Supplier<CompletableFuture<String>> redelivery = () -> new OfPool(pool).completeAsync(() -> {
            try {
                return emitAfter("helped", () -> CompletableFuture.completedFuture("redelivered"));
            } catch (TraceInProgressException refusal) {
                return "refused";
            }
        });
        String first = pool.submit(() -> emitAfter("helped", redelivery)).join();
        List<CompletableFuture<String>> later = new ArrayList<>();
        pool.submit(() -> {
                    Thread claiming = Thread.currentThread();
                    later.add(new OfPool(pool).completeAsync(() -> {
                        mixed.addAndGet(Thread.currentThread() == claiming ? inside.get() : 0);
                        return "later";
                    }));
                    inside.set(1);
                    emitAfter("claiming", () -> CompletableFuture.completedFuture("claimed"));
                    inside.set(0);
                })
                .join();
        later.get(0).join();
        System.out.println("redelivery " + first + ", tasks inside of a claim " + mixed);
    }

    private static final class OfPool extends CompletableFuture<String> {

        private final ForkJoinPool pool;

        OfPool(ForkJoinPool pool) {
            this.pool = pool;
        }

        @Override
        public Executor defaultExecutor() {
            return pool;
        }
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
        rules.help();
        System.out.println("runs=" + rules.runs);
        for (int i = 0; i < 3; i++) {
            String key = "loop-" + i;
            Caller.NETTY.call(() -> rules.emit(key, allBegun));
        }
        System.exit(0);
    }
}
