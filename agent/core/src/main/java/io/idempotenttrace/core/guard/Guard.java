package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.failure.FinalFailure;
import io.idempotenttrace.core.failure.SeldomClasses;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for each call, whether its body runs. Safe for use by many threads; one for each process.
 *
 * <p>Calls of this process with the same key and payload meet in a map: one of them claims, the others wait for its end, so
 * N threads cost one claim. Calls of other processes meet in the store.
 *
 * <p>A call is admitted; where the answer is a {@link RunningCall}, its body runs between {@link #enterBody} and
 * {@link #leaveBody}, and the call is ended, once, by {@link #completed} or {@link #failed}. For a body that goes on after its
 * method has returned, that is later and on another thread.
 *
 * <p>A body that returns inside a transaction has not ended either. Its call is {@link #joined} to the transaction, and ended by
 * {@link #committed} or {@link #rolledBack}. Until then it holds its key: other threads wait for it, and calls of the same key in the
 * same transaction are answered with what the body left, since they would wait for themselves.
 */
public final class Guard implements AutoCloseable {

    final ConcurrentHashMap<RecordId, RunningCall> running = new ConcurrentHashMap<>();
    final GuardedStore store;
    private final CallCounters counters;
    final CallReports reports;
    final CallEnds ends;
    final GuardLog log;
    /** Each thread keeps its object: to take a call out of the thread's map each time costs more than a claim in memory. */
    @SuppressWarnings("ThreadLocalUsage") // A call of one guard is no part of another guard's.
    private final ThreadLocal<CallsOfThread> ofThread = new ThreadLocal<>() {
        @Override
        protected CallsOfThread initialValue() {
            return new CallsOfThread();
        }
    };

    /** Those of this package that have something to initialize. */
    static final String[] INITIALIZED = {
        "Admission",
        "Admittance$1",
        "Admittance$Step",
        "CallCounters",
        "CallCounters$Ending",
        "CallEnds",
        "Drain",
        "FleetListener",
        "GuardLimits",
        "GuardLog$Level",
        "GuardLog$Occasion",
        "GuardMode",
        "GuardModes$Source",
        "GuardedStore$1",
        "GuardedStore$IfAway",
        "KeyTakenError",
        "LingeringCompletions",
        "PendingUpdates",
        "RetriedUpdates",
        "RunningCall",
        "RunningCall$State",
        "StoreStep",
        "TimeHistogram",
        "UnguardedReason",
        "VerdictLog"
    };

    private final OwnerTokens ownerTokens;
    private final LeaseRenewal leases;
    private final LongAdder heldTooLong = new LongAdder();

    final LongSupplier nanoClock;
    final Platform platform;
    private final GuardModes modes;
    private volatile boolean closed;

    /**
     * @param store where records live
     * @param fallback records of this process, for while the store is away; null where the store is itself in this process
     */
    public Guard(
            IdempotencyStore store,
            @Nullable IdempotencyStore fallback,
            GuardMode mode,
            GuardLimits limits,
            CallCounters counters,
            GuardLog log) {
        this(store, fallback, mode, limits, counters, log, Platform.JVM);
    }

    /** As the other one, with a mode for each scope. */
    public Guard(
            IdempotencyStore store,
            @Nullable IdempotencyStore fallback,
            GuardModes modes,
            GuardLimits limits,
            CallCounters counters,
            GuardLog log) {
        this(store, fallback, modes, limits, counters, log, Platform.JVM::nanoTime, Platform.JVM);
    }

    /** As the other one, on a platform that may not be the JVM's. */
    public Guard(
            IdempotencyStore store,
            @Nullable IdempotencyStore fallback,
            GuardMode mode,
            GuardLimits limits,
            CallCounters counters,
            GuardLog log,
            Platform platform) {
        this(store, fallback, new GuardModes(mode), limits, counters, log, platform::nanoTime, platform);
    }

    /** @param nanoClock as {@link System#nanoTime()}: for tests that let time pass */
    Guard(
            IdempotencyStore store,
            @Nullable IdempotencyStore fallback,
            GuardMode mode,
            GuardLimits limits,
            CallCounters counters,
            GuardLog log,
            LongSupplier nanoClock) {
        this(store, fallback, new GuardModes(mode), limits, counters, log, nanoClock, Platform.JVM);
    }

    private Guard(
            IdempotencyStore store,
            @Nullable IdempotencyStore fallback,
            GuardModes modes,
            GuardLimits limits,
            CallCounters counters,
            GuardLog log,
            LongSupplier nanoClock,
            Platform platform) {
        SeldomClasses.initialize(Guard.class, INITIALIZED);
        this.nanoClock = nanoClock;
        this.platform = platform;
        this.ownerTokens = new OwnerTokens(platform);
        this.store = new GuardedStore(store, fallback, running::get, limits, nanoClock, platform, log);
        this.leases = new LeaseRenewal(running.values(), store, nanoClock, this::heldTooLong, platform);
        this.modes = modes;
        this.counters = counters;
        counters.scopes().sayBy(log::sayOnce);
        this.log = log;
        this.reports = new CallReports(counters, log, nanoClock, platform);
        this.ends = new CallEnds(running, this.store, reports, log);
    }

    /** Which mode counts for the calls of each scope. */
    public GuardModes modes() {
        return modes;
    }

    private GuardMode mode(CallPolicy policy) {
        ScopeMode ofScope = policy.mode();
        return (ofScope == null ? modes.all() : ofScope).mode();
    }

    /**
     * Changes the mode of all scopes for the calls that begin from now on, as another setting would.
     *
     * @throws IllegalStateException if the guard is closed
     */
    public void mode(GuardMode changed) {
        checkOpen();
        modes.setting(changed);
    }

    /** Why calls can't be guarded by the store now, for people; null if they can. */
    public @Nullable String problem() {
        return store.problem();
    }

    /** Whether the store answers what is asked beside the calls: where there are none, nothing else tells. */
    public void storeAnswers(boolean answers) {
        store.answers(answers);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the guard is closed; make another one");
        }
    }

    /**
     * Admits one call; the caller waits as long as its policy says.
     *
     * @throws io.idempotenttrace.IdempotencyException where the policy refuses the call
     * @throws IllegalStateException if the guard is closed
     */
    public Admission admit(ClaimRequest request, CallPolicy policy) {
        if (isOff(policy)) {
            return Admission.UNGUARDED;
        }
        CallsOfThread calls = ofThread.get();
        if (!calls.isInBodyOf(request.id(), /* keepingItsThread= */ false)) {
            return claim(request, policy);
        }
        if (calls.isPartOfBody(request.id(), /* keepingItsThread= */ false)) {
            reports.debug(policy, request.id(), "part of a call that holds the key; its body runs");
            return Admission.UNGUARDED;
        }
        // The body that it would wait for goes on only when this call has returned.
        return claim(request, policy.withoutWait());
    }

    private Admission claim(ClaimRequest request, CallPolicy policy) {
        Admission known = known(request, policy);
        if (known != null) {
            return known;
        }
        RunningCall call = call(request, policy);
        return isFirst(call) ? call : admittance(call, request).await();
    }

    /** The answer to a duplicate that needs no claim; null if the call has to make one. */
    private @Nullable Admission known(ClaimRequest request, CallPolicy policy) {
        RunningCall joined = ofThread.get().joined(request.id());
        String hash = request.payload().hash();
        Admission own = joined == null || mode(policy) != GuardMode.ENFORCE
                ? null
                : heldByOwnTransaction(joined, request.payload(), policy);
        if (own != null) {
            return own;
        }
        ClaimResult answer = mode(policy) == GuardMode.ENFORCE ? store.known(request) : null;
        if (answer == null) {
            return null;
        }
        if (store.isElsewhere()) {
            reports.counters(policy, request.id()).figures().cacheHit();
        }
        try {
            return new Answers(this, request.id(), hash, policy, /* waitedMillis= */ 0, /* call= */ null)
                    .duplicate(new Admission.Stored(answer.traceId(), answer.result(), false));
        } catch (IdempotencyException refusal) {
            throw refusal;
        } catch (Throwable fault) {
            KeyTakenError error = KeyTakenError.UNTOLD;
            try {
                error = new KeyTakenError(fault);
            } catch (Throwable again) {
                // No stack or memory is left; the caller is told without the cause.
            }
            throw error;
        }
    }

    /** Closing sets the mode to OFF, so that a call which is guarded looks at one field. */
    private boolean isOff(CallPolicy policy) {
        if (mode(policy) != GuardMode.OFF) {
            return false;
        }
        checkOpen();
        return true;
    }

    /**
     * As {@link #admit}, without blocking: a call that has to wait holds no thread.
     *
     * @param mayAskHere whether the caller's thread may be blocked for the store's first answer, so that most calls know what to
     *        do before this method returns
     * @return fails with what {@link #admit} throws; completed on whatever thread brings the answer, so the caller takes care
     *         where the body runs
     */
    public CompletableFuture<Admission> admitAsync(ClaimRequest request, CallPolicy policy, boolean mayAskHere) {
        return isPartOfOuterCall(request.id())
                ? CompletableFuture.completedFuture(Admission.UNGUARDED)
                : claimAsync(request, policy, mayAskHere);
    }

    /** As {@link #admitAsync}, for a call of which the caller knows that it is no part of an outer one. */
    public CompletableFuture<Admission> claimAsync(ClaimRequest request, CallPolicy policy, boolean mayAskHere) {
        if (isOff(policy)) {
            return CompletableFuture.completedFuture(Admission.UNGUARDED);
        }
        try {
            Admission known = known(request, policy);
            if (known != null) {
                return CompletableFuture.completedFuture(known);
            }
            RunningCall call = call(request, policy);
            return isFirst(call)
                    ? CompletableFuture.completedFuture(call)
                    : admittance(call, request).whenAdmitted(mayAskHere);
        } catch (IdempotencyException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * The answer where a transaction of this thread holds the key: a wait for its end would never end. Null if the payload is another
     * one, which the store finds, or if the body has not ended.
     */
    private @Nullable Admission heldByOwnTransaction(RunningCall joined, PayloadDigest payload, CallPolicy policy) {
        OpenTransaction transaction = joined.transaction;
        Completion left = joined.provisional;
        if (transaction == null || left == null || joined.claim.conflictsWith(payload.form(), payload.hash())) {
            return null;
        }
        Answers answers =
                new Answers(this, joined.claim.id(), payload.hash(), policy, /* waitedMillis= */ 0, /* call= */ null);
        // Another task of a pool, which runs in the midst of the transaction, must not be acknowledged before its end.
        return transaction.isCurrent() && !ofThread.get().isOfOtherTask(joined)
                ? answers.duplicateInTransaction(joined.stored(left))
                : answers.heldBySuspendedTransaction(joined.claim.traceId());
    }

    private RunningCall call(ClaimRequest request, CallPolicy policy) {
        return new RunningCall(
                new Claim(request, policy.times(), ownerTokens), policy, reports.counters(policy, request.id()));
    }

    private Admittance admittance(RunningCall call, ClaimRequest request) {
        return new Admittance(this, call, request, mode(call.policy) == GuardMode.ENFORCE);
    }

    /**
     * Whether the call is the first on its key and owns it: most are, and in a store of this process that is known at once. Other calls
     * find its record in the store, not in the map. If the store throws here, the call goes on, asks it again and gets the same exception
     * then.
     */
    private boolean isFirst(RunningCall call) {
        if (mode(call.policy) != GuardMode.ENFORCE || store.isElsewhere() || call.policy.maxHoldMillis() > 0) {
            return false;
        }
        try {
            return store.placeFirst(call);
        } catch (IdempotencyStoreException e) {
            return false;
        }
    }

    /**
     * A call inside a body that holds the same key on this thread is a part of it: it must not wait for itself. One that another task of a
     * pool makes, which the thread runs while the body waits, is none.
     */
    public boolean isPartOfOuterCall(RecordId id) {
        return ofThread.get().isPartOfBody(id, /* keepingItsThread= */ false);
    }

    /**
     * As {@link #isPartOfOuterCall}, for a call of a coroutine, which has to know itself what runs inside of which coroutine: a thread may
     * run one of them in the middle of another one's body. Only bodies that keep their thread to themselves count here.
     */
    public boolean isPartOfBlockingCall(RecordId id) {
        return ofThread.get().isPartOfBody(id, /* keepingItsThread= */ true);
    }

    /**
     * As {@link #mark}, for as long as a coroutine runs its body on this thread before it suspends.
     *
     * @param call the call whose body it is; null if nobody wants to know which transactions it uses
     */
    public BodyMark markCoroutine(RecordId id, @Nullable RunningCall call) {
        return new BodyMark(id, /* ofCoroutine= */ true, call);
    }

    /** For a body whose call claims later: marks the thread meanwhile, by {@link #enterBody} and {@link #leaveBody}. */
    public BodyMark mark(RecordId id) {
        return new BodyMark(id, /* ofCoroutine= */ false, /* call= */ null);
    }

    /** Whether this thread runs the body of a guarded call. */
    public boolean isInBody() {
        return ofThread.get().innermost != null;
    }

    /** The transactions that the innermost body of this thread has worked in and that have not ended. */
    public List<UsedTransaction> openTransactions() {
        return ofThread.get().openTransactions();
    }

    /**
     * The bodies that this thread runs, one inside of the other, work in that transaction. If it is still open when one of them returns, it
     * decides how that one's call ends, see {@link RunningCall#openTransactions()}.
     */
    public void uses(UsedTransaction transaction) {
        ofThread.get().use(transaction);
    }

    /** The call owns its key. */
    RunningCall own(RunningCall mine) {
        reports.debug(
                mine.policy,
                mine.claim.id(),
                mine.isUnguarded()
                        ? "unguarded, the store did not answer; its body runs"
                        : "new, claimed; its body runs");
        // A call that did not wait may own the key while an older one is in the map, without a claim; and take its
        // place.
        if (running.get(mine.claim.id()) != mine) {
            running.put(mine.claim.id(), mine);
        }
        if (store.isElsewhere() || mine.policy.maxHoldMillis() > 0) {
            leases.cover(mine.claim.leaseMillis());
        }
        return mine;
    }

    /** The call's time is over: it leaves its key to others, and its completion counts only if none of them has claimed it. */
    private void heldTooLong(RunningCall call) {
        heldTooLong.increment();
        log.sayOnceAPeriod(
                GuardLog.Occasion.HELD_TOO_LONG,
                "the call of " + call.claim.id().forPeople() + " has run for longer than max-hold ("
                        + call.policy.maxHoldMillis()
                        + " ms); its lease is no longer renewed, and its key is free after it");
        abandon(call);
    }

    /** How many calls have lost their key because they ran for longer than {@code max-hold}. */
    public long heldTooLong() {
        return heldTooLong.sum();
    }

    /** The body begins on this thread; calls that it makes on the same key are a part of its call. */
    public void enterBody(ThreadBody body) {
        ofThread.get().enter(body);
    }

    /** The body has left this thread, in the reverse order of {@link #enterBody}; its call may not have ended yet. */
    public void leaveBody(ThreadBody body) {
        ofThread.get().leave(body);
    }

    /**
     * The method has returned on this thread, inside a transaction: that decides how the call ends, by {@link #committed} or
     * {@link #rolledBack}.
     */
    public void joined(RunningCall call, OpenTransaction transaction) {
        call.transaction = transaction;
        ofThread.get().join(call);
    }

    /** The body of a call that is {@link #joined} has ended; calls in the same transaction get what it left. */
    public void returned(RunningCall call, Completion completion) {
        call.provisional = completion;
    }

    /**
     * The transaction that the call is {@link #joined} to has committed, and the body has {@link #returned}.
     *
     * @param mayBlock whether this thread may be blocked until the store has acknowledged the completion, as the policy says
     */
    public void committed(RunningCall call, boolean mayBlock) {
        Completion left = call.provisional;
        leaveTransaction(call);
        Completion completion = Objects.requireNonNull(left, "the body has returned");
        if (mayBlock) {
            completed(call, completion);
        } else {
            completedAsync(call, completion);
        }
    }

    /**
     * What the body did is undone, or may be: the key is claimable at once.
     *
     * @param outcome how the transaction ended, for the record
     */
    public void rolledBack(RunningCall call, String outcome) {
        leaveTransaction(call);
        ends.fail(call, outcome, /* mayBlock= */ true);
    }

    /** The transaction no longer decides how the call ends. */
    public void leaveTransaction(RunningCall call) {
        call.transaction = null;
        call.provisional = null;
        ofThread.get().leave(call);
    }

    /**
     * The body returned. The caller may be blocked until the store has acknowledged it, as the policy says.
     *
     * @throws UnacknowledgedCompletionException if the policy wants that acknowledgement, there is none, and it refuses calls that the
     *         store can't answer for. The call has ended all the same
     */
    public void completed(RunningCall call, Completion completion) {
        Throwable failure = Failures.of(ends.complete(call, completion, /* mayBlock= */ true));
        if (failure != null) {
            throw Failures.toThrow(failure);
        }
    }

    /**
     * The body threw what no retry would change: the key is completed, and later calls get {@link FinalFailure}. A completion that is not
     * acknowledged is counted and said; the caller gets the body's own failure.
     *
     * @param result of {@link FinalFailure#toResult}
     */
    public void failedForGood(RunningCall call, String result) {
        ends.failForGood(call, result, /* mayBlock= */ true);
    }

    /**
     * As {@link #completed}, without blocking.
     *
     * @return completes when the completion is handed over; fails with {@link UnacknowledgedCompletionException}, or by a fault of the agent
     */
    public CompletableFuture<Void> completedAsync(RunningCall call, Completion completion) {
        return ends.complete(call, completion, /* mayBlock= */ false);
    }

    /**
     * As {@link #failedForGood}, without blocking.
     *
     * @return completes, never exceptionally, when the completion is handed over
     */
    public CompletableFuture<Void> failedForGoodAsync(RunningCall call, String result) {
        return ends.failForGood(call, result, /* mayBlock= */ false).exceptionally(unacknowledged -> null);
    }

    /**
     * The call can't be ended as it should, by a fault of the agent: those who wait for it claim for themselves. What the store knows
     * of it is left to its lease. Of no effect on a call that has ended.
     */
    public void abandon(RunningCall call) {
        ends.withdrawAndTell(call);
    }

    /**
     * The body threw.
     *
     * @param error what the record says: the exception's text, which the application's own code may tell
     */
    public void failed(RunningCall call, String error) {
        ends.fail(call, error, /* mayBlock= */ true);
    }

    /** As {@link #failed}, without blocking. */
    public void failedAsync(RunningCall call, String error) {
        ends.fail(call, error, /* mayBlock= */ false);
    }

    /**
     * The body returned, and its work goes on where nobody sees its end: the key is claimable at once, and the call counts as unguarded.
     *
     * @param reason what the record says
     * @param mayBlock whether the caller may be blocked, as by {@link #failed}
     */
    public void unobserved(RunningCall call, String reason, boolean mayBlock) {
        reports.countUnguarded(UnguardedReason.UNOBSERVABLE, call.policy, call.claim.id(), /* waitedMillis= */ 0, call);
        ends.release(call, reason, mayBlock);
    }

    /** The work of the call is left to calls that begin later and count themselves: the key is claimable at once. */
    public void released(RunningCall call, String reason) {
        ends.release(call, reason, /* mayBlock= */ true);
    }

    /**
     * Tells of a call that has no record: it had no key or no hash, or nobody sees its end. Throws nothing.
     *
     * @param reason why its body runs; null where it was refused
     */
    public void tellWithoutRecord(
            CallCounters counting, @Nullable String scope, Ending ending, @Nullable UnguardedReason reason) {
        reports.tellWithoutRecord(counting, scope, ending, reason);
    }

    /** Whether somebody watches, so that conflicts are noted with the members in which payloads differ. */
    public void watched(boolean isWatched) {
        reports.watched(isWatched);
    }

    /**
     * The figures as those get them who watch.
     *
     * @param process as host and number
     * @param version of the agent
     * @param number of the line
     * @param ended whether it is the last one
     * @param counts how many calls ended how
     */
    public String figureLine(String process, String version, long number, boolean ended, Map<Ending, Long> counts) {
        long now = platform.currentTimeMillis();
        return FigureLine.of(
                new FigureLine.Teller(process, version),
                number,
                now,
                ended,
                counts,
                figures(),
                modes,
                reports.conflictsSince(now));
    }

    /** What ran that would not have run in {@code mode=enforce}. */
    public ObservedCalls observedCalls() {
        return reports.observed();
    }

    /** What is counted and measured, as it is now. It looks at every running call, and at every record of a store in memory. */
    public GuardFigures figures() {
        return GuardFigures.of(this, counters);
    }

    /** The last calls that were not new. */
    public VerdictLog verdicts() {
        return reports.verdicts();
    }

    /** To how many parts of the store calls are not sent now, since they did not answer. */
    public int partsAway() {
        return store.partsAway();
    }

    /** How many completions and failures wait for the store, which is or was away. */
    public int pendingUpdates() {
        return store.updates().waiting();
    }

    /** How many completions wait for the store, or for its answer: their bodies ran, and it may not know. */
    public int pendingCompletions() {
        return store.updates().unwrittenCompletions();
    }

    /** What the completions and failures that wait take, in bytes, roughly. */
    public long pendingBytes() {
        return store.updates().waitingBytes();
    }

    /** How many completions were given up: their bodies ran, and a redelivery may run them again. */
    public long lostCompletions() {
        return store.updates().lost();
    }

    /** What the records take that this process holds itself, in bytes, roughly. */
    public long recordBytes() {
        return store.recordBytes();
    }

    /** How many completed ones of them went before their time for lack of room; a redelivery may run their bodies again. */
    public long droppedRecords() {
        return store.droppedRecords();
    }

    /** How many stored results were met that could not be decrypted, or are not encrypted where they have to be. */
    public long unreadableResults() {
        return store.unreadableResults();
    }

    /** How often a claim met a pending or failed record that a newer version of the agent wrote, and took it as in progress. */
    public long newerRecords() {
        return store.newerRecords();
    }

    /** How many completions were to be acknowledged by the store before their calls returned, and were not. */
    public long unacknowledgedCompletions() {
        return store.updates().unacknowledged();
    }

    /** How many completions the store has refused, since another worker owned the key by then: their bodies ran twice, or will, where somebody released the key. */
    public long refusedCompletions() {
        return store.updates().refused();
    }

    /**
     * Waits for the calls that run or begin meanwhile, at most that long; at the stop of the JVM. Bodies that this thread is inside of do
     * not count.
     *
     * @return the calls that still run, for people
     */
    public List<String> drain(long maxMillis) {
        return new Drain(running.values(), store, ofThread.get().innermost, platform)
                .await(maxMillis).stream().map(RecordId::forPeople).toList();
    }

    /** Waits until what could not be written is written, at most that long; at the stop of the JVM. */
    public void flush(long maxMillis) {
        store.flush(maxMillis);
    }

    /** Whether a thread of the guard's own is there. One ends soon after {@link #close()}, with the round that it is in. */
    boolean hasThreads() {
        return leases.hasThread() || store.hasThreads();
    }

    /**
     * Ends the guard's threads, after what waits for the store was sent once more. A call that was admitted before may still end. The
     * stores stay open. A second call does nothing.
     */
    @Override
    public void close() {
        closed = true;
        modes.close();
        leases.close();
        store.close();
    }
}
