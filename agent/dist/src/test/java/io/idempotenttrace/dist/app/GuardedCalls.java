package io.idempotenttrace.dist.app;

import io.idempotenttrace.DuplicateTraceException;
import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.TenantId;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceId;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.Unhashed;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls guarded methods of many kinds and prints what came of each, one line a case. */
public final class GuardedCalls {

    record Money(String currency, long cents) {}

    record Order(String id, Money total, List<String> items, Instant at) {}

    static class Emitter<T> {

        @IdempotentTrace(scope = "generic")
        public String generic(@IdempotencyKey T key) {
            return "generic " + BODIES.incrementAndGet();
        }
    }

    static final class TextEmitter extends Emitter<String> {

        /** Its bridge carries the annotation too; a call must be guarded once. */
        @Override
        @IdempotentTrace(scope = "overridden")
        public String generic(@IdempotencyKey String key) {
            return "overridden " + BODIES.incrementAndGet();
        }
    }

    interface Sink {

        @IdempotentTrace(scope = "default-method")
        default int put(@IdempotencyKey String key) {
            return BODIES.incrementAndGet();
        }
    }

    private static final AtomicInteger BODIES = new AtomicInteger();
    private static final Order ORDER = new Order(
            "o-1", new Money("EUR", 1250), List.of("kettle", "cup"), Instant.parse("2026-01-01T10:00:00.123456789Z"));

    private GuardedCalls() {}

    public static void main(String[] arguments) throws Exception {
        GuardedCalls calls = new GuardedCalls();
        twice("void", () -> calls.emit("k", ORDER));
        twice("trace id", () -> calls.traced("k", ORDER));
        twice("uuid", () -> calls.tracedUuid("k"));
        twice("long trace id", () -> calls.tracedLong("k"));
        twice("record", () -> calls.result("k"));
        twice("generic result", () -> calls.results("k").get("a").get(0).total());
        twice("optional", () -> calls.optional("k"));
        twice("null", () -> calls.nothing("k"));
        twice("int", () -> calls.number("k"));
        twice("boolean", () -> calls.flag("k"));
        twice("array", () -> calls.bytes("k").length);
        twice("wide arguments", () -> calls.wide(1L, 2.0, (byte) 3, 'c', "k", true));
        twice("generic method", () -> new Emitter<String>().generic("k"));
        twice("bridge", () -> ((Emitter<String>) new TextEmitter()).generic("k"));
        twice("default method", () -> new Sink() {}.put("k"));
        twice("no key", () -> calls.keyless(ORDER));
        twice("throw on duplicate", () -> calls.refusing("k"));
        twice("too large", () -> calls.large("k").length());
        twice("failing", () -> calls.failing("k"));
        twice("failing once", () -> calls.failingOnce("k"));
        twice("nested", () -> calls.nested("k"));
        twice("missing key", () -> calls.emit(null, ORDER));
        conflicts(calls);
        calls.unhashed("k", Thread.currentThread(), "payload");
        print("unhashed", calls.unhashed("k", new Thread("other"), "payload"));
        // Not the configured tenant, so these records are not this run's own unless their tenants are.
        String run = UUID.randomUUID().toString();
        print(
                "tenants",
                calls.ofTenant(run, "k") + " " + calls.ofTenant(run + ":k", "k") + " " + calls.ofTenant(run, "k"));
        Map<String, Object> message = new LinkedHashMap<>(Map.of("id", "m-1", "text", "hello"));
        calls.mutating(message);
        print(
                "mutated arguments",
                message.size() + " " + Result.of(() -> calls.mutating(Map.of("id", "m-1", "text", "hello"))));
        inProgress(calls);
    }

    private static void conflicts(GuardedCalls calls) {
        calls.emit("conflict", ORDER);
        try {
            calls.emit("conflict", new Order("o-2", null, List.of(), null));
        } catch (TraceConflictException e) {
            StackTraceElement[] frames = e.getStackTrace();
            print(
                    "conflict",
                    e.getTenant() + " " + e.getKey() + " " + e.getStoredTraceId() + " "
                            + frames[frames[0].getMethodName().equals("emit") ? 0 : 1].getMethodName());
        }
        calls.skipping("conflict", 1);
        calls.skipping("conflict", 2);
        print("conflict skipped", BODIES.get());
        calls.proceeding("conflict", 1);
        print("conflict proceeds", Result.of(() -> calls.proceeding("conflict", 2)));
    }

