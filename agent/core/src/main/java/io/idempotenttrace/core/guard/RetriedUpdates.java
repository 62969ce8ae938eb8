package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RefusedStepException;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The updates that are being tried again. Each ends by itself as its answer comes: one whose answer gets lost, by a fault of the agent say,
 * holds up no other, and ends as failed when no answer can come any more. Its user takes care that one thread uses it at a time.
 */
final class RetriedUpdates {

    /** As many completions go in one step of the store, which serves nobody else meanwhile. */
    private static final int MOST_IN_ONE_STEP = 16;

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** What decides about an answer. */
    interface Judge {

        /** Whether the update is done with: it is written, or can't ever be. Else it is to be tried again. */
        boolean isAnswered(PendingUpdate update, @Nullable Update answer, @Nullable Throwable failure);
    }

    /**
     * Those that have ended.
     *
     * @param written are done with
     * @param unwritten are to be tried again, in the order in which they were sent
     */
    record Ended(List<PendingUpdate> written, List<PendingUpdate> unwritten) {}

    private static final class Retried extends SentUpdate {

        /** The store's answer. */
        final CompletableFuture<Update> answer = new CompletableFuture<>();

        final long deadlineNanos;

        Retried(PendingUpdate update, long deadlineNanos) {
            super(update);
            this.deadlineNanos = deadlineNanos;
        }

        @Override
        public void ended(@Nullable Update answered, @Nullable Throwable failure) {
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else {
                answer.complete(answered == null ? Update.APPLIED : answered);
            }
        }
    }

    private final IdempotencyStore store;
    private final Platform platform;
    private final Judge judge;
    private final List<Retried> open = new ArrayList<>();

    RetriedUpdates(IdempotencyStore store, Platform platform, Judge judge) {
        this.store = store;
        this.platform = platform;
        this.judge = judge;
    }

    /** How many have no answer yet, or one that was not looked at. */
    int size() {
        return open.size();
    }

    /** Sends them, those that give a claim back while the caller waits. If it throws, some may not be among those that it has sent. */
    void send(List<PendingUpdate> together) {
        long deadline = platform.nanoTime() + TimeUnit.MILLISECONDS.toNanos(store.longestAnswerMillis());
        List<Retried> sent = new ArrayList<>();
        together.forEach(update -> sent.add(new Retried(update, deadline)));
        open.addAll(sent);
        List<Retried> completions = new ArrayList<>();
        // By part of the store: each of those behind would wait for its own time limit.
        Map<String, Throwable> away = new HashMap<>();
        for (Retried one : sent) {
            Claim givenBack = one.update.givenBack();
            if (givenBack != null) {
                giveBack(one, givenBack, away);
            } else if (one.update.completion() != null) {
                completions.add(one);
            } else {
                PendingUpdates.start(store, one.update).whenComplete(one::ended);
            }
        }
        for (int i = 0; i < completions.size(); i += MOST_IN_ONE_STEP) {
            completeTogether(completions.subList(i, Math.min(completions.size(), i + MOST_IN_ONE_STEP)));
        }
    }

    private void completeTogether(List<Retried> completions) {
        try {
            store.markCompletedTogether(completions);
        } catch (RuntimeException | Error fault) {
            completions.forEach(one -> one.ended(null, fault));
        }
    }

    private void giveBack(Retried one, Claim givenBack, Map<String, Throwable> away) {
        PendingUpdate update = one.update;
        String part = store.partOf(givenBack.id());
        Throwable known = away.get(part);
        if (known != null) {
            one.ended(null, known);
            return;
        }
        try {
            store.giveBack(givenBack);
            one.ended(
                    update.completion() == null
                            ? Update.APPLIED
                            : store.markCompleted(update.claim(), update.completion()),
                    null);
        } catch (RuntimeException | Error fault) {
            if (!(fault instanceof RefusedStepException)) {
                // What is refused to one record may be allowed to others.
                away.put(part, fault);
            }
            one.ended(null, fault);
        }
    }

    /** Takes out those that have ended. */
    Ended ended() {
        List<PendingUpdate> written = new ArrayList<>();
        List<PendingUpdate> unwritten = new ArrayList<>();
        for (Iterator<Retried> each = open.iterator(); each.hasNext(); ) {
            Retried one = each.next();
            boolean over = platform.nanoTime() - one.deadlineNanos >= 0;
            if (one.answer.isDone() || over) {
                (isWritten(one) ? written : unwritten).add(one.update);
                each.remove();
            }
        }
        return new Ended(written, unwritten);
    }

    private boolean isWritten(Retried one) {
        Update answer = null;
        Throwable failure = Failures.of(one.answer);
        if (failure == null && !one.answer.isDone()) {
            failure = new IllegalStateException("the answer of the store " + store.name() + " got lost");
        }
        try {
            if (failure == null) {
                answer = one.answer.join();
                if (answer == Update.REFUSED && one.update.unguarded()) {
                    answer = completeWhereNobodyHolds(one.update);
                }
            }
        } catch (RuntimeException e) {
            failure = Failures.cause(e);
        }
        try {
            return judge.isAnswered(one.update, answer, failure);
        } catch (RuntimeException | Error fault) {
            // The others' ends must not get lost with this one. It is written once more, which changes nothing.
            return false;
        }
    }

    /**
     * A body has run without a claim, and the record is another owner's. That one may have failed, or have died: then the record waits for
     * somebody who claims it, and would have the body run again. It is claimed for this body, and completed.
     */
    private Update completeWhereNobodyHolds(PendingUpdate update) {
        return store.check(update.claim()).verdict() == Verdict.NEW
                ? store.markCompleted(update.claim(), Objects.requireNonNull(update.completion(), "completion"))
                : Update.REFUSED;
    }

    /** Of those, no answer counts any more. */
    void forget(List<PendingUpdate> together) {
        open.removeIf(one -> together.contains(one.update));
    }

    /** Waits a moment for the answers of those that were sent last: at once if there are none. */
    void awaitSome() {
        if (open.isEmpty()) {
            return;
        }
        try {
            platform.get(open.get(open.size() - 1).answer, LOOK_AGAIN_NANOS);
        } catch (Exception e) {
            // Late, failed or interrupted: whoever looks next sees which.
        }
    }
}
