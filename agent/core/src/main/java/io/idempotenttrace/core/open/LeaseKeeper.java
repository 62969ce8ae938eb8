package io.idempotenttrace.core.open;

import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.IdempotencyStore;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Renews the leases of work that runs, at a third of the lease, from one thread, which is there only while there is such work. A renewal
 * that fails is tried again in the next round. One that is refused changes nothing: the completion will tell.
 */
final class LeaseKeeper implements AutoCloseable {

    /** Work that runs, under its claim. */
    final class Held implements AutoCloseable {

        private final Claim claim;
        private volatile long renewedAtNanos = System.nanoTime();

        private Held(Claim claim) {
            this.claim = claim;
        }

        private long leaseNanos() {
            return TimeUnit.MILLISECONDS.toNanos(claim.leaseMillis());
        }

        private void renewIfDue(long now) {
            if (now - renewedAtNanos >= leaseNanos() / 3) {
                store.renewAsync(claim).thenAccept(update -> renewedAtNanos = now);
            }
        }

        /** The work has ended. */
        @Override
        public void close() {
            held.remove(this);
        }
    }

    private final IdempotencyStore store;
    private final Set<Held> held = ConcurrentHashMap.newKeySet();
    private final BackgroundLoop loop = new BackgroundLoop("idempotent-trace-keeper", this::round);

    LeaseKeeper(IdempotencyStore store) {
        this.store = store;
    }

    /** Renews that claim from now on, until what is returned is closed. */
    Held keep(Claim claim) {
        Held begun = new Held(claim);
        held.add(begun);
        loop.wake();
        return begun;
    }

    private long round() {
        long wait = BackgroundLoop.END;
        long now = System.nanoTime();
        for (Held each : held) {
            try {
                each.renewIfDue(now);
            } catch (RuntimeException failed) {
                // The others are renewed all the same, and this one is tried again at the next look.
            }
            // Looking twice in a third of the lease keeps every lease younger than a half.
            long look = each.leaseNanos() / 6;
            wait = wait == BackgroundLoop.END ? look : Math.min(wait, look);
        }
        return wait;
    }

    @Override
    public void close() {
        loop.close();
    }
}
