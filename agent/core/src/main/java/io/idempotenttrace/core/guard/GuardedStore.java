package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimField;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.RecordTimes;
import io.idempotenttrace.core.store.RecordWatch;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.core.store.WeighedEntries;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The store as the guard sees it: while the real one is away, claims go to the records of this process, and completions wait
 * until it is back. Safe for use by many threads.
 */
final class GuardedStore implements AutoCloseable {

    /** What becomes of a call while the store can't answer. */
    enum IfAway {
        /** It asks the records of this process, and runs unguarded if they know nothing of its key. */
        RUN_HERE,
        /** It is refused. */
        REFUSE,
        /** It waits on: another process is known to hold its key. */
        WAIT;

        /** Whether the call has come to its end: one that waits on may claim again with the same owner token. */
        boolean endsTheCall() {
            return this == REFUSE;
        }
    }

    private final IdempotencyStore store;
    /** Null where the store is itself in this process. */
    private final @Nullable IdempotencyStore fallback;

    private final LongSupplier nanoClock;
    private volatile boolean answers = true;
    private final StoreBreaker breaker;
    private final PendingUpdates updates;
    private final GuardLog log;
    /** The calls of this process that own their keys, by record. */
    private final Function<RecordId, @Nullable RunningCall> running;
    /** What this process completed, for redeliveries that come while the store is away. */
    private final WeighedEntries<CompletedCall> completedHere;

    private final LongAdder newerRecords = new LongAdder();
    /** Whether the fallback may know something that the store does not. */
    private volatile boolean fallbackUsed;

    /**
     * @param fallback null where the store is itself in this process and can't be away
     * @param running the call of this process that claims or owns a record; null for a record that none does
     */
    GuardedStore(
            IdempotencyStore store,
            @Nullable IdempotencyStore fallback,
            Function<RecordId, @Nullable RunningCall> running,
            GuardLimits limits,
            LongSupplier nanoClock,
            Platform platform,
            GuardLog log) {
        this.store = store;
        this.fallback = fallback;
        this.running = running;
        this.nanoClock = nanoClock;
        this.log = log;
        this.breaker = new StoreBreaker(store, log, platform);
        this.completedHere = new WeighedEntries<>(limits.outageMemoryBytes(), nanoClock);
        this.updates = new PendingUpdates(store, breaker, nanoClock, platform, log, limits.pendingBytes(), this::told);
    }

    /** Whether the store is in another process, so that its answer may be late. */
    boolean isElsewhere() {
        return fallback != null;
    }

    /** Whether it is known to be away, so that calls are not sent to it. */
    boolean isAway() {
        return breaker.isOpen();
    }

    /** Why calls are not sent to the store now; null if they are. */
    @Nullable
    String problem() {
        String problem = breaker.problem();
        return problem != null || answers ? problem : "the store " + store.name() + " does not answer";
    }

    /** Whether it answers what is asked beside the calls: where there are none, the breaker knows nothing. A claim that is answered says yes. */
    void answers(boolean yes) {
        answers = yes;
    }

    /** How many parts of the store are known to be away. */
    int partsAway() {
        return Math.max(breaker.partsAway(), answers ? 0 : 1);
    }

    /**
     * When a store of this process granted a claim of {@link #runningHere()}.
     *
     * @return milliseconds since 1970; 0 where the claim has ended meanwhile
     */
    long grantedHereMillis(Claim claim) {
        return store.status(claim.id())
                .map(record ->
                        ClaimField.of(record.fields().get(ClaimField.NAME)).fence() / 1000)
                .orElse(0L);
    }

    /** The claims of calls that run and are known to a store of this process alone. */
    List<Claim> runningHere() {
        return isElsewhere() ? List.of() : store.running();
    }

    /** As {@link IdempotencyStore#known}. */
    @Nullable
    ClaimResult known(ClaimRequest request) {
        return store.known(request);
    }

