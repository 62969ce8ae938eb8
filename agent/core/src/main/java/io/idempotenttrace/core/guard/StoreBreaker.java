package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.BackgroundThread;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RefusedStepException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A circuit breaker around the store. After a few failures in a row it opens, and calls no longer wait for a store that is
 * away. While it is open a thread of its own asks the store, so that no call pays for the question; the first answer closes
 * it. Safe for use by many threads.
 */
final class StoreBreaker {

    /** One lost connection must not send calls past the store; three in a row are no accident. */
    private static final int FAILURES_TO_OPEN = 3;
    private static final long PROBE_EVERY_NANOS = 250_000_000L;
    /** A claim on a record that nobody else has: a server that only reads would fail the calls again. It goes by itself. */
    private static final Claim PROBE = new Claim(new RecordId("idempotent-trace", "circuit-breaker", "probe"), "0".repeat(64), "python",
            "", "0".repeat(32), 1000, 1000, 1, "");

    private final IdempotencyStore store;
    private final GuardLog log;
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private volatile boolean open;
    private volatile IdempotencyStoreException lastFailure;

    StoreBreaker(IdempotencyStore store, GuardLog log) {
        this.store = store;
        this.log = log;
    }

    boolean isOpen() {
        return open;
    }

    void succeeded() {
        if (failuresInARow.get() != 0) {
            failuresInARow.set(0);
        }
    }

    /** For a breaker that is open: why. */
    IdempotencyStoreException lastFailure() {
        return lastFailure;
    }

    void failed(IdempotencyStoreException failure) {
        lastFailure = failure;
        if (failuresInARow.incrementAndGet() == FAILURES_TO_OPEN) {
            open = true;
            BackgroundThread.of("idempotent-trace-probe", this::probeUntilItAnswers).start();
        }
    }

    private void probeUntilItAnswers() {
        while (!storeAnswers()) {
            LockSupport.parkNanos(PROBE_EVERY_NANOS);
        }
        failuresInARow.set(0);
        open = false;
        log.sayOnceAPeriod(GuardLog.Occasion.STORE_BACK, "the store answers again; calls are guarded by it from now on");
    }

    private boolean storeAnswers() {
        try {
            store.check(PROBE);
            return true;
        } catch (RefusedStepException e) {
            return true;
        } catch (RuntimeException e) {
            // Whatever it is: this thread must go on asking, else the breaker stays open for ever.
            return false;
        }
    }
}
