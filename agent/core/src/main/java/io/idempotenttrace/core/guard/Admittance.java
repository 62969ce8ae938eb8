package io.idempotenttrace.core.guard;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.core.background.TimeLimit;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.RecordWatch;
import io.idempotenttrace.core.store.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One call on its way to admission. It goes as far as it can; where it has to wait, it says for what, and goes on when that is
 * there: {@link #await()} blocks a thread meanwhile, {@link #whenAdmitted()} does not.
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

    private static final long FOREVER = Long.MAX_VALUE;
    private static final long AWAY_POLL_MILLIS = 100;

    private final Guard guard;
    private final Claim claim;
    private final CallPolicy policy;
    private final boolean enforcing;
    private final RunningCall mine;

    private Step step;
    /** What the call waits for, and how long at most. */
    private CompletableFuture<?> awaited;
    private long awaitedNanos;
    /** When the call gives up, {@link System#nanoTime()}; 0 until it first waits. */
    private long deadlineNanos;

    private RunningCall followed;
    private CompletableFuture<ClaimResult> asked;
    private boolean askedAgain;
    /** The last answer that another process holds the record, and when its lease ends if it is not renewed. */
    private ClaimResult held;
    private long heldUntilNanos;
    private RecordWatch watch;
    private boolean watchesHere;
    private CompletableFuture<Void> change;
    private long pauseEndsNanos;

    /** @param mine may have met the others already */
    Admittance(Guard guard, RunningCall mine, boolean enforcing) {
        this.guard = guard;
        this.claim = mine.claim;
        this.policy = mine.policy;
        this.enforcing = enforcing;
        this.mine = mine;
        // A call that is only observed waits for nobody.
        this.step = enforcing ? Step.MEET : Step.ASK;
    }

    /** The answer; the calling thread parks while there is none. */
    Admission await() {
        while (true) {
            Admission admission = advance(/* mayBlock= */ true);
            if (admission != null) {
                return admission;
            }
            try {
                awaited.get(awaitedNanos, TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                // The next step looks what there is.
            } catch (InterruptedException e) {
                leave(null);
                Thread.currentThread().interrupt();
                throw answers().interrupted();
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
            while (admission == null && awaited.isDone()) {
                admission = advance(/* mayBlock= */ false);
            }
            if (admission != null) {
                admitted.complete(admission);
                return;
            }
            CompletableFuture<?> bounded = awaitedNanos == FOREVER ? awaited : TimeLimit.within(awaitedNanos, awaited);
            bounded.whenComplete((ignored, failure) -> goOn(admitted, false));
        } catch (Throwable failure) {
            admitted.completeExceptionally(failure);
        }
    }

    /** Goes on; null if the call has to wait for {@link #awaited}. */
    private Admission advance(boolean mayBlock) {
        try {
            while (true) {
                switch (step) {
                    case MEET -> meet();
                    case FOLLOW -> {
                        CompletableFuture<Admission.Stored> ended = followed.ended();
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
                        Admission admission = answer == null ? null : enforcing ? decide(answer) : observe(answer);
                        if (admission != null) {
                            return admission;
                        }
                    }
                }
            }
        } catch (IdempotencyStoreException e) {
            leave(null);
            return answers().withoutStore(e);
        } catch (RuntimeException | Error e) {
            // First: what ends a call in good order may itself be what has failed.
            guard.abandon(mine);
            closeWatch();
            throw e;
        }
    }

    private void meet() {
        RunningCall other = guard.running.putIfAbsent(claim.id(), mine);
        boolean follows = other != null && other != mine && other.hasPayloadOf(claim) && policy.onInProgress() == OnInProgress.WAIT;
        followed = follows ? other : null;
        step = follows ? Step.FOLLOW : Step.ASK;
    }

    /** Whether the followed call has ended; else the next wait is for it. */
    private boolean hasEnded(CompletableFuture<Admission.Stored> ended) {
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
    private ClaimResult askOrHold(boolean mayBlock) {
        mine.heldElsewhere = held != null && System.nanoTime() - heldUntilNanos < 0;
        try {
            return ask(mayBlock);
        } catch (IdempotencyStoreException e) {
            if (!mine.heldElsewhere) {
                throw e;
            }
            // The holder may still run: its body must not run here as well because the store can't be asked.
            hold(held, AWAY_POLL_MILLIS);
            return null;
        }
    }

    private ClaimResult ask(boolean mayBlock) {
        boolean mayProceed = !enforcing || policy.onStoreFailure() == OnStoreFailure.PROCEED;
        if (mayBlock) {
            return guard.store.check(mine, mayProceed);
        }
        if (asked == null) {
            asked = guard.store.checkAsync(mine, mayProceed);
        }
        if (!asked.isDone()) {
            waitFor(asked, FOREVER);
            return null;
        }
        CompletableFuture<ClaimResult> answered = asked;
        asked = null;
        try {
            return answered.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** What the answer means; null if the call waits for the owner. */
    private Admission decide(ClaimResult answer) {
        if (answer.verdict() == Verdict.IN_PROGRESS && policy.onInProgress() == OnInProgress.WAIT) {
            held = answer;
            heldUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(answer.leaseRemainingMillis());
            hold(answer, Long.MAX_VALUE);
            return null;
        }
        if (answer.verdict() == Verdict.NEW) {
            if (!askedAgain && claim.isGranted() && guard.store.isElsewhere() && System.nanoTime() - mine.leaseEndNanos() >= 0) {
                // The answer took longer than the lease: another worker may own the key by now.
                askedAgain = true;
                return null;
            }
            closeWatch();
            return guard.own(mine);
        }
        Admission.Stored stored = answer.verdict() == Verdict.DUPLICATE
                ? new Admission.Stored(answer.traceId(), answer.result(), false) : null;
        leave(stored);
        return switch (answer.verdict()) {
            case DUPLICATE -> answers().duplicate(stored);
            case CONFLICT -> answers().conflict(answer);
            default -> answers().inProgress(answer);
        };
    }

    /** The verdict of a call that runs in any case. */
    private Admission observe(ClaimResult answer) {
        if (answer.verdict() == Verdict.NEW) {
            return guard.own(mine);
        }
        guard.counters.count(switch (answer.verdict()) {
            case DUPLICATE -> Ending.DUPLICATE;
            case CONFLICT -> Ending.CONFLICT;
            default -> Ending.IN_PROGRESS;
        });
        guard.log.sayOnceAPeriod(GuardLog.Occasion.OBSERVED, "observed " + answer.verdict() + " for " + Answers.named(claim.id())
                + "; its body runs all the same (mode=observe)");
        return Admission.UNGUARDED;
    }

    /** Begins a wait for the process that holds the record. */
    private void hold(ClaimResult answer, long pollMillis) {
        step = Step.HOLD;
        if (watch == null || watchesHere != mine.answeredHere) {
            closeWatch();
            watch = guard.store.watch(mine);
            watchesHere = mine.answeredHere;
            change = watch.ready();
        }
        long most = Math.min(timeLeft(), TimeUnit.MILLISECONDS.toNanos(Math.max(1, answer.leaseRemainingMillis())));
        pauseEndsNanos = System.nanoTime() + Math.min(most,
                TimeUnit.MILLISECONDS.toNanos(Math.min(pollMillis, watch.pollMillis())));
    }

    /** Whether the held record may have changed; else the next wait is for that. */
    private boolean isWorthAsking() {
        if (!change.isDone()) {
            long left = timeLeft();
            if (left <= 0) {
                throw answers().gaveUp(held);
            }
            long pause = Math.min(left, pauseEndsNanos - System.nanoTime());
            if (pause > 0) {
                waitFor(change, pause);
                return false;
            }
        }
        change = watch.arm();
        return true;
    }

    private Answers answers() {
        return new Answers(guard.counters, claim.id(), claim.hash(), policy);
    }

    private void waitFor(CompletableFuture<?> future, long nanos) {
        awaited = future;
        awaitedNanos = nanos;
    }

    private long timeLeft() {
        if (deadlineNanos == 0) {
            deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(policy.inProgressWaitMillis());
        }
        return deadlineNanos - System.nanoTime();
    }

    /** Ends the part of a call that does not own its key; {@code answer} is for those who wait for it. */
    private void leave(Admission.Stored answer) {
        closeWatch();
        guard.withdraw(mine, answer);
    }

    private void closeWatch() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }
}