    /**
     * Claims in the store, else as {@code ifAway} says.
     *
     * @throws IdempotencyStoreException if nobody could answer
     */
    ClaimResult check(RunningCall call, IfAway ifAway) {
        ClaimResult withoutStore = withoutStore(call, ifAway);
        if (withoutStore != null) {
            return withoutStore;
        }
        ClaimResult answer;
        try {
            answer = store.check(call.claim);
        } catch (IdempotencyStoreException e) {
            return unanswered(call, e, ifAway);
        }
        return answered(call, answer);
    }

    /** Whether the call owns a record that it is the first to claim; else nothing has happened. Only for a store of this process. */
    boolean placeFirst(RunningCall call) {
        call.placing();
        boolean placed = false;
        try {
            placed = store.placeFirst(call.claim);
            call.placed(placed);
            if (placed) {
                log.debug(call.counters, call.claim.id(), "new, claimed in memory; its body runs");
            }
            return placed;
        } catch (Throwable fault) {
            try {
                if (placed) {
                    // Else nobody would own the record, and its lease would not end while this process lives.
                    store.markFailed(call.claim, "fault of the agent");
                }
            } finally {
                call.placed(false);
            }
            throw fault;
        }
    }

    /** As {@link #check}, without blocking; fails with what that throws, which may be wrapped in a CompletionException. */
    CompletableFuture<ClaimResult> checkAsync(RunningCall call, IfAway ifAway) {
        ClaimResult withoutStore = withoutStore(call, ifAway);
        if (withoutStore != null) {
            return CompletableFuture.completedFuture(withoutStore);
        }
        return store.checkAsync(call.claim).handle((answer, failure) -> {
            Throwable cause = Failures.causeOrNull(failure);
            if (cause == null) {
                return answered(call, answer);
            }
            if (cause instanceof IdempotencyStoreException away) {
                return unanswered(call, away, ifAway);
            }
            throw new CompletionException(cause);
        });
    }

    /** The answer while the store is known to be away; null if it is to be asked. */
    private @Nullable ClaimResult withoutStore(RunningCall call, IfAway ifAway) {
        if (!isElsewhere()) {
            call.asksHere(nanoClock.getAsLong());
            return null;
        }
        call.asksElsewhere(nanoClock.getAsLong());
        boolean away = breaker.isOpen(call.claim.id());
        if (!away) {
            updates.sendBeforeClaim(call.claim.id());
        }
        CompletedCall untold = updates.untold(call.claim.id());
        if (untold != null) {
            // The store would grant the key to another body, since it has not been told of this one yet.
            return answeredHere(call, untold.answer(call.claim.payload()));
        }
        if (!away && updates.isGivingBack(call.claim)) {
            // The store would grant the claim again, and would then be told to delete it while its body runs.
            return answeredHere(call, call.answerUntilGivenBack());
        }
        if (!away) {
            return null;
        }
        // Said here too: an outage may last for hours, and methods may be called in it that were not called before.
        IdempotencyStoreException failure = breaker.lastFailure(call.claim.id());
        sayFailure(call, failure, ifAway);
        return whileAway(call, ifAway, failure);
    }

    /**
     * What this process knows by itself comes first, whatever the policy: a body that has completed here, and one that runs here under a
     * claim of the store.
     */
    private ClaimResult whileAway(RunningCall call, IfAway ifAway, IdempotencyStoreException failure) {
        ClaimResult own = ownAnswer(call);
        return own != null ? answeredHere(call, own) : unknownHere(call, ifAway, failure);
    }

    private ClaimResult unknownHere(RunningCall call, IfAway ifAway, IdempotencyStoreException failure) {
        if (ifAway != IfAway.RUN_HERE) {
            throw failure;
        }
        return checkFallback(call);
    }

    /** Null where no other call of this process owns the record by a claim of the store. */
    private @Nullable ClaimResult whileOtherRuns(RunningCall call) {
        RunningCall other = running.apply(call.claim.id());
        return other != null && other != call && other.isOwner() ? other.answerWhileRunning(call.claim) : null;
    }

    /** Null where no call of this process owns the record or has completed it under a claim of the store. */
    private @Nullable ClaimResult ownAnswer(RunningCall call) {
        ClaimResult whileOtherRuns = whileOtherRuns(call);
        if (whileOtherRuns != null) {
            return whileOtherRuns;
        }
        CompletedCall completed = updates.untold(call.claim.id());
        if (completed == null) {
            completed = completedHere.find(call.claim.id());
        }
        return completed == null ? null : completed.answer(call.claim.payload());
    }

