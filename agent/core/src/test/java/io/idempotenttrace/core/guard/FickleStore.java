package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordWatch;
import io.idempotenttrace.core.store.RefusedStepException;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * A store of another process, as the guard sees it on a bad day: its steps fail, lose their answers or are late, as the test says. What
 * it does, it does in the records of a store in memory.
 */
final class FickleStore implements IdempotencyStore {

    /** What a call may ask for. */
    enum Step {
        CHECK,
        COMPLETE,
        FAIL,
        RENEW,
        DELETE,
        STATUS
    }

    /** What becomes of one step. */
    enum Fate {
        /** It is not made, and fails. */
        UNREACHABLE,
        /** It is made, and fails all the same: its answer was lost. */
        ANSWER_LOST,
        /** It is answered with a refusal that concerns this record alone. */
        REFUSED,
        /** It breaks with an error of the agent's own. */
        FAULT
    }

    private final IdempotencyStore records;
    /** What becomes of the next ones of a kind; an absent or empty list: they are made. */
    private final Map<Step, ConcurrentLinkedQueue<Fate>> next = new EnumMap<>(Step.class);
    /** Those of a kind that fail until further notice. */
    private final Map<Step, Fate> always = new ConcurrentHashMap<>();

    private final List<String> made = new CopyOnWriteArrayList<>();
    private volatile Runnable beforeAnswer = () -> {};
    private volatile boolean remembers;
    /** The version that the records have which others hold; empty where it is the one that is known here. */
    private volatile String newerVersion = "";
    /** The answers that are held back; null where none is. */
    private volatile ConcurrentLinkedQueue<Runnable> held;

    FickleStore(IdempotencyStore records) {
        this.records = records;
        for (Step step : Step.values()) {
            next.put(step, new ConcurrentLinkedQueue<>());
        }
    }

    /** The next step of that kind has that fate. */
    void next(Step step, Fate fate) {
        next.get(step).add(fate);
    }

    /** Each step of that kind has that fate, until it is {@link #well}. */
    void always(Step step, Fate fate) {
        always.put(step, fate);
    }

    void well(Step step) {
        always.remove(step);
    }

    /** Runs once, after the next step was made and before its answer is given: time may pass, and others may come. */
    void beforeNextAnswer(Runnable meanwhile) {
        beforeAnswer = () -> {
            beforeAnswer = () -> {};
            meanwhile.run();
        };
    }

    /** From now on claims and completions without blocking have their answers held back. */
    void holdAnswers() {
        held = new ConcurrentLinkedQueue<>();
    }

    /** Gives the answers that were held back, on this thread; the next ones come at once. */
    void giveAnswers() {
        ConcurrentLinkedQueue<Runnable> answers = held;
        held = null;
        answers.forEach(Runnable::run);
    }

    /** From now on it knows completed records without a claim, as a store with a cache does. */
    void remembers() {
        remembers = true;
    }

    /** From now on the records that others hold were written by a newer agent. */
    void heldByNewer(String version) {
        newerVersion = version;
    }

    /** How often steps of that kind were asked for, whatever their fate. */
    long asked(Step step) {
        return made.stream().filter(step.name()::equals).count();
    }

    private <T> T step(Step step, Supplier<T> work) {
        made.add(step.name());
        Fate fate = next.get(step).poll();
        if (fate == null) {
            fate = always.get(step);
        }
        if (fate == Fate.UNREACHABLE) {
            throw unanswered("can't be reached");
        }
        if (fate == Fate.REFUSED) {
            throw new RefusedStepException("the store of a test refuses", "t", "k", null, null);
        }
        if (fate == Fate.FAULT) {
            throw new StackOverflowError("of a test");
        }
        T answer = work.get();
        beforeAnswer.run();
        if (fate == Fate.ANSWER_LOST) {
            throw unanswered("did not answer");
        }
        return answer;
    }

    /** As another process has it: it does not see whether the claim's owner runs, nor digests that no secret keys. */
    private static Claim sent(Claim claim) {
        PayloadDigest payload =
                new PayloadDigest(claim.form(), claim.hash(), claim.form().isKeyed() ? claim.digests() : "");
        return new Claim(new ClaimRequest(claim.id(), payload, claim.traceId()), claim.times(), claim.owner());
    }

    private static IdempotencyStoreException unanswered(String why) {
        return new IdempotencyStoreException("the store of a test " + why, "t", "k", null, null);
    }

    @Override
    public ClaimResult check(Claim claim) {
        return step(Step.CHECK, () -> asOfItsVersion(records.check(sent(claim))));
    }

    private ClaimResult asOfItsVersion(ClaimResult answer) {
        return answer.verdict() != Verdict.IN_PROGRESS
                ? answer
                : new ClaimResult(
                        answer.verdict(),
                        answer.hash(),
                        answer.traceId(),
                        answer.result(),
                        answer.digests(),
                        answer.attempt(),
                        answer.fence(),
                        answer.leaseRemainingMillis(),
                        answer.holder(),
                        answer.createdAtSeconds(),
                        answer.form(),
                        newerVersion);
    }

    @Override
    public CompletableFuture<ClaimResult> checkAsync(Claim claim) {
        return heldBack(IdempotencyStore.super.checkAsync(claim));
    }

    private <T> CompletableFuture<T> heldBack(CompletableFuture<T> answer) {
        ConcurrentLinkedQueue<Runnable> later = held;
        if (later == null) {
            return answer;
        }
        CompletableFuture<T> late = new CompletableFuture<>();
        later.add(() -> answer.whenComplete((value, failure) -> {
            if (failure != null) {
                late.completeExceptionally(failure);
            } else {
                late.complete(value);
            }
        }));
        return late;
    }

    @Override
    public ClaimResult known(ClaimRequest request) {
        return remembers ? records.known(request) : null;
    }

    @Override
    public Update markCompleted(Claim claim, Completion completion) {
        return step(Step.COMPLETE, () -> records.markCompleted(sent(claim), completion));
    }

    @Override
    public CompletableFuture<Update> markCompletedAsync(Claim claim, Completion completion) {
        return heldBack(IdempotencyStore.super.markCompletedAsync(claim, completion));
    }

    @Override
    public Update markFailed(Claim claim, String error) {
        return step(Step.FAIL, () -> records.markFailed(sent(claim), error));
    }

    @Override
    public Update renew(Claim claim) {
        return step(Step.RENEW, () -> records.renew(sent(claim)));
    }

    @Override
    public boolean delete(RecordId id) {
        return step(Step.DELETE, () -> records.delete(id));
    }

    @Override
    public boolean giveBack(Claim claim) {
        return step(Step.DELETE, () -> records.giveBack(sent(claim)));
    }

    @Override
    public Optional<StoredRecord> status(RecordId id) {
        return step(Step.STATUS, () -> records.status(id));
    }

    @Override
    public RecordWatch watch(RecordId id) {
        return records.watch(id);
    }

    @Override
    public String name() {
        return "fickle";
    }

    @Override
    public void close() {
        records.close();
    }
}
