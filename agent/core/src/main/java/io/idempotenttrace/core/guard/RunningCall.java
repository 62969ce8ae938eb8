package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.Claim;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A call of this process that claims a key, and then owns it. Calls with the same key and payload wait on it instead of
 * asking the store, and get its answer.
 */
public final class RunningCall extends Admission {

    final Claim claim;
    final CallPolicy policy;
    /** Completes when the call has ended, with what waiters get: null where they have to claim themselves. */
    final CompletableFuture<Stored> ended = new CompletableFuture<>();

    /** Whether the store granted the claim: only then the lease is renewed. */
    volatile boolean granted;
    /** Whether the last answer came from the records of this process, because the store could not answer. */
    boolean answeredHere;
    /** Whether another process is known to hold the record: then this call waits on while the store is away. */
    boolean heldElsewhere;
    /** Whether only this process knows the claim, because the store could not answer. */
    boolean unguarded;
    /** When the lease was last granted or renewed, {@link System#nanoTime()}. */
    volatile long leasedAtNanos;

    /** The call on the same thread whose body runs this one; null for the outermost. */
    RunningCall outer;

    RunningCall(Claim claim, CallPolicy policy) {
        this.claim = claim;
        this.policy = policy;
    }

    /** The claim, for the messages of those who decode its result. */
    public Claim claim() {
        return claim;
    }

    boolean hasPayloadOf(Claim other) {
        return claim.hash().equals(other.hash());
    }

    /** When, by {@link System#nanoTime()}, the claim is lost without a renewal. */
    long leaseEndNanos() {
        return leasedAtNanos + TimeUnit.MILLISECONDS.toNanos(claim.leaseMillis());
    }
}
