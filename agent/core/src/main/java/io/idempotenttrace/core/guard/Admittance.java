package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.GuardedStore.IfAway;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.RecordWatch;
import io.idempotenttrace.core.store.Verdict;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way to admission.
 *
 * <p>The problem: calls with one key meet in two places. Those of this process meet in a map, where one of them claims and the others
 * wait for its end. Those of other processes meet in the store, whose answer may come late or not at all. A call may have to wait in
 * both places, one after the other and more than once, on a thread that must or must not be blocked.
 *
 * <p>The invariant: a body runs only if its call is in a state of owning, and of the calls of this process with one key and payload at
 * most one is in such a state. A call leaves a state of owning once, by {@link RunningCall#ended()}, and only then do those go on who
 * wait for it.
 *
 * <p>The states of the call are those of {@link RunningCall.State}. FIRST, OWNER and UNGUARDED own the key:
 * <pre>
 *                                placed()
 *                 ASKING ----------------------------------&gt; FIRST ----------+
 *                 |    ^                                                     |
 *      answered() |    | asksElsewhere(), asksHere():                        |
 *   answeredHere()|    | the holder may have ended                           | ended():
 *                 |    |                                                     | the body has ended,
 *                 +----|----- NEW, by the store ----------&gt; OWNER -----------+ or the call leaves
 *                 |    |                                                     |
 *                 +----|----- NEW, by this process -------&gt; UNGUARDED -------+---&gt; ENDED
 *                 |    |                                                     |
 *                 +---&gt; REFUSED, by the store -------------------------------+
 *                 +---&gt; REFUSED_HERE, by this process -----------------------+
 *                 +---- no answer: interrupted, gave up, no store -----------+
 * </pre>
 * Two kinds of calls never become ENDED, since they hold no key and nobody waits for them: one that returns what the followed call has
 * left keeps ASKING, and one that is only observed and has met another keeps REFUSED or REFUSED_HERE.
 *
 * <p>An answer that comes later than the lease it grants makes an OWNER ask once more, for another worker may have run the body meanwhile.
 * If {@value #MOST_LATE_ANSWERS} in a row are late, the call is refused where {@code on-store-failure} is {@code throw}.
 *
 * <p>The call goes as far as it can, by {@link Step}s. Where it has to wait it notes for what, and goes on when that is there: {@link
 * #await()} blocks a thread meanwhile, {@link #whenAdmitted} does not.
 */
final class Admittance {

    private enum Step {
        /** Meets the calls of this process. */
        MEET,
        /** Waits for the end of another call of this process. */
        FOLLOW,
        /** Asks the store. */
        ASK,
        /** Waits until the record that another process holds may have changed. */
        HOLD
    }

    /** The step is not to wait for a time. */
    private static final long FOREVER = Long.MAX_VALUE;

    private static final long AWAY_POLL_MILLIS = 100;

    /** A process that was paused twice in a row is rare; one more costs one more answer of the store. */
    private static final int MOST_LATE_ANSWERS = 5;

    private final Guard guard;
    private final Claim claim;
    private final CallPolicy policy;
    private final boolean enforcing;
    private final RunningCall mine;
    private final ClaimRequest request;

    private Step step;
    /** What the call waits for, and how long at most; null until it first waits. */
    private @Nullable CompletableFuture<?> awaited;

    private long awaitedNanos;
    /** When the call gives up, {@link System#nanoTime()}; 0 until it first waits. */
    private long deadlineNanos;

    /** The call whose end this one waits for in FOLLOW; else null. */
    private @Nullable RunningCall followed;
    /** The store's answer that is on its way; else null. */
    private @Nullable CompletableFuture<ClaimResult> asked;

    private int lateAnswers;
    /** Whether the last answer was that the key is held or completed. */
    private boolean taken;
    /** The last answer that another process holds the record, and when its lease ends if it is not renewed. Null until there is one. */
    private @Nullable ClaimResult held;

    private long heldUntilNanos;
    /** Null before and after the wait for the process that holds the record. */
    private @Nullable RecordWatch watch;

    private boolean watchesHere;
    /** Whether {@link #change} is one that the watch was asked for; before, it is one that is there at once. */
    private boolean armed;

    private @Nullable CompletableFuture<Void> change;
    private long pauseEndsNanos;

    /** @param mine may have met the others already */
    Admittance(Guard guard, RunningCall mine, ClaimRequest request, boolean enforcing) {
        this.guard = guard;
        this.claim = mine.claim;
        this.policy = mine.policy;
        this.enforcing = enforcing;
        this.mine = mine;
        this.request = request;
        // A call that is only observed waits for nobody.
        this.step = enforcing ? Step.MEET : Step.ASK;
    }

    /** The answer; the calling thread parks while there is none. */
    Admission await() {
        Admission answer;
        try {
            answer = awaitAnswer();
        } catch (IdempotencyException refusal) {
            throw refusal;
        } catch (RuntimeException | Error fault) {
            if (!taken && followed == null) {
                throw fault;
            }
            // No stack or memory may be left to make another one.
            KeyTakenError error = KeyTakenError.UNTOLD;
            try {
                error = new KeyTakenError(fault);
            } catch (Throwable again) {
                // The caller is told without the cause.
            }
            throw error;
        } finally {
            if (mine.untold != null) {
                try {
                    guard.reports.tell(mine);
                } catch (Throwable fault) {
                    // Nobody is told. What the call has got stands.
                }
            }
        }
        return answer instanceof Admission.InOtherForm other ? guard.admit(other.request, policy) : answer;
    }

    private Admission awaitAnswer() {
        while (true) {
            Admission admission = advance(/* mayBlock= */ true);
            if (admission != null) {
                return admission;
            }
            try {
                guard.platform.get(awaited(), awaitedNanos);
            } catch (TimeoutException | ExecutionException e) {
                // The next step looks what there is.
            } catch (InterruptedException e) {
                leave(null);
                Thread.currentThread().interrupt();
                measureWait();
                throw answers().interrupted();
            } catch (Throwable fault) {
                // Out of stack or memory: those who follow this call must not wait for it.
                leave(null);
                throw fault;
            }
        }
    }

    /**
     * The answer, when it is there.
     *
     * @param mayAskHere whether this thread may wait for the store's first answer; for the end of another call it never does
     */
    CompletableFuture<Admission> whenAdmitted(boolean mayAskHere) {
        CompletableFuture<Admission> admitted = new CompletableFuture<>();
        goOn(admitted, mayAskHere);
        return admitted;
    }

    private void goOn(CompletableFuture<Admission> admitted, boolean mayAskHere) {
        try {
            Admission admission = advance(mayAskHere);
            while (admission == null && awaited().isDone()) {
                admission = advance(/* mayBlock= */ false);
            }
            if (mine.untold != null) {
                guard.reports.tell(mine);
            }
            if (admission instanceof Admission.InOtherForm other) {
                guard.claimAsync(other.request, policy, mayAskHere).whenComplete((answer, failure) -> {
                    if (failure == null) {
                        admitted.complete(answer);
                    } else {
                        admitted.completeExceptionally(Failures.cause(failure));
                    }
                });
                return;
            }
            if (admission != null) {
                admitted.complete(admission);
                return;
            }
            CompletableFuture<?> future = awaited();
            CompletableFuture<?> bounded =
                    awaitedNanos == FOREVER ? future : guard.platform.within(awaitedNanos, future);
            bounded.whenComplete((ignored, failure) -> goOn(admitted, false));
        } catch (Throwable failure) {
            // Of no effect on a call that has left already, as most have that fail.
            guard.ends.withdraw(mine, null);
            if (mine.untold != null) {
                try {
                    guard.reports.tell(mine);
                } catch (Throwable again) {
                    // Nobody is told. The refusal stands.
                }
            }
            Throwable told = failure;
            if (!(failure instanceof IdempotencyException) && (taken || followed != null)) {
                told = KeyTakenError.UNTOLD;
                try {
                    told = new KeyTakenError(failure);
                } catch (Throwable again) {
                    // The caller is told without the cause.
                }
            }
            admitted.completeExceptionally(told);
        }
    }

    /** Goes on; null if the call has to wait for {@link #awaited}. */
    private @Nullable Admission advance(boolean mayBlock) {
        Admission admission = null;
        boolean knows = true;
        try {
            admission = takeSteps(mayBlock);
            knows = admission != null;
            return admission;
        } finally {
            if (knows) {
                try {
                    measureWait();
                } catch (RuntimeException | Error fault) {
                    // The call has what it gets, and may own its key: a fault here would keep the key from everybody.
                }
            }
        }
    }

    private @Nullable Admission takeSteps(boolean mayBlock) {
        try {
            while (true) {
                switch (step) {
                    case MEET -> meet();
                    case FOLLOW -> {
                        CompletableFuture<Admission.@Nullable Stored> ended =
                                Objects.requireNonNull(followed, "followed").whenEnded();
                        if (!hasEnded(ended)) {
                            return null;
                        }
                        Admission.Stored left = ended.join();
                        if (left != null) {
                            return answers().duplicate(left);
                        }
                        step = Step.MEET;
                    }
                    case HOLD -> {
                        if (!isWorthAsking()) {
                            return null;
                        }
                        step = Step.ASK;
                    }
                    case ASK -> {
                        ClaimResult answer = askOrHold(mayBlock);
                        if (asked != null) {
                            return null;
                        }
                        Admission admission = answer == null ? null : admissionBy(answer);
                        if (admission != null) {
                            return admission;
                        }
                    }
                }
            }
        } catch (IdempotencyStoreException e) {
            leave(null);
            return enforcing ? answers().withoutStore(e) : answers().unguarded();
        } catch (RuntimeException | Error e) {
            // Release the call before the watch is closed: closing it may throw again, and the key must not stay held.
            guard.abandon(mine);
            closeWatch();
            throw e;
        }
    }

    private void meet() {
        RunningCall other = guard.running.putIfAbsent(claim.id(), mine);
        boolean follows = other != null
                && other != mine
                && other.hasPayloadOf(claim)
                && policy.onInProgress() == OnInProgress.WAIT;
        followed = follows ? other : null;
        step = follows ? Step.FOLLOW : Step.ASK;
    }

    /** Whether the followed call has ended; else the next wait is for it. */
    private boolean hasEnded(CompletableFuture<Admission.@Nullable Stored> ended) {
        if (ended.isDone()) {
            return true;
        }
        long left = timeLeft();
        if (left <= 0) {
            throw answers().gaveUp(ClaimResult.OWN_PROCESS, "");
        }
        waitFor(ended, left);
        return false;
    }

    /** The store's answer; null if it is on its way, or if the store is away and the call waits on for the holder's lease. */
    private @Nullable ClaimResult askOrHold(boolean mayBlock) {
        ClaimResult heldElsewhere = held != null && now() - heldUntilNanos < 0 ? held : null;
        try {
            return ask(mayBlock, heldElsewhere != null ? IfAway.WAIT : ifAway());
        } catch (IdempotencyStoreException e) {
            if (heldElsewhere == null) {
                throw e;
            }
            // The holder may still run: its body must not run here as well because the store can't be asked.
            hold(heldElsewhere, /* away= */ true);
            return null;
        }
    }

    private IfAway ifAway() {
        return !enforcing || policy.onStoreFailure() == OnStoreFailure.PROCEED ? IfAway.RUN_HERE : IfAway.REFUSE;
    }

    private @Nullable ClaimResult ask(boolean mayBlock, IfAway ifAway) {
        if (mayBlock) {
            return guard.store.check(mine, ifAway);
        }
        CompletableFuture<ClaimResult> answer = asked;
        if (answer == null) {
            answer = guard.store.checkAsync(mine, ifAway);
            asked = answer;
        }
        if (!answer.isDone()) {
            waitFor(answer, FOREVER);
            return null;
        }
        asked = null;
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw Failures.toThrow(e);
        }
    }

    /** Null if the call waits for the owner. */
    private @Nullable Admission admissionBy(ClaimResult answer) {
        ClaimRequest inOtherForm =
                answer.verdict() == Verdict.CONFLICT ? request.inForm(answer.form(), answer.hash()) : null;
        if (inOtherForm != null) {
            leave(null);
            return new Admission.InOtherForm(inOtherForm);
        }
        return enforcing ? decide(answer) : observe(answer);
    }

    /** What the answer means; null if the call waits for the owner. */
    private @Nullable Admission decide(ClaimResult answer) {
        taken = answer.verdict() != Verdict.NEW;
        if (answer.verdict() == Verdict.IN_PROGRESS && policy.onInProgress() == OnInProgress.WAIT) {
            held = answer;
            heldUntilNanos = now() + TimeUnit.MILLISECONDS.toNanos(answer.leaseRemainingMillis());
            hold(answer, /* away= */ false);
            return null;
        }
        if (answer.verdict() == Verdict.NEW) {
            if (isAnsweredTooLate()) {
                lateAnswers++;
                if (lateAnswers < MOST_LATE_ANSWERS) {
                    return null;
                }
                if (policy.onStoreFailure() == OnStoreFailure.THROW) {
                    throw new IdempotencyStoreException(
                            answersTooLate(), claim.id().tenant(), claim.id().key(), null, null);
                }
                guard.log.sayOnceAPeriod(
                        GuardLog.Occasion.ANSWERED_LATE,
                        claim.id().scope(),
                        answersTooLate() + "; its body runs (on-store-failure=proceed)");
            }
            closeWatch();
            return guard.own(mine);
        }
        if (answer.verdict() == Verdict.DUPLICATE) {
            Admission.Stored stored = new Admission.Stored(answer.traceId(), answer.result(), false);
            leave(stored);
            return answers().duplicate(stored);
        }
        leave(null);
        if (answer.verdict() == Verdict.CONFLICT) {
            guard.reports.conflict(request, policy, answer);
            return answers().conflict(answer, claim.form());
        }
        return answers().inProgress(answer);
    }

    /** Whether the answer took longer than the lease: another worker may own the key by now. */
    private boolean isAnsweredTooLate() {
        return mine.isOwner() && guard.store.isElsewhere() && now() - mine.leaseEndNanos() >= 0;
    }

    private String answersTooLate() {
        return MOST_LATE_ANSWERS + " times in a row the store has answered the claim of "
                + claim.id().forPeople()
                + " later than its lease of " + claim.leaseMillis()
                + " ms, so another worker may own the key by now; raise lease";
    }

    /** The verdict of a call that runs in any case. */
    private Admission observe(ClaimResult answer) {
        if (answer.verdict() == Verdict.NEW) {
            return guard.own(mine);
        }
        guard.store.giveBackUnanswered(mine);
        Ending ending = switch (answer.verdict()) {
            case DUPLICATE -> Ending.DUPLICATE;
            case CONFLICT -> Ending.CONFLICT;
            default -> Ending.IN_PROGRESS;
        };
        guard.reports.observed(ending, request, policy, answer, mine);
        guard.log.sayOnceAPeriod(
                GuardLog.Occasion.OBSERVED,
                claim.id().scope(),
                "observed " + answer.verdict() + " for " + claim.id().forPeople()
                        + "; its body runs all the same (mode=observe)");
        return Admission.UNGUARDED;
    }

    /**
     * Begins a wait for the process that holds the record.
     *
     * @param away whether the store could not be asked
     */
    private void hold(ClaimResult answer, boolean away) {
        step = Step.HOLD;
        RecordWatch watched = watch;
        if (watched == null || watchesHere != mine.isAnsweredHere()) {
            closeWatch();
            watched = guard.store.watch(mine);
            watch = watched;
            watchesHere = mine.isAnsweredHere();
            change = watched.ready();
            armed = false;
        }
        long pollMillis = watched.pollMillis();
        // Also where the records of this process do not have that of a call that runs here by a claim of the store.
        boolean changesAtOnce =
                watchesHere && armed && Objects.requireNonNull(change, "change").isDone();
        if (away || changesAtOnce) {
            // The call asks again when the pause is over. If it reacted to changes of the record, it would ask at once,
            // again and again.
            change = new CompletableFuture<>();
            pollMillis = Math.min(AWAY_POLL_MILLIS, pollMillis);
        }
        long most = Math.min(timeLeft(), TimeUnit.MILLISECONDS.toNanos(Math.max(1, answer.leaseRemainingMillis())));
        pauseEndsNanos = now() + Math.min(most, TimeUnit.MILLISECONDS.toNanos(pollMillis));
    }

    /** Whether the held record may have changed; else the next wait is for that. */
    private boolean isWorthAsking() {
        CompletableFuture<Void> expected = Objects.requireNonNull(change, "change");
        if (!expected.isDone()) {
            long left = timeLeft();
            if (left <= 0) {
                throw answers().gaveUp(Objects.requireNonNull(held, "held"));
            }
            long pause = Math.min(left, pauseEndsNanos - now());
            if (pause > 0) {
                waitFor(expected, pause);
                return false;
            }
        }
        change = Objects.requireNonNull(watch, "watch").arm();
        armed = true;
        return true;
    }

    private Answers answers() {
        return new Answers(guard, claim.id(), claim.hash(), policy, waitedMillis(), mine);
    }

    private long waitedMillis() {
        return deadlineNanos == 0
                ? 0
                : policy.inProgressWaitMillis() - TimeUnit.NANOSECONDS.toMillis(deadlineNanos - now());
    }

    /** The call knows what it gets. Most have not waited for another one. */
    private void measureWait() {
        if (deadlineNanos != 0) {
            mine.waitedMillis = waitedMillis();
            mine.counters.figures().waited(now() - (deadlineNanos - waitNanos()));
        }
    }

    private long waitNanos() {
        return TimeUnit.MILLISECONDS.toNanos(policy.inProgressWaitMillis());
    }

    private CompletableFuture<?> awaited() {
        return Objects.requireNonNull(awaited, "a call that is not admitted waits for something");
    }

    private void waitFor(CompletableFuture<?> future, long nanos) {
        awaited = future;
        awaitedNanos = nanos;
    }

    private long timeLeft() {
        if (deadlineNanos == 0) {
            deadlineNanos = now() + waitNanos();
        }
        return deadlineNanos - now();
    }

    private long now() {
        return guard.nanoClock.getAsLong();
    }

    /** Ends the part of a call that does not own its key; {@code answer} is for those who wait for it. */
    private void leave(Admission.@Nullable Stored answer) {
        try {
            guard.ends.withdraw(mine, answer);
        } finally {
            closeWatch();
        }
    }

    private void closeWatch() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }
}
