package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Verdict;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A call of this process that claims a key, and then owns it. Calls with the same key and payload wait on it instead of
 * asking the store, and get its answer.
 *
 * <p>{@link Admittance} draws its states. The state changes by the methods below "The transitions of its state", and nowhere else: each
 * is named after what has happened to the call.
 */
public final class RunningCall extends Admission implements ThreadBody {

    /** How far a call is. */
    enum State {
        /** It has no answer yet. */
        ASKING,
        /** The store has answered that it does not own its key. It waits for the owner, or leaves. */
        REFUSED,
        /** As REFUSED, by the records of this process, because the store could not answer. */
        REFUSED_HERE,
        /** It owns its key by {@link IdempotencyStore#placeFirst}: no other call of this process knows it. */
        FIRST,
        /** It owns its key by the store's answer. */
        OWNER,
        /** It owns its key among the calls of this process alone, because the store could not answer. */
        UNGUARDED,
        /** It has ended, or left. */
        ENDED
    }

    private static final AtomicReferenceFieldUpdater<RunningCall, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(RunningCall.class, State.class, "state");
    private static final AtomicReferenceFieldUpdater<RunningCall, Object> END =
            AtomicReferenceFieldUpdater.newUpdater(RunningCall.class, Object.class, "end");
    private static final AtomicLongFieldUpdater<RunningCall> LEASED_AT =
            AtomicLongFieldUpdater.newUpdater(RunningCall.class, "leasedAtNanos");
    private static final AtomicLongFieldUpdater<RunningCall> ASKED_AT =
            AtomicLongFieldUpdater.newUpdater(RunningCall.class, "askedAtNanos");
    private static final Object NOTHING = new Object();
    /** A give-back is sent at once, and tried again each tenth of a second. */
    private static final long ASK_AGAIN_MILLIS = 100;

    final Claim claim;
    final CallPolicy policy;
    /** Those that count the call. */
    final CallCounters counters;

    /**
     * Null until somebody waits or the call ends: most calls do so alone. Then the future that is waited on; or what the call left, which
     * is a Completion, a Stored or {@link #NOTHING}.
     */
    private volatile @Nullable Object end;

    /** Written without the fence of a volatile write, which each call would pay for: the renewal of leases reads it from time to time. */
    private volatile State state = State.ASKING;
    /** Written as {@code state} is. */
    private volatile long leasedAtNanos;

    /** When its lease was granted, {@link System#nanoTime()}; 0 before the thread that renews leases has met it, which alone uses this. */
    long heldSinceNanos;

    /** Of which grant or renewal a renewal was counted as late; used as {@code heldSinceNanos} is. */
    long lateSinceNanos;

    /** When the call last asked for its key, {@link System#nanoTime()}; 0 where nobody took the time. Renewals leave it. */
    private volatile long askedAtNanos;

    /** Whether the store may have granted the claim without this process knowing. Used by one step of the call at a time. */
    private boolean mayBeGranted;

    /** Whether its body runs, or ran, without a claim of the store. Written before {@code state} is. */
    private boolean runsUnguarded;

    /** How long the store took for its last answer, where it is in another process. */
    long storeNanos;
    /** How often the record was claimed, by the store's last answer; 0 where it told nothing. */
    long attempt;
    /** How long the call has waited for another one with its key. */
    long waitedMillis;
    /** What is to be told of the call once it has ended; null where nobody listens. */
    @Nullable
    EndedCall untold;

    private @Nullable ThreadBody outer;

    /** Null for most calls, whose bodies work in no transaction that could be noted. */
    private volatile @Nullable UsedTransactions used;

    /** The transaction that decides how the call ends, from the return of the body to the end of the transaction; else null. */
    volatile @Nullable OpenTransaction transaction;
    /** What the body has left inside of that transaction; null while the body has not ended. */
    volatile @Nullable Completion provisional;

    RunningCall(Claim claim, CallPolicy policy, CallCounters counters) {
        this.claim = claim;
        this.policy = policy;
        this.counters = counters;
    }

    /** The claim, for the messages of those who decode its result. */
    public Claim claim() {
        return claim;
    }

    @Override
    public RecordId id() {
        return claim.id();
    }

    @Override
    public boolean keepsItsThread() {
        return true;
    }

    @Override
    public @Nullable ThreadBody outer() {
        return outer;
    }

    @Override
    public void outer(@Nullable ThreadBody body) {
        outer = body;
    }

    @Override
    public void uses(UsedTransaction transaction) {
        UsedTransactions known = used;
        if (known == null) {
            known = new UsedTransactions();
            used = known;
        }
        known.add(transaction);
    }

    @Override
    public List<UsedTransaction> openTransactions() {
        UsedTransactions known = used;
        return known == null ? List.of() : known.open();
    }

    // The transitions of its state.

    /**
     * The call asks a store of another process. Its lease counts from now: the store begins it before the answer arrives.
     *
     * @param now {@link System#nanoTime()}
     */
    void asksElsewhere(long now) {
        asks(now, /* granted= */ false);
    }

    /**
     * The call asks a store of this process, which reads from the claim whether its owner runs. The claim is marked as granted before
     * the store grants it. Otherwise this thread could be paused between the two, and the store would see an expired lease.
     *
     * @param now {@link System#nanoTime()}
     */
    void asksHere(long now) {
        asks(now, /* granted= */ true);
    }

    private void asks(long now, boolean granted) {
        runsUnguarded = false;
        leasedAt(now);
        ASKED_AT.lazySet(this, now);
        to(State.ASKING, granted);
    }

