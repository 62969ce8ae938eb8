package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.store.IdempotencyStore;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Renews the leases of bodies that run long, at a third of the lease, from one thread for the process. It looks at the
 * running calls from time to time instead of being told of each: a short call pays nothing for it.
 */
final class LeaseRenewal implements AutoCloseable {

    private final Collection<RunningCall> running;
    private final IdempotencyStore store;
    private final LongSupplier nanoClock;
    /** Is told of each call whose {@code max-hold} is over. */
    private final Consumer<RunningCall> heldTooLong;
    /** How often to look: a sixth of the shortest lease seen, so that no lease is older than half when it is renewed. */
    private final AtomicLong lookEveryNanos = new AtomicLong(BackgroundLoop.UNTIL_WOKEN);

    private final BackgroundLoop loop;

    /**
     * @param running the live view of all calls that claim or own a key
     * @param heldTooLong takes a call, once, out of that view
     */
    LeaseRenewal(
            Collection<RunningCall> running,
            IdempotencyStore store,
            LongSupplier nanoClock,
            Consumer<RunningCall> heldTooLong) {
        this(running, store, nanoClock, heldTooLong, Platform.JVM);
    }

    /** As the other one, on a platform that may not be the JVM's. */
    LeaseRenewal(
            Collection<RunningCall> running,
            IdempotencyStore store,
            LongSupplier nanoClock,
            Consumer<RunningCall> heldTooLong,
            Platform platform) {
        this.running = running;
        this.store = store;
        this.nanoClock = nanoClock;
        this.heldTooLong = heldTooLong;
        this.loop = new BackgroundLoop("idempotent-trace-lease", this::look, platform);
    }

    /** Makes sure that leases of that length are renewed in time. */
    void cover(long leaseMillis) {
        long every = TimeUnit.MILLISECONDS.toNanos(leaseMillis) / 6;
        if (every < lookEveryNanos.get()) {
            lookEveryNanos.accumulateAndGet(every, Math::min);
            loop.wake();
        } else if (!loop.isAlive()) {
            loop.wake();
        }
    }

    /** One round: renews what is due. What one renewal throws is not the others' fault. */
    long look() {
        Throwable fault = null;
        for (RunningCall call : running) {
            try {
                renewIfDue(call);
            } catch (Throwable thrown) {
                fault = thrown;
            }
        }
        if (fault instanceof Error error) {
            throw error;
        }
        if (fault instanceof RuntimeException exception) {
            throw exception;
        }
        return lookEveryNanos.get();
    }

    private void renewIfDue(RunningCall call) {
        long now = nanoClock.getAsLong();
        // A call whose claim the store could not answer keeps its key from the calls of this process.
        if ((call.isOwner() || call.state() == RunningCall.State.UNGUARDED) && isHeldTooLong(call, now)) {
            heldTooLong.accept(call);
            return;
        }
        if (!call.isOwner()
                || now - call.leasedAtNanos() < TimeUnit.MILLISECONDS.toNanos(call.claim.leaseMillis()) / 3) {
            return;
        }
        countIfLate(call, now);
        store.renewAsync(call.claim).thenAccept(update -> {
            call.counters.figures().answered(StoreStep.RENEW, nanoClock.getAsLong() - now);
            // Also where it was refused or the record is gone: the completion will find out, and asking again changes
            // nothing.
            // A failure leaves it due: it is tried again at the next look, and the calls themselves report a store that
            // is away.
            call.leasedAt(now);
        });
    }

    /** Two thirds of a lease are over only where two rounds have come late, or the store has not answered one. */
    private static void countIfLate(RunningCall call, long now) {
        long leasedAt = call.leasedAtNanos();
        boolean late = now - leasedAt >= TimeUnit.MILLISECONDS.toNanos(call.claim.leaseMillis()) / 3 * 2;
        if (late && call.lateSinceNanos != leasedAt) {
            call.lateSinceNanos = leasedAt;
            call.counters.figures().lateRenewal();
        }
    }

    private static boolean isHeldTooLong(RunningCall call, long now) {
        long most = call.policy.maxHoldMillis();
        if (most == 0) {
            return false;
        }
        if (call.heldSinceNanos == 0) {
            call.heldSinceNanos = call.leasedAtNanos();
        }
        return now - call.heldSinceNanos >= TimeUnit.MILLISECONDS.toNanos(most);
    }

    boolean hasThread() {
        return loop.isAlive();
    }

    @Override
    public void close() {
        loop.close();
    }
}
