package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceId;
import io.idempotenttrace.TraceInProgressException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Calls of which some have each ending. */
public final class ToldCalls {

    /** As OpenTelemetry writes one. */
    static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    /** What {@link #all()} makes, as the exit line counts it. */
    public static final String COUNTS = "new=3 duplicate=2 conflict=1 in-progress=1 failed=1 unguarded=1";

    private static final CountDownLatch BEGUN = new CountDownLatch(1);
    private static final CountDownLatch OVER = new CountDownLatch(1);
    private static final CountDownLatch SLOW_BEGUN = new CountDownLatch(1);
    /** So often in a row it is to be seen waiting: there are other things a thread may wait for. */
    private static final int CHECKS = 20;

    private static final Thread WAITER = new Thread(() -> slow("w"));

    private ToldCalls() {}

    @IdempotentTrace(scope = "orders", onInProgress = OnInProgress.THROW)
    static String emit(@IdempotencyKey String key, @TraceId String trace, String payload) {
        return payload;
    }

    @IdempotentTrace(scope = "orders")
    static void fail(@IdempotencyKey String key) {
        throw new IllegalStateException("expected");
    }

    @IdempotentTrace(scope = "held")
    private static void hold(@IdempotencyKey String key) throws Exception {
        BEGUN.countDown();
        OVER.await();
    }

    @IdempotentTrace(scope = "held", onInProgress = OnInProgress.THROW)
    private static void meet(@IdempotencyKey String key) {}

    static void all() throws Exception {
        emit("a", TRACE, "payload");
        emit("b", TRACE, "payload");
        emit("a", TRACE, "payload");
        emit("b", TRACE, "payload");
        try {
            emit("a", TRACE, "other");
        } catch (TraceConflictException expected) {
            emit("", TRACE, "payload");
        }
        try {
            fail("c");
        } catch (IllegalStateException expected) {
            inProgress();
        }
    }

    private static void inProgress() throws Exception {
        Thread holder = new Thread(() -> {
            try {
                hold("d");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        holder.start();
        BEGUN.await();
        try {
            meet("d");
        } catch (TraceInProgressException expected) {
            // It is counted.
        } finally {
            OVER.countDown();
        }
        holder.join();
    }

    @IdempotentTrace(scope = "waited")
    private static void slow(@IdempotencyKey String key) {
        SLOW_BEGUN.countDown();
        for (int seen = 0; seen < CHECKS; ) {
            LockSupport.parkNanos(5_000_000);
            Thread.State state = WAITER.getState();
            seen = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING ? seen + 1 : 0;
        }
    }

    /** One new call, and a duplicate that has waited for it. */
    static void oneWaits() throws InterruptedException {
        Thread first = new Thread(() -> slow("w"));
        first.start();
        SLOW_BEGUN.await();
        WAITER.start();
        first.join();
        WAITER.join();
    }

    public static void main(String[] arguments) throws Exception {
        all();
    }
}
