package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * A call of this process that claims a key, and then owns it. Calls with the same key and payload wait on it instead of
 * asking the store, and get its answer.
 */
public final class RunningCall extends Admission {

    private static final AtomicReferenceFieldUpdater<RunningCall, Object> END =
            AtomicReferenceFieldUpdater.newUpdater(RunningCall.class, Object.class, "end");
    /** Writes without the fence of a volatile write: what renews leases reads it from time to time. */
    private static final AtomicLongFieldUpdater<RunningCall> LEASED_AT =
            AtomicLongFieldUpdater.newUpdater(RunningCall.class, "leasedAtNanos");
    private static final Object NOTHING = new Object();

    final Claim claim;
    final CallPolicy policy;

    /**
     * Null until somebody waits or the call ends: most calls do so alone. Then the future that is waited on; or what the call left, which
     * is a Completion, a Stored or {@link #NOTHING}.
     */
    private volatile Object end;

    /** Whether the call owns its key by {@link IdempotencyStore#placeFirst}: then no other call of this process knows it. */
    boolean placedFirst;
    /** Whether the last answer came from the records of this process, because the store could not answer. */
    boolean answeredHere;
    /** Whether another process is known to hold the record: then this call waits on while the store is away. */
    boolean heldElsewhere;
    /** Whether only this process knows the claim, because the store could not answer. */
    boolean unguarded;
    /** Whether it only marks the thread that runs a coroutine's body. */
    boolean ofCoroutine;
    private volatile long leasedAtNanos;

    /** The call on the same thread whose body runs this one; null for the outermost. */
    RunningCall outer;

    /** The transaction that decides how the call ends, from the return of the body to the end of the transaction; else null. */
    volatile OpenTransaction transaction;
    /** What the body has left inside of that transaction; null while the body has not ended. */
    volatile Completion provisional;

    RunningCall(Claim claim, CallPolicy policy) {
        this.claim = claim;
        this.policy = policy;
    }

    /** The claim, for the messages of those who decode its result. */
    public Claim claim() {
        return claim;
    }

    /** Completes when the call has ended, with what waiters get: null where they have to claim themselves. */
    @SuppressWarnings("unchecked")
    CompletableFuture<Stored> ended() {
        CompletableFuture<Stored> waited = new CompletableFuture<>();
        Object known = END.compareAndSet(this, null, waited) ? waited : end;
        return known instanceof CompletableFuture ? (CompletableFuture<Stored>) known : CompletableFuture.completedFuture(left(known));
    }

    /** Ends the call; of no effect if it has ended. {@code left} is for those who wait: a Completion, a Stored, or null for nothing. */
    @SuppressWarnings("unchecked")
    void end(Object left) {
        if (!END.compareAndSet(this, null, left == null ? NOTHING : left) && end instanceof CompletableFuture<?> waited) {
            // Nothing is left where a fault ends the call: what made the fault must not be asked again.
            ((CompletableFuture<Stored>) waited).complete(left == null ? null : left(left));
        }
    }

    Stored left(Object left) {
        if (left instanceof Completion completion) {
            return new Stored(completion.traceId().isEmpty() ? claim.traceId() : completion.traceId(), completion.result(), false);
        }
        return left instanceof Stored stored ? stored : null;
    }

    /** When the lease was last granted or renewed, {@link System#nanoTime()}. */
    long leasedAtNanos() {
        return leasedAtNanos;
    }

    void leasedAt(long nanos) {
        LEASED_AT.lazySet(this, nanos);
    }

    boolean hasPayloadOf(Claim other) {
        return claim.hash().equals(other.hash());
    }

    /** When, by {@link System#nanoTime()}, the claim is lost without a renewal. */
    long leaseEndNanos() {
        return leasedAtNanos + TimeUnit.MILLISECONDS.toNanos(claim.leaseMillis());
    }
}