    private static ClaimResult answeredHere(RunningCall call, ClaimResult answer) {
        call.answeredHere(answer.verdict());
        return answer;
    }

    private ClaimResult answered(RunningCall call, ClaimResult answer) {
        call.mayNotBeGranted();
        call.attempt = answer.attempt();
        if (isElsewhere()) {
            call.storeNanos = nanoClock.getAsLong() - call.askedAtNanos();
            call.counters.figures().answered(StoreStep.CLAIM, call.storeNanos);
        }
        breaker.succeeded(call.claim.id());
        if (!answers) {
            answers = true;
        }
        if (!answer.newerVersion().isEmpty()) {
            newer(call.claim.id(), answer.newerVersion());
        }
        if (answer.verdict() == Verdict.NEW) {
            ClaimResult here = knownHere(call);
            if (here != null) {
                return answeredHere(call, here);
            }
            // The record is gone, by its TTL or since somebody deleted it: what was completed does not count any more.
            completedHere.forget(call.claim.id());
        }
        if (answer.verdict() == Verdict.DUPLICATE && fallbackUsed) {
            forgetInFallback(call.claim.id());
        }
        call.answered(answer.verdict());
        return answer.verdict() == Verdict.CONFLICT && answer.digests().isEmpty()
                ? withKnownDigests(call, answer)
                : answer;
    }

    /** A conflict, with the digests of the first payload where a call of this process had it and is still remembered. */
    private ClaimResult withKnownDigests(RunningCall call, ClaimResult conflict) {
        RecordId id = call.claim.id();
        RunningCall other = running.apply(id);
        CompletedCall untold = updates.untold(id);
        CompletedCall completed = untold != null ? untold : completedHere.find(id);
        if (other != null && other != call && isOf(other.claim, conflict)) {
            return conflict.with(other.claim.digests());
        }
        return completed != null && isOf(completed.claim(), conflict)
                ? conflict.with(completed.claim().digests())
                : conflict;
    }

    private static boolean isOf(Claim claim, ClaimResult conflict) {
        return claim.hash().equals(conflict.hash()) && claim.form().text().equals(conflict.form());
    }

    private void newer(RecordId id, String version) {
        newerRecords.increment();
        log.sayOnceAPeriod(
                GuardLog.Occasion.NEWER_RECORD,
                id.scope(),
                "the record of " + id.forPeople() + " has version " + version
                        + ", which a newer version of the agent wrote; this one knows version 1. It treats the key as in progress until"
                        + " that record is completed or its TTL is over. Finish the update of all workers");
    }

    private void sayFailure(RunningCall call, IdempotencyStoreException failure, IfAway ifAway) {
        String scope = call.claim.id().scope();
        log.sayOnceAPeriod(
                GuardLog.Occasion.STORE_FAILURE,
                scope,
                failure.getMessage() + ". Until it answers, "
                        + switch (ifAway) {
                            case RUN_HERE ->
                                "bodies run unguarded and only duplicates inside this process are caught (on-store-failure=proceed)";
                            case REFUSE -> "calls are refused (on-store-failure=throw)";
                            case WAIT -> "calls whose key another process holds wait";
                        }
                        // Each scope has its own policy, and its own line.
                        + (scope == null ? "" : "; scope '" + scope + "'"));
    }

    private ClaimResult unanswered(RunningCall call, IdempotencyStoreException failure, IfAway ifAway) {
        if (!isElsewhere()) {
            sayFull(call, failure, ifAway);
            throw failure;
        }
        // The claim may have reached the store all the same, and would hold the key for its whole lease.
        call.unanswered();
        call.counters.figures().unanswered();
        breaker.failed(call.claim.id(), failure);
        sayFailure(call, failure, ifAway);
        ClaimResult own = ownAnswer(call);
        if (ifAway.endsTheCall() && own == null) {
            call.mayNotBeGranted();
            updates.failLater(call, "the claim's answer was lost");
        }
        return own != null ? answeredHere(call, own) : unknownHere(call, ifAway, failure);
    }

