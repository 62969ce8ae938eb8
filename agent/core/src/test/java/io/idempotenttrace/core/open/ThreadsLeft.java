package io.idempotenttrace.core.open;

import io.idempotenttrace.testkit.Await;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** A program that opens the store of its environment, uses all of it, closes it, and ends when no thread is left of it. */
final class ThreadsLeft {

    private ThreadsLeft() {}

    public static void main(String[] arguments) {
        Set<Thread> before = threads();
        Set<Thread> during;
        try (IdempotentCalls calls = IdempotencyStores.open()) {
            calls.markCompleted(calls.check("k", 1), "trace");
            // Met twice, a completed record is watched over a connection of its own.
            for (int i = 0; i < 4; i++) {
                calls.check("k", 1);
            }
            Set<Thread> running = new HashSet<>();
            calls.run("renewed", 1, () -> {
                running.addAll(threads());
                return "trace";
            });
            during = running;
        }
        during.removeAll(before);
        Set<Thread> left = new HashSet<>();
        Await.until("the store's threads end", () -> {
            left.clear();
            left.addAll(threads());
            left.removeAll(before);
            return left.isEmpty();
        });
        System.out.println("threads of the store: " + during.size() + ", left: " + left.size());
    }

    /** Those that run, but for the pool that the JDK keeps for all of a JVM. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("ForkJoinPool.commonPool"))
                .collect(Collectors.toCollection(HashSet::new));
    }
}
