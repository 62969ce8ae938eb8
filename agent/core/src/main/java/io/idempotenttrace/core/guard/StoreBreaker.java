package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordTimes;
import io.idempotenttrace.core.store.RefusedStepException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker around the store. After a few failures in a row it opens, and calls no longer wait for a store that is
 * away. While it is open a thread of its own asks the store, so that no call pays for the question; the first answer closes
 * it. Safe for use by many threads.
 */
final class StoreBreaker implements AutoCloseable {

    /** One lost connection must not send calls past the store; three in a row are no accident. */
    private static final int FAILURES_TO_OPEN = 3;

    private static final long PROBE_EVERY_NANOS = 250_000_000L;
    /** A claim on a record that nobody else has: a server that only reads would fail the calls again. It goes by itself. */
    private static final Claim PROBE = new Claim(
            new ClaimRequest(
                    new RecordId("idempotent-trace", "circuit-breaker", "probe"),
                    new PayloadDigest(CanonicalForm.PYTHON, "0".repeat(64), ""),
                    ""),
            new RecordTimes(1000, 1000, 1),
            "0".repeat(32));

    private final IdempotencyStore store;
    private final GuardLog log;
    private final BackgroundLoop loop = new BackgroundLoop("idempotent-trace-probe", this::probe);
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private volatile boolean open;
    /** Null until the store first fails. */
    private volatile @Nullable IdempotencyStoreException lastFailure;

    StoreBreaker(IdempotencyStore store, GuardLog log) {
        this.store = store;
        this.log = log;
    }

    /** Whether the store is known to be away; then somebody asks it whether it is back. */
    boolean isOpen() {
        // Where no thread can be started that would ask the store, the calls ask it themselves.
        return open && (loop.isAlive() || loop.wake());
    }

    void succeeded() {
        if (failuresInARow.get() != 0) {
            failuresInARow.set(0);
            open = false;
        }
    }

    /** For a breaker that is open: why. */
    IdempotencyStoreException lastFailure() {
        return Objects.requireNonNull(lastFailure, "only a failure opens the breaker");
    }

    void failed(IdempotencyStoreException failure) {
        lastFailure = failure;
        if (failuresInARow.incrementAndGet() >= FAILURES_TO_OPEN && !open) {
            open = true;
            loop.wake();
        }
    }

    /** One round: asks the store. */
    long probe() {
        if (open) {
            if (!storeAnswers()) {
                return PROBE_EVERY_NANOS;
            }
            failuresInARow.set(0);
            open = false;
            log.sayOnceAPeriod(
                    GuardLog.Occasion.STORE_BACK, "the store answers again; calls are guarded by it from now on");
        }
        return BackgroundLoop.END;
    }

    private boolean storeAnswers() {
        try {
            store.check(PROBE);
            return true;
        } catch (RefusedStepException e) {
            return true;
        } catch (RuntimeException e) {
            // Whatever it is, the breaker stays open and the store is asked again.
            return false;
        }
    }

    boolean hasThread() {
        return loop.isAlive();
    }

    @Override
    public void close() {
        loop.close();
    }
}