    private static void inProgress(GuardedCalls calls) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Thread owner = new Thread(() -> calls.slow("k", inside, go));
        owner.start();
        inside.await();
        String refused = Result.of(() -> calls.slowRefusing("k", null, null));
        Thread[] waiters = new Thread[8];
        AtomicInteger answered = new AtomicInteger();
        for (int i = 0; i < waiters.length; i++) {
            waiters[i] = new Thread(
                    () -> answered.addAndGet(calls.slow("k", null, null).equals("slow done") ? 1 : 0));
            waiters[i].start();
        }
        go.countDown();
        owner.join();
        for (Thread waiter : waiters) {
            waiter.join();
        }
        print("in progress", refused + ", " + answered + " waited");
    }

    @IdempotentTrace
    private void emit(@IdempotencyKey String key, Order order) {
        BODIES.incrementAndGet();
    }

    @IdempotentTrace
    @TraceId
    String traced(@IdempotencyKey String key, Order order) {
        return "trace-" + BODIES.incrementAndGet();
    }

    @IdempotentTrace
    @TraceId
    protected final UUID tracedUuid(@IdempotencyKey String key) {
        return new UUID(7, BODIES.incrementAndGet());
    }

    @IdempotentTrace
    @TraceId
    public static long tracedLong(@IdempotencyKey String key, int... ignored) {
        return BODIES.incrementAndGet();
    }

    @IdempotentTrace
    synchronized Order result(@IdempotencyKey String key) {
        BODIES.incrementAndGet();
        return ORDER;
    }

    @IdempotentTrace
    Map<String, List<Order>> results(@IdempotencyKey String key) {
        BODIES.incrementAndGet();
        return Map.of("a", List.of(ORDER));
    }

    @IdempotentTrace
    Optional<Money> optional(@IdempotencyKey String key) {
        BODIES.incrementAndGet();
        return Optional.of(ORDER.total());
    }

    @IdempotentTrace
    String nothing(@IdempotencyKey String key) {
        BODIES.incrementAndGet();
        return null;
    }

    @IdempotentTrace
    int number(@IdempotencyKey String key) {
        return BODIES.incrementAndGet();
    }

    @IdempotentTrace
    static boolean flag(@IdempotencyKey String key) {
        return BODIES.incrementAndGet() > 0;
    }

    @IdempotentTrace
    byte[] bytes(@IdempotencyKey String key) {
        return new byte[BODIES.incrementAndGet() > 0 ? 3 : 0];
    }

    @IdempotentTrace
    static double wide(long a, double b, byte c, char d, @IdempotencyKey String key, boolean e) {
        try {
            return a + b + BODIES.incrementAndGet();
        } finally {
            BODIES.get();
        }
    }

    @IdempotentTrace
    String keyless(Order order) {
        return "keyless " + BODIES.incrementAndGet();
    }

    @IdempotentTrace(onDuplicate = OnDuplicate.THROW)
    void refusing(@IdempotencyKey String key) {
        BODIES.incrementAndGet();
    }

    @IdempotentTrace
    String large(@IdempotencyKey String key) {
        BODIES.incrementAndGet();
        return "x".repeat(100_000);
    }

    @IdempotentTrace
    void failing(@IdempotencyKey String key) {
        throw new IllegalStateException("body " + BODIES.incrementAndGet());
    }

    private boolean failedOnce;

    @IdempotentTrace
    String failingOnce(@IdempotencyKey String key) throws java.io.IOException {
        if (!failedOnce) {
            failedOnce = true;
            throw new java.io.IOException("once");
        }
        return "second";
    }

    @IdempotentTrace(scope = "nested")
    String nested(@IdempotencyKey String key) {
        return "outer " + inner(key);
    }

    @IdempotentTrace(scope = "nested")
    String inner(@IdempotencyKey String key) {
        return "inner " + BODIES.incrementAndGet();
    }

    @IdempotentTrace(onConflict = OnConflict.SKIP)
    void skipping(@IdempotencyKey String key, int payload) {
        BODIES.incrementAndGet();
    }

    @IdempotentTrace(onConflict = OnConflict.PROCEED)
    String proceeding(@IdempotencyKey String key, int payload) {
        return "payload " + payload;
    }

    @IdempotentTrace
    String unhashed(@IdempotencyKey String key, @Unhashed Thread thread, String payload) {
        return "of " + (thread == Thread.currentThread() ? "first" : "second");
    }

    @IdempotentTrace
    int ofTenant(@TenantId String tenant, @IdempotencyKey String key) {
        return tenant.endsWith(":k") ? 2 : 1;
    }

    @IdempotentTrace
    String mutating(@IdempotencyKey("/id") Map<String, Object> message) {
        message.remove("text");
        return "mutated";
    }

    @IdempotentTrace(scope = "slow")
    String slow(@IdempotencyKey String key, @Unhashed CountDownLatch inside, @Unhashed CountDownLatch go) {
        inside.countDown();
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "slow done";
    }

    @IdempotentTrace(scope = "slow", onInProgress = OnInProgress.THROW)
    String slowRefusing(@IdempotencyKey String key, @Unhashed CountDownLatch inside, @Unhashed CountDownLatch go) {
        return "ran";
    }

    private interface Case {

        Object call() throws Exception;
    }

    private interface VoidCase {

        void call() throws Exception;
    }

    private static void twice(String name, VoidCase call) {
        twice(name, () -> {
            call.call();
            return "returned";
        });
    }

    /** Prints both answers and how many bodies ran. */
    private static void twice(String name, Case call) {
        int before = BODIES.get();
        String first = Result.of(call);
        String second = Result.of(call);
        boolean same = first.equals(second);
        print(name, (same ? "same" : first + " / " + second) + ", bodies " + (BODIES.get() - before));
    }

    private static void print(String name, Object value) {
        System.out.println(name + ": " + value);
    }

    private static final class Result {

        static String of(Case call) {
            try {
                return String.valueOf(call.call());
            } catch (DuplicateTraceException | TraceInProgressException e) {
                return e.getClass().getSimpleName();
            } catch (IdempotencyException e) {
                return "unexpected " + e;
            } catch (Exception e) {
                return e.getClass().getSimpleName();
            }
        }
    }
}
