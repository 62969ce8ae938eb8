package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.background.BackgroundThread;
import io.idempotenttrace.core.store.IdempotencyStore;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Renews the leases of bodies that run long, at a third of the lease, from one thread for the process. It looks at the
 * running calls from time to time instead of being told of each: a short call pays nothing for it.
 */
final class LeaseRenewal {

    private static final long NOT_STARTED = Long.MAX_VALUE;

    private final Collection<RunningCall> running;
    private final IdempotencyStore store;
    /** How often to look: a sixth of the shortest lease seen, so that no lease is older than half when it is renewed. */
    private final AtomicLong lookEveryNanos = new AtomicLong(NOT_STARTED);
    private volatile Thread thread;

    /** @param running the live view of all calls that claim or own a key */
    LeaseRenewal(Collection<RunningCall> running, IdempotencyStore store) {
        this.running = running;
        this.store = store;
    }

    /** Makes sure that leases of that length are renewed in time. */
    void cover(long leaseMillis) {
        long every = TimeUnit.MILLISECONDS.toNanos(leaseMillis) / 6;
        if (every >= lookEveryNanos.get()) {
            return;
        }
        long before = lookEveryNanos.getAndAccumulate(every, Math::min);
        if (before == NOT_STARTED) {
            Thread started = BackgroundThread.of("idempotent-trace-lease", this::renewForEver);
            // Before it runs: a shorter lease that is covered meanwhile must find whom to wake.
            thread = started;
            started.start();
        } else {
            LockSupport.unpark(thread);
        }
    }

    private void renewForEver() {
        while (true) {
            LockSupport.parkNanos(lookEveryNanos.get());
            for (RunningCall call : running) {
                try {
                    renewIfDue(call);
                } catch (Throwable fault) {
                    // This thread must not die: every later lease hangs on it.
                }
            }
        }
    }

    private void renewIfDue(RunningCall call) {
        long now = System.nanoTime();
        if (!call.claim.isGranted() || now - call.leasedAtNanos() < TimeUnit.MILLISECONDS.toNanos(call.claim.leaseMillis()) / 3) {
            return;
        }
        store.renewAsync(call.claim).thenAccept(update -> {
            // Also where it was refused or the record is gone: the completion will find out, and asking again changes nothing.
            // A failure leaves it due: it is tried again at the next look, and the calls themselves report a store that is away.
            call.leasedAt(now);
        });
    }
}