    /**
     * For a call that does not go on, and whose last claim was not answered: if the store has granted it, that grant would hold the key, and
     * would keep the store from being told of a body that runs or ran here without a claim. Of no effect on other calls. A call that goes
     * on waiting may claim again with the same owner token, so what it has claimed is not taken back before it leaves.
     */
    void giveBackUnanswered(RunningCall call) {
        if (call.mayBeGranted()) {
            call.mayNotBeGranted();
            updates.giveBackLater(call, updates.untold(call.claim.id()));
        }
    }

    /** The records of this process, for a store that is in another one. */
    private IdempotencyStore fallback() {
        return Objects.requireNonNull(fallback, "a store of this process is never away");
    }

    private ClaimResult checkFallback(RunningCall call) {
        fallbackUsed = true;
        call.asksHere(call.leasedAtNanos());
        ClaimResult answer;
        try {
            answer = fallback().check(call.claim);
        } catch (IdempotencyStoreException full) {
            sayFull(call, full, IfAway.RUN_HERE);
            throw full;
        }
        return answeredHere(call, answer);
    }

    /** The records of this process have no room for another call that runs. */
    private void sayFull(RunningCall call, IdempotencyStoreException full, IfAway ifAway) {
        log.sayOnceAPeriod(
                GuardLog.Occasion.STORE_FULL,
                call.claim.id().scope(),
                full.getMessage() + ". Until some of them have ended, "
                        + (ifAway == IfAway.REFUSE
                                ? "calls are refused (on-store-failure=throw)"
                                : "bodies run unguarded"));
    }

    /**
     * What this process knows of the key of a call that the store has just granted. A body that runs here, or has run here while the
     * store was away, counts more than that grant: the store has lost its claim, or has not been told of it yet.
     *
     * @return null where the grant stands
     */
    private @Nullable ClaimResult knownHere(RunningCall call) {
        RecordId id = call.claim.id();
        CompletedCall ran = updates.untold(id);
        ClaimResult here = ran != null ? ran.answer(call.claim.payload()) : whileOtherRuns(call);
        if (here == null && fallbackUsed) {
            here = fallback().peek(call.claim.request());
            ran = here == null ? null : completedInFallback(id, call.claim.times());
        }
        if (here == null) {
            return null;
        }
        if (here.verdict() == Verdict.DUPLICATE) {
            updates.forgetEnds(id);
            updates.completeAside(
                    call, ran == null ? new Completion(here.traceId(), here.result(), "") : ran.completion());
        } else {
            // The grant must go. Otherwise the body that runs or ran here would find another owner when the store is
            // told of it.
            updates.giveBackLater(call, here.verdict() == Verdict.CONFLICT ? ran : null);
        }
        return here;
    }

    /** Null if no body has completed that record in the fallback. */
    private @Nullable StoredRecord completedRecordInFallback(RecordId id) {
        return fallback()
                .status(id)
                .filter(record -> record.status() == RecordStatus.COMPLETED)
                .orElse(null);
    }

    /** As {@link #completedRecordInFallback}, as a call that answers others. */
    private @Nullable CompletedCall completedInFallback(RecordId id, RecordTimes times) {
        StoredRecord record = completedRecordInFallback(id);
        if (record == null) {
            return null;
        }
        Map<String, String> fields = record.fields();
        String traceId = fields.getOrDefault("trace_id", "");
        PayloadDigest payload = new PayloadDigest(
                // Each record that a claim has made names a form that this process knows.
                Objects.requireNonNull(HashForm.named(fields.get("form"))),
                // Each record that a claim has made has one.
                Objects.requireNonNull(fields.get("hash")),
                fields.getOrDefault("members", ""));
        Claim claim = new Claim(
                new ClaimRequest(id, payload, traceId),
                times,
                ClaimField.of(fields.get(ClaimField.NAME)).owner());
        return new CompletedCall(
                claim, new Completion(traceId, fields.get("result"), fields.getOrDefault("response_hash", "")));
    }

