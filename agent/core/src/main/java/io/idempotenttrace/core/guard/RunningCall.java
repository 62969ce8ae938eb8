package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.Claim;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/**
 * A call of this process that claims a key, and then owns it. Calls with the same key and payload wait on it instead of
 * asking the store, and get its answer.
 */
public final class RunningCall extends Admission {

    /** State of the latch: 0 until the call has ended. Parks waiters, so virtual threads are not pinned. */
    private static final class EndLatch extends AbstractQueuedSynchronizer {

        private static final long serialVersionUID = 1L;

        @Override
        protected int tryAcquireShared(int ignored) {
            return getState() == 0 ? -1 : 1;
        }

        @Override
        protected boolean tryReleaseShared(int ignored) {
            setState(1);
            return true;
        }
    }

    final Claim claim;
    private final EndLatch ended = new EndLatch();

    /** Whether the store granted the claim: only then the lease is renewed. */
    volatile boolean granted;
    /** Whether only this process knows the claim, because the store could not answer. */
    boolean unguarded;
    /** When the lease was last granted or renewed, {@link System#nanoTime()}. */
    volatile long leasedAtNanos;

    /** The call on the same thread whose body runs this one; null for the outermost. */
    RunningCall outer;

    /** What waiters get; null where they have to claim themselves. Written before the latch opens. */
    private Stored answer;

    RunningCall(Claim claim) {
        this.claim = claim;
    }

    /** The claim, for the messages of those who decode its result. */
    public Claim claim() {
        return claim;
    }

    boolean hasPayloadOf(Claim other) {
        return claim.hash().equals(other.hash());
    }

    /** Lets the waiters go on; {@code answer} is theirs, or null if they have to claim themselves. */
    void end(Stored answer) {
        this.answer = answer;
        ended.releaseShared(1);
    }

    /** Whether the call ended within the time. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        return ended.tryAcquireSharedNanos(1, nanos);
    }

    /** For a call that has ended: what its waiters get. */
    Stored answer() {
        return answer;
    }

    /** When, by {@link System#nanoTime()}, the claim is lost without a renewal. */
    long leaseEndNanos() {
        return leasedAtNanos + TimeUnit.MILLISECONDS.toNanos(claim.leaseMillis());
    }
}
