package io.idempotenttrace.chaos.worker;

import com.sun.management.UnixOperatingSystemMXBean;
import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls guarded methods as fast as it can, and tells on stdout what the process takes whenever a line comes on stdin. Its argument is the
 * number of its threads.
 */
public final class SoakWorker {

    /** For as long a record lasts for sure. */
    private static final long RECORD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final AtomicLong CALLS = new AtomicLong();
    /** Whether the next body of this thread fails. */
    private static final ThreadLocal<Boolean> FAILS = ThreadLocal.withInitial(() -> false);

    private static volatile boolean stops;

    private SoakWorker() {}

    public static void main(String[] arguments) throws Exception {
        Thread[] threads = new Thread[Integer.parseInt(arguments[0])];
        for (int i = 0; i < threads.length; i++) {
            String name = "soak-" + i;
            threads[i] = new Thread(() -> work(name), name);
            threads[i].setUncaughtExceptionHandler((thread, failure) -> {
                failure.printStackTrace();
                // A soak of threads that have ended would show that nothing grows.
                System.exit(1);
            });
            threads[i].start();
        }
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                sample();
            }
        }
        stops = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Each way in which a call may end, but the one that no store answers. */
    private static void work(String name) {
        for (long i = 0; !stops; i++) {
            String key = name + '-' + i;
            long begun = System.nanoTime();
            emit(key, "payload of " + key);
            emit(key, "payload of " + key);
            result(key, "payload of " + key);
            result(key, "payload of " + key);
            later(key, "payload of " + key).join();
            long calls = 5;
            if (i % 10 == 0) {
                conflicts(key, begun);
                fails(name + "-fails-" + i);
                calls += 3;
            }
            CALLS.addAndGet(calls);
        }
    }

    /** @param begun when the key was claimed: a machine that stands still may let its record expire */
    private static void conflicts(String key, long begun) {
        try {
            emit(key, "another payload");
            if (System.nanoTime() - begun < RECORD_NANOS) {
                throw new IllegalStateException("another payload was no conflict");
            }
        } catch (TraceConflictException expected) {
            // As it should be.
        }
    }

    private static void fails(String key) {
        FAILS.set(true);
        try {
            mayFail(key);
            throw new IllegalStateException("the body did not run");
        } catch (BodyFailure expected) {
            FAILS.set(false);
            mayFail(key);
        }
    }

    @IdempotentTrace(scope = "soak")
    private static void emit(@IdempotencyKey String key, String payload) {}

    @IdempotentTrace(scope = "soak-result")
    private static String result(@IdempotencyKey String key, String payload) {
        return "result of " + payload;
    }

    @IdempotentTrace(scope = "soak-later")
    private static CompletableFuture<String> later(@IdempotencyKey String key, String payload) {
        return CompletableFuture.completedFuture("result of " + payload);
    }

    @IdempotentTrace(scope = "soak-fails")
    private static void mayFail(@IdempotencyKey String key) {
        if (FAILS.get()) {
            throw new BodyFailure("the body of " + key + " fails as it was told to");
        }
    }

    /** What lives on the heap, and not what is still to be collected. */
    private static void sample() throws IOException {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long direct = 0;
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            direct += pool.getMemoryUsed();
        }
        long descriptors = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
        System.out.println("sample\t" + CALLS.get() + '\t' + (runtime.totalMemory() - runtime.freeMemory()) + '\t'
                + ManagementFactory.getThreadMXBean().getThreadCount() + '\t' + descriptors + '\t' + direct + '\t'
                + residentBytes());
    }

    /** 0 where the system does not tell. */
    private static long residentBytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return 0;
    }
}