    /** The store knows that the record is completed, by whomever. */
    private void forgetInFallback(RecordId id) {
        if (completedRecordInFallback(id) != null) {
            fallback().delete(id);
        }
    }

    /**
     * The store has been told of a completion. From then on it decides what the record's next call gets, and what this process remembers
     * counts only while the store is away: a record that somebody deletes is to be claimable.
     *
     * @param update null where it can't be told: then nobody else knows. So it is where the store has refused it, since another call owns
     *         the record: that one may yet fail, as one does whose claim was answered too late
     */
    private void told(CompletedCall call, @Nullable Update update) {
        if (!fallbackUsed || update == null || update == Update.REFUSED) {
            return;
        }
        RecordId id = call.claim().id();
        CompletedCall here = completedInFallback(id, call.claim().times());
        if (here != null && here.claim().isOfSameOwner(call.claim())) {
            fallback().delete(id);
        }
    }

    private void remember(RunningCall call, Completion completion) {
        CompletedCall completed = new CompletedCall(call.claim, completion);
        completedHere.add(
                call.claim.id(),
                completed,
                completed.bytes(),
                RecordTimes.nanos(call.claim.ttlSeconds(), TimeUnit.SECONDS));
    }

    /** A watch on the record where the call's last answer came from. */
    RecordWatch watch(RunningCall call) {
        return (call.isAnsweredHere() ? fallback() : store).watch(call.claim.id());
    }

    /**
     * Completes, at once or in the background, as the call's policy says.
     *
     * @return REFUSED if another worker is known to own the record; completes when the update is handed over. Fails with {@link
     *         IdempotencyStoreException} where the policy asks for the store's acknowledgement, and there is none
     */
    CompletableFuture<Update> complete(RunningCall call, Completion completion, boolean mayBlock) {
        if (call.isUnguarded()) {
            fallback().markCompleted(call.claim, completion);
            remember(call, completion);
            // The claim that timed out may have reached the store all the same, and would hold the key for its whole
            // lease.
            updates.completeLater(call, completion);
            return PendingUpdates.APPLIED;
        }
        if (!isElsewhere()) {
            Update update = store.markCompleted(call.claim, completion);
            return update == Update.APPLIED ? PendingUpdates.APPLIED : CompletableFuture.completedFuture(update);
        }
        remember(call, completion);
        if (!call.policy.asyncCompletion()) {
            return mayBlock ? updates.completeNow(call, completion) : updates.complete(call, completion);
        }
        if (mayBlock) {
            updates.awaitRoom();
        }
        updates.completeSoon(call, completion);
        return PendingUpdates.APPLIED;
    }

    /** As {@link #complete}, for a body that failed. */
    void fail(RunningCall call, String error, boolean mayBlock) {
        if (call.isUnguarded()) {
            fallback().markFailed(call.claim, error);
            updates.failLater(call, error);
        } else if (!isElsewhere()) {
            store.markFailed(call.claim, error);
        } else {
            if (mayBlock) {
                updates.awaitRoom();
            }
            updates.fail(call, error);
        }
    }

    /** As {@link IdempotencyStore#recordBytes()}, of the records of this process. */
    long recordBytes() {
        return ownRecords().recordBytes();
    }

    /** As {@link IdempotencyStore#droppedRecords()}, of the records of this process. */
    long droppedRecords() {
        return ownRecords().droppedRecords();
    }

    /** As {@link IdempotencyStore#unreadableResults()}. */
    long unreadableResults() {
        return store.unreadableResults();
    }

    /** How often a claim met a pending or failed record that a newer version of the agent wrote. */
    long newerRecords() {
        return newerRecords.sum();
    }

    private IdempotencyStore ownRecords() {
        return fallback == null ? store : fallback;
    }

    void flush(long maxMillis) {
        updates.flush(maxMillis);
    }

    PendingUpdates updates() {
        return updates;
    }

    boolean hasThreads() {
        return updates.hasThreads() || breaker.hasThread();
    }

    /** Ends the threads, after what waits was sent once more. The store stays open. */
    @Override
    public void close() {
        updates.close();
        breaker.close();
    }
}