    /** As {@link #asksHere}, by {@link IdempotencyStore#placeFirst}: such a call needs no lease. */
    void placing() {
        to(State.ASKING, /* granted= */ true);
    }

    /** @param placed whether {@link IdempotencyStore#placeFirst} took it; else it asks on */
    void placed(boolean placed) {
        to(placed ? State.FIRST : State.ASKING, placed);
    }

    /** The store has answered. */
    void answered(Verdict verdict) {
        boolean granted = verdict == Verdict.NEW;
        to(granted ? State.OWNER : State.REFUSED, granted);
    }

    /** The records of this process have answered, because the store could not. */
    void answeredHere(Verdict verdict) {
        boolean granted = verdict == Verdict.NEW;
        runsUnguarded = granted;
        to(granted ? State.UNGUARDED : State.REFUSED_HERE, granted);
    }

    /** The store has not answered the claim, which may have reached it. */
    void unanswered() {
        mayBeGranted = true;
    }

    /** The store has answered the claim, or is to be told that it does not count. */
    void mayNotBeGranted() {
        mayBeGranted = false;
    }

    /** The call has ended, or does not go on; of no effect if it has ended before. */
    void ended() {
        to(State.ENDED, /* granted= */ false);
    }

    private void to(State next, boolean granted) {
        STATE.lazySet(this, next);
        claim.granted(granted);
    }

    // What its state says.

    /** Whether the store knows it as the owner of its key. */
    boolean isOwner() {
        return state == State.OWNER;
    }

    /** Whether its body runs or is about to: it owns its key, wherever that is known. */
    boolean holds() {
        State now = state;
        return now == State.OWNER || now == State.UNGUARDED || now == State.FIRST;
    }

    /** Whether no other call of this process knows it. */
    boolean isFirst() {
        return state == State.FIRST;
    }

    /** Whether it owns its key among the calls of this process alone, or did so until it ended or lost its key. */
    public boolean isUnguarded() {
        State now = state;
        return now == State.UNGUARDED || now == State.ENDED && runsUnguarded;
    }

    /** Whether its last answer came from the records of this process. */
    boolean isAnsweredHere() {
        return state == State.UNGUARDED || state == State.REFUSED_HERE;
    }

    State state() {
        return state;
    }

    /** Whether the store may hold a grant for it that nobody knows of: its last claim was not answered, and its body does not run. */
    boolean mayBeGranted() {
        State now = state;
        return mayBeGranted && (now == State.ASKING || now == State.REFUSED || now == State.REFUSED_HERE);
    }

    /** Completes when the call has ended, with what waiters get: null where they have to claim themselves. */
    @SuppressWarnings("unchecked")
    CompletableFuture<@Nullable Stored> whenEnded() {
        CompletableFuture<@Nullable Stored> waited = new CompletableFuture<>();
        Object known = END.compareAndSet(this, null, waited) ? waited : end;
        return known instanceof CompletableFuture
                ? (CompletableFuture<@Nullable Stored>) known
                : CompletableFuture.completedFuture(left(known));
    }

    /**
     * Lets those go on who wait for the call; of no effect if it was done before.
     *
     * @param left what they get: a Completion, a Stored, or null for nothing
     */
    @SuppressWarnings("unchecked")
    void release(@Nullable Object left) {
        if (!END.compareAndSet(this, null, left == null ? NOTHING : left)
                && end instanceof CompletableFuture<?> waited) {
            // Nothing is left where a fault ends the call: what made the fault must not be asked again.
            ((CompletableFuture<@Nullable Stored>) waited).complete(left == null ? null : left(left));
        }
    }

    private @Nullable Stored left(@Nullable Object left) {
        if (left instanceof Completion completion) {
            return stored(completion);
        }
        return left instanceof Stored stored ? stored : null;
    }

    /** What others get of a body that has left this. */
    Stored stored(Completion completion) {
        return new Stored(completion.traceIdOr(claim.traceId()), completion.result(), false);
    }

    /** When the lease was last granted or renewed, {@link System#nanoTime()}. */
    long leasedAtNanos() {
        return leasedAtNanos;
    }

    /** Since when a call that owns its key holds it, {@link System#nanoTime()}. */
    long askedAtNanos() {
        return askedAtNanos;
    }

    void leasedAt(long nanos) {
        LEASED_AT.lazySet(this, nanos);
    }

    boolean hasPayloadOf(Claim other) {
        return !claim.conflictsWith(other.form(), other.hash());
    }

    /** What another claim of its key gets while it runs, where the store can't be asked. */
    ClaimResult answerWhileRunning(Claim other) {
        return heldHere(hasPayloadOf(other), claim.leaseMillis());
    }

    /** What this call gets itself while a grant of its claim is to be given back: it asks again soon. */
    ClaimResult answerUntilGivenBack() {
        return heldHere(/* samePayload= */ true, ASK_AGAIN_MILLIS);
    }

    private ClaimResult heldHere(boolean samePayload, long leaseMillis) {
        return new ClaimResult(
                samePayload ? Verdict.IN_PROGRESS : Verdict.CONFLICT,
                claim.hash(),
                claim.traceId(),
                /* result= */ null,
                claim.digests(),
                /* attempt= */ 0,
                /* fence= */ 0,
                leaseMillis,
                ClaimResult.OWN_PROCESS,
                /* createdAtSeconds= */ 0,
                samePayload ? "" : claim.form().text());
    }

    /** When, by {@link System#nanoTime()}, the claim is lost without a renewal. */
    long leaseEndNanos() {
        return leasedAtNanos + TimeUnit.MILLISECONDS.toNanos(claim.leaseMillis());
    }
}
