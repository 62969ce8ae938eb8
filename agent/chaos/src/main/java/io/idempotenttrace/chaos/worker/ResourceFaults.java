package io.idempotenttrace.chaos.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Takes away what a JVM can run out of: heap, threads, stack. */
final class ResourceFaults {

    private static final int BLOCK_BYTES = 64 * 1024;

    private final Wire wire;

    ResourceFaults(Wire wire) {
        this.wire = wire;
    }

    /** Keeps the heap full for that long, aside: whatever asks for memory meanwhile may get an OutOfMemoryError. */
    void fillHeap(long millis) {
        aside("chaos-heap", () -> {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            List<byte[]> blocks = new ArrayList<>(4096);
            while (System.nanoTime() < end) {
                try {
                    blocks.add(new byte[BLOCK_BYTES]);
                } catch (OutOfMemoryError e) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
            blocks.clear();
            wire.say("F", "heap");
        });
    }

    /** Starts threads for that long until no more can be started, and ends them. */
    void startThreads(long millis) {
        aside("chaos-threads", () -> {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            List<Thread> started = new ArrayList<>();
            while (System.nanoTime() < end) {
                try {
                    Thread thread = new Thread(() -> {
                        while (System.nanoTime() < end) {
                            LockSupport.parkNanos(10_000_000);
                        }
                    });
                    thread.setDaemon(true);
                    thread.start();
                    started.add(thread);
                } catch (OutOfMemoryError e) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
            wire.say("F", "threads\t" + started.size());
        });
    }

    /** Makes the call where the stack has ended: its first tries fail there, and one that is a little higher up succeeds. */
    @SuppressWarnings("InfiniteRecursion") // It is to end where the stack does.
    String atTheEndOfTheStack(Supplier<String> call) {
        try {
            return atTheEndOfTheStack(call);
        } catch (StackOverflowError e) {
            CurrentCall current = CurrentCall.get();
            if (current.ran) {
                // The body has begun, and its own frame did not fit: a retry would be another call.
                throw e;
            }
            current.tries++;
            return call.get();
        }
    }

    private static void aside(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
