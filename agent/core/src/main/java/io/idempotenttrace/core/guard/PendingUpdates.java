package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.Update;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Completions and failures that could not be written when their body ended. One thread writes them until their lease is
 * over: after that another worker may own the key. Bounded: what does not fit is lost as if the worker had died, and said.
 */
final class PendingUpdates {

    private static final int CAPACITY = 10_000;
    private static final long RETRY_EVERY_NANOS = 100_000_000L;

    /** @param completion null for a failure; then {@code error} is set */
    private record PendingUpdate(Claim claim, Completion completion, String error, long deadlineNanos) {
    }

    private final BlockingQueue<PendingUpdate> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicInteger unwritten = new AtomicInteger();
    private final AtomicBoolean started = new AtomicBoolean();
    private final IdempotencyStore store;
    private final StoreBreaker breaker;
    private final GuardLog log;

    PendingUpdates(IdempotencyStore store, StoreBreaker breaker, GuardLog log) {
        this.store = store;
        this.breaker = breaker;
        this.log = log;
    }

    void complete(RunningCall call, Completion completion) {
        add(new PendingUpdate(call.claim, completion, null, call.leaseEndNanos()));
    }

    void fail(RunningCall call, String error) {
        add(new PendingUpdate(call.claim, null, error, call.leaseEndNanos()));
    }

    private void add(PendingUpdate update) {
        unwritten.incrementAndGet();
        if (!queue.offer(update)) {
            drop(update, "more than " + CAPACITY + " updates wait for the store");
        } else if (started.compareAndSet(false, true)) {
            Thread writer = new Thread(this::writeForEver, "idempotent-trace-updates");
            writer.setDaemon(true);
            writer.setContextClassLoader(PendingUpdates.class.getClassLoader());
            writer.start();
        }
    }

    /** Waits until everything is written or given up, at most that long. */
    void flush(long maxMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(maxMillis);
        while (unwritten.get() > 0 && !breaker.isOpen() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void writeForEver() {
        while (true) {
            try {
                write(queue.take());
            } catch (InterruptedException e) {
                // Nobody interrupts this thread on purpose; the queue must still be written.
            }
        }
    }

    private void write(PendingUpdate update) {
        while (System.nanoTime() - update.deadlineNanos < 0) {
            try {
                if (!breaker.isOpen()) {
                    send(update);
                    unwritten.decrementAndGet();
                    return;
                }
            } catch (IdempotencyStoreException e) {
                // Tried again until the lease is over.
            } catch (RuntimeException e) {
                drop(update, e.toString());
                return;
            }
            LockSupport.parkNanos(RETRY_EVERY_NANOS);
        }
        drop(update, "the store did not answer before its lease was over");
    }

    private void send(PendingUpdate update) {
        if (update.completion == null) {
            store.markFailed(update.claim, update.error);
        } else if (store.markCompleted(update.claim, update.completion) == Update.REFUSED) {
            sayRanTwice(log, update.claim);
        }
    }

    private void drop(PendingUpdate update, String reason) {
        unwritten.decrementAndGet();
        if (update.completion != null) {
            log.sayOnceAPeriod(GuardLog.Occasion.COMPLETION_LOST, "the completion of key '" + update.claim.id().key()
                    + "' of tenant '" + update.claim.id().tenant() + "' was not recorded: " + reason
                    + ". Its body ran; a redelivery may run it again");
        }
    }

    static void sayRanTwice(GuardLog log, Claim claim) {
        log.sayOnceAPeriod(GuardLog.Occasion.RAN_TWICE, "the body for key '" + claim.id().key() + "' of tenant '"
                + claim.id().tenant() + "' ran twice: it outlived its lease (" + claim.leaseMillis()
                + " ms) or the store was away, and another worker owns the key now; its completion was refused");
    }
}
