package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.Unhashed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Is stopped while its calls run; the bodies go on until the stop has begun. */
public final class Stopped {

    private static final int CALLS = 20;

    private Stopped() {}

    @IdempotentTrace(scope = "stopped")
    static String emit(@IdempotencyKey String key, @Unhashed Runnable body) {
        body.run();
        return key;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param arguments {@code drain}: a hook of the program's own waits for the calls, and makes another one; else nobody waits */
    public static void main(String[] arguments) {
        CountDownLatch begun = new CountDownLatch(CALLS);
        CountDownLatch stop = new CountDownLatch(1);
        boolean endless = arguments[0].equals("endless");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            String key = "k" + i;
            Thread thread = new Thread(() -> emit(key, () -> {
                begun.countDown();
                await(endless ? new CountDownLatch(1) : stop);
            }));
            threads.add(thread);
            thread.start();
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            if (arguments[0].equals("drain")) {
                for (Thread thread : threads) {
                    join(thread);
                }
                emit("late", () -> {});
            }
        }));
        await(begun);
        System.out.println("running");
        join(threads.get(0));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
