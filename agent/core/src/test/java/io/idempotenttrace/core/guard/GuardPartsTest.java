package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RefusedStepException;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.testkit.Await;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The small parts that the guard is made of, each by itself. */
@Timeout(120)
class GuardPartsTest extends GuardOfFickleStore {

    private static final CallPolicy WAIT = policy(OnInProgress.WAIT, OnStoreFailure.PROCEED);
    private static final CallPolicy THROW = policy(OnInProgress.THROW, OnStoreFailure.PROCEED);
    private static final RecordId OTHER_ID = new RecordId("t", "s", "other");

    private static PendingUpdate update(RecordId id, Completion completion, String error) {
        return new PendingUpdate(
                Claims.forAMinute(id),
                completion,
                error,
                /* givenBack= */ null,
                /* unguarded= */ false,
                Long.MAX_VALUE);
    }

    // What waits for the store.

    /** What the store refuses to one record says nothing of the next one; what it does not answer is not waited for again. */
    @Test
    void aGiveBackThatIsRefusedKeepsNoOtherFromBeingWritten() {
        Map<Claim, Throwable> failures = new HashMap<>();
        RetriedUpdates retried = new RetriedUpdates(store, Platform.JVM, (update, answer, failure) -> {
            failures.put(update.claim(), failure);
            return failure == null;
        });
        Claim refused = Claims.forAMinute(ID);
        Claim other = Claims.forAMinute(OTHER_ID);
        for (Claim granted : List.of(refused, other)) {
            assertEquals(Verdict.NEW, records.check(granted).verdict());
        }
        List<PendingUpdate> together = List.of(
                new PendingUpdate(refused, null, null, refused, false, Long.MAX_VALUE),
                new PendingUpdate(other, null, null, other, false, Long.MAX_VALUE));
        store.next(FickleStore.Step.DELETE, FickleStore.Fate.REFUSED);
        retried.send(together);
        RetriedUpdates.Ended ended = retried.ended();
        assertEquals(List.of(together.get(1)), ended.written());
        assertEquals(List.of(together.get(0)), ended.unwritten());
        assertInstanceOf(RefusedStepException.class, failures.get(refused));
        assertTrue(records.status(OTHER_ID).isEmpty());
        store.next(FickleStore.Step.DELETE, FickleStore.Fate.UNREACHABLE);
        long asked = store.asked(FickleStore.Step.DELETE);
        retried.send(together);
        assertEquals(together, retried.ended().unwritten());
        assertEquals(asked + 1, store.asked(FickleStore.Step.DELETE));
    }

    /** One whose answer got lost holds up no other, and ends when no answer can come any more. */
    @Test
    void anAnswerIsWaitedForAsLongAsItMayCome() {
        StandingPlatform platform = new StandingPlatform();
        List<Throwable> failures = new ArrayList<>();
        RetriedUpdates retried = new RetriedUpdates(store, platform, (update, answer, failure) -> {
            failures.add(failure);
            return failure == null;
        });
        retried.awaitSome();
        assertEquals(0, platform.passedNanos(), "there is none to wait for");
        store.holdAnswers();
        PendingUpdate lost = update(ID, result("1"), null);
        PendingUpdate forgotten = update(OTHER_ID, result("2"), null);
        retried.send(List.of(lost, forgotten));
        assertEquals(2, retried.size());
        retried.forget(List.of(forgotten));
        assertEquals(1, retried.size());
        retried.awaitSome();
        assertEquals(20, platform.passedMillis(), "it looks again");
        platform.pass(TimeUnit.MILLISECONDS.toNanos(store.longestAnswerMillis() - 20) - 1);
        assertEquals(new RetriedUpdates.Ended(List.of(), List.of()), retried.ended());
        platform.pass(1);
        assertEquals(new RetriedUpdates.Ended(List.of(), List.of(lost)), retried.ended());
        assertEquals(0, retried.size());
        assertEquals("the answer of the store fickle got lost", failures.get(0).getMessage());
    }

    /** The others' ends must not get lost with it. */
    @Test
    void anEndThatNobodyCanJudgeIsTriedAgain() {
        PendingUpdate faulty = update(ID, result("1"), null);
        PendingUpdate other = update(OTHER_ID, result("2"), null);
        RetriedUpdates retried = new RetriedUpdates(store, new StandingPlatform(), (update, answer, failure) -> {
            if (update == faulty) {
                throw new StackOverflowError("of a test");
            }
            return true;
        });
        retried.send(List.of(faulty, other));
        assertEquals(new RetriedUpdates.Ended(List.of(other), List.of(faulty)), retried.ended());
    }

    /** It is another call's, which would hold the key for its whole lease. */
    @Test
    void aClaimThatIsToBeGivenBackIsNotForgottenWithTheEndsOfOtherCalls() {
        WaitingUpdates waiting = new WaitingUpdates(1 << 20);
        Claim granted = Claims.forAMinute(ID);
        Claim grantedToo = Claims.forAMinute(ID);
        Claim ran = Claims.forAMinute(ID);
        PendingUpdate gives = new PendingUpdate(granted, null, null, granted, false, Long.MAX_VALUE);
        waiting.add(update(ID, result("1"), null));
        waiting.add(gives);
        waiting.add(new PendingUpdate(ran, result("2"), null, grantedToo, true, Long.MAX_VALUE));
        waiting.add(update(OTHER_ID, result("3"), null));
        waiting.forgetEnds(ID);
        assertNull(waiting.completed(ID));
        assertTrue(waiting.givesBack(granted));
        assertTrue(waiting.givesBack(grantedToo));
        assertEquals(3, waiting.size());
        assertEquals(List.of(gives), waiting.take(10, OTHER_ID::equals));
        waiting.settled(gives);
        PendingUpdate rest = waiting.take(1, OTHER_ID::equals).get(0);
        assertSame(grantedToo, rest.claim());
        assertNull(rest.completion());
        waiting.settled(rest);
        assertEquals(1, waiting.take(10, id -> false).size());
        waiting.forgetEnds(OTHER_ID);
        assertEquals(1, waiting.size(), "what is being written stays");
    }

    @Test
    void anUpdateIsFoundByItsRecordUntilItIsSettled() {
        WaitingUpdates waiting = new WaitingUpdates(1 << 20);
        PendingUpdate first = update(ID, result("1"), null);
        assertFalse(waiting.has(ID));
        assertTrue(waiting.add(first));
        assertTrue(waiting.has(ID));
        assertFalse(waiting.has(OTHER_ID), "of another record nothing waits");
        assertEquals(List.of(first), waiting.take(10, id -> false));
        assertTrue(waiting.has(ID), "what is being written counts");
        assertEquals(List.of(), waiting.take(10, id -> false));
        waiting.putBack(List.of(first));
        assertEquals(List.of(), waiting.take(10, id -> true), "its part of the store is away");
        assertEquals(List.of(first), waiting.take(10, id -> false));
        waiting.settled(first);
        assertFalse(waiting.has(ID));
        waiting.putBack(List.of(first));
        assertEquals(List.of(), waiting.take(10, id -> false), "what is settled does not come back");
        assertEquals(0, waiting.bytes());
        assertEquals(0, waiting.size());
    }

    @Test
    void ofOneRecordTheOldestIsTakenAndOthersAreNotHeldUp() {
        WaitingUpdates waiting = new WaitingUpdates(1 << 20);
        PendingUpdate oldest = update(ID, null, "failed");
        PendingUpdate newer = update(ID, result("1"), null);
        PendingUpdate other = update(OTHER_ID, result("2"), null);
        List.of(oldest, newer, other).forEach(waiting::add);
        assertEquals(List.of(oldest, other), waiting.take(10, id -> false));
        waiting.settled(oldest);
        assertEquals(List.of(newer), waiting.take(1, id -> false));
    }

    @Test
    void theBytesOfWhatWaitsAreBounded() {
        PendingUpdate small = update(ID, null, "");
        WaitingUpdates waiting = new WaitingUpdates(small.bytes());
        assertFalse(waiting.add(update(ID, null, "x".repeat(1000))), "it takes more than there is");
        assertTrue(waiting.add(small), "it fits to the byte");
        assertEquals(small.bytes(), waiting.bytes());
        assertFalse(waiting.add(small));
    }

    @Test
    void anUpdateWeighsWhatItHoldsAndEqualsItselfAlone() {
        PendingUpdate one = update(ID, null, "");
        PendingUpdate long1 = update(ID, null, "x".repeat(1000));
        PendingUpdate completion = update(ID, result("x".repeat(1000)), null);
        assertTrue(long1.bytes() - one.bytes() >= 1000, one.bytes() + " and " + long1.bytes());
        assertTrue(completion.bytes() - one.bytes() >= 1000, one.bytes() + " and " + completion.bytes());
        assertTrue(List.of(one).contains(one));
        assertNotEquals(one, new PendingUpdate(one.claim(), null, "", null, false, Long.MAX_VALUE));
        CompletedCall completed = completion.completedCall();
        long bare = new CompletedCall(completion.claim(), Completion.EMPTY).bytes();
        assertTrue(completed.bytes() - bare >= 1000, bare + " and " + completed.bytes());
        assertTrue(bare > 0);
    }

    // The calls of a thread.

    @Test
    void aCallThatHasLeftItsTransactionIsNoLongerMetThere() {
        CallsOfThread calls = new CallsOfThread();
        RunningCall[] joined = new RunningCall[3];
        for (int i = 0; i < joined.length; i++) {
            joined[i] = new RunningCall(Claims.forAMinute(new RecordId("t", "s", "k" + i)), WAIT, new CallCounters());
            joined[i].transaction = () -> true;
            calls.join(joined[i]);
        }
        RunningCall ofOtherThread = new RunningCall(Claims.forAMinute(joined[0].id()), WAIT, new CallCounters());
        calls.leave(ofOtherThread);
        assertSame(joined[0], calls.joined(joined[0].id()));
        calls.leave(joined[0]);
        assertNull(calls.joined(joined[0].id()));
        assertSame(joined[1], calls.joined(joined[1].id()));
        calls.leave(joined[1]);
        calls.leave(joined[2]);
        assertNull(calls.joined(joined[2].id()));
    }

    @Test
    void manyOpenCallsOfAThreadAreAllMet() {
        CallsOfThread calls = new CallsOfThread();
        for (int i = 0; i < 500; i++) {
            RunningCall call =
                    new RunningCall(Claims.forAMinute(new RecordId("t", "s", "k" + i)), WAIT, new CallCounters());
            call.transaction = i % 2 == 0 ? () -> true : null;
            calls.join(call);
        }
        for (int i = 0; i < 500; i++) {
            assertEquals(i % 2 == 0, calls.joined(new RecordId("t", "s", "k" + i)) != null, "k" + i);
        }
    }

    /** A transaction may hold many calls; those that have ended would pile up. */
    @Test
    void aThreadForgetsCallsThatEndedElsewhere() {
        CallsOfThread calls = new CallsOfThread();
        List<RunningCall> joined = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            RunningCall call =
                    new RunningCall(Claims.forAMinute(new RecordId("t", "s", "k" + i)), WAIT, new CallCounters());
            call.transaction = i == 64 ? () -> true : null;
            calls.join(call);
            joined.add(call);
        }
        joined.get(0).transaction = () -> true;
        assertNull(calls.joined(joined.get(0).id()), "it had ended when there were too many");
        assertSame(joined.get(64), calls.joined(joined.get(64).id()));
        calls.leave(joined.get(64));
        joined.get(64).transaction = null;
        new CallsOfThread().leave(joined.get(64));
    }

    @Test
    void theOpenTransactionsOfABodyAreKnown() {
        RunningCall call = new RunningCall(Claims.forAMinute(ID), WAIT, new CallCounters());
        assertEquals(List.of(), call.openTransactions());
        UsedTransaction open = () -> false;
        call.uses(open);
        call.uses(() -> true);
        UsedTransaction another = () -> false;
        call.uses(another);
        assertEquals(List.of(open, another), call.openTransactions());
    }

    /** A body may go on on another thread; what it works in there is known of its call. */
    @Test
    void theMarkOfABodyKnowsTheTransactionsOfItsCall() {
        UsedTransaction open = () -> false;
        RunningCall call = new RunningCall(Claims.forAMinute(ID), WAIT, new CallCounters());
        BodyMark mark = new BodyMark(ID, /* ofCoroutine= */ false, call);
        mark.uses(open);
        assertEquals(List.of(open), call.openTransactions());
        assertEquals(List.of(open), mark.openTransactions());
        BodyMark unguarded = new BodyMark(ID, /* ofCoroutine= */ false, null);
        unguarded.uses(open);
        assertEquals(List.of(), unguarded.openTransactions());
    }

    /** What the store may have granted is given back by a call that leaves, and kept by one that owns its key. */
    @Test
    void aGrantMayBeLostUntilTheCallOwnsItsKeyOrHasEnded() {
        RunningCall call = new RunningCall(Claims.forAMinute(ID), WAIT, new CallCounters());
        call.asksElsewhere(1);
        assertFalse(call.mayBeGranted(), "nothing is known to be lost");
        call.unanswered();
        assertTrue(call.mayBeGranted());
        call.answeredHere(Verdict.IN_PROGRESS);
        assertTrue(call.mayBeGranted());
        call.asksElsewhere(1);
        call.answered(Verdict.IN_PROGRESS);
        assertTrue(call.mayBeGranted());
        call.answeredHere(Verdict.NEW);
        assertFalse(call.mayBeGranted(), "its body runs");
        call.ended();
        assertFalse(call.mayBeGranted());
    }

    /** A class that is loaded twice has a part for each of its scopes. */
    @Test
    void aMethodOfTwoScopesIsCountedAsOne() {
        CallCounters all = new CallCounters();
        all.of("m", "first").count(Ending.NEW);
        all.of("m", "first").countUnguarded(UnguardedReason.AGENT);
        all.of("m", "second").add(Ending.NEW, 2);
        all.of("m", "second").addUnguarded(UnguardedReason.AGENT, 3);
        all.ofScope("third").count(Ending.NEW);
        CallCounters method = all.parts().get("m");
        all.of("another", "first").count(Ending.DUPLICATE);
        assertEquals(List.of("another", "m"), List.copyOf(all.parts().keySet()));
        assertEquals(0, method.get(Ending.DUPLICATE));
        assertEquals(3, method.get(Ending.NEW));
        assertEquals(4, method.get(Ending.UNGUARDED));
        assertEquals(4, all.get(Ending.NEW));
    }

    // What is told.

    private static ClaimResult heldBy(String holder, long fence, long createdAtSeconds) {
        return new ClaimResult(
                Verdict.IN_PROGRESS, HASH, "", null, "", 1, fence, 1000, holder, createdAtSeconds, /* form= */ "");
    }

    @Test
    void whoHoldsAKeyAndSinceWhenIsTold() {
        Answers answers = new Answers(guard, ID, HASH, THROW, /* waitedMillis= */ 0, /* call= */ null);
        long second = 1_700_000_000L;
        assertTrue(answers.gaveUp(heldBy("host/7", second * 1_000_000, 1))
                .getMessage()
                .contains("is held by host/7 since 2023-11-14T22:13:20Z."));
        assertTrue(answers.gaveUp(heldBy("", 0, second))
                .getMessage()
                .contains("is held by another worker since 2023-11-14T22:13:20Z."));
        assertTrue(answers.gaveUp(heldBy("", 0, 0)).getMessage().contains("is held by another worker."));
        assertEquals(3, counters.get(Ending.IN_PROGRESS));
    }

    @Test
    void aConflictNamesBothHashesByTheirBeginningAndAnUnusualForm() {
        Map<String, String> forms = Map.of(
                "python", "Send a new key for a new payload",
                "other-form", "Let all workers have a version that knows it",
                "jcs", "Let all workers have the same canonical-form",
                "python+hmac:k9",
                        "Add the secret with the key id 'k9' to hash-secret or hash-secret-file of this process");
        for (String form : forms.keySet()) {
            ClaimResult answer =
                    new ClaimResult(Verdict.CONFLICT, "0123456789abcdef", "", null, "", 1, 0, 0, "", 0, form);
            String message = assertThrows(
                            PayloadConflictException.class,
                            () -> new Answers(guard, ID, "short", THROW, /* waitedMillis= */ 0, /* call= */ null)
                                    .conflict(answer, HashForm.DEFAULT))
                    .getMessage();
            String in = form.equals("python") ? "" : " in the form '" + form + "'";
            assertTrue(message.contains("(hash 0123456789ab..." + in + ", now short)"), message);
            assertTrue(message.contains(forms.get(form)), message);
        }
    }

    @Test
    void whatACallHasLeftIsWhatItsWaitersGet() {
        RunningCall call = new RunningCall(Claims.forAMinute(ID), WAIT, new CallCounters());
        CompletableFuture<Admission.Stored> waiter = call.whenEnded();
        Admission.Stored left = new Admission.Stored("trace", "7", false);
        call.release(left);
        call.release(new Admission.Stored("later", "8", false));
        assertSame(left, waiter.join());
        assertSame(left, call.whenEnded().join());
        RunningCall alone = new RunningCall(Claims.forAMinute(ID), WAIT, new CallCounters());
        alone.release(left);
        assertSame(left, alone.whenEnded().join());
    }

    @Test
    void theFaultBehindATakenKeyIsTold() {
        Throwable fault = new StackOverflowError("of a test");
        assertSame(fault, KeyTakenError.causeOf(fault));
        assertSame(fault, KeyTakenError.causeOf(new KeyTakenError(fault)));
        assertSame(KeyTakenError.UNTOLD, KeyTakenError.causeOf(KeyTakenError.UNTOLD), "there was no room for another");
        Throwable withCause = new IllegalStateException(fault);
        assertSame(withCause, KeyTakenError.causeOf(withCause));
    }

    /** The last twenty, for ten seconds. */
    @Test
    void theLastConflictsAreToldForAWhile() {
        RecentConflicts conflicts = new RecentConflicts();
        ClaimResult answer = new ClaimResult(Verdict.CONFLICT, HASH, "", null, "", 1, 0, 0, "", 0, "python");
        for (int i = 0; i < 21; i++) {
            conflicts.add(1000 + i, "m" + i, Claims.request(ID, HASH), answer);
        }
        List<RecentConflicts.Conflict> told = conflicts.since(11_001);
        assertEquals(20, told.size());
        assertEquals("m1", told.get(0).method());
        assertEquals("m20", told.get(19).method());
        assertEquals("m2", conflicts.since(11_002).get(0).method());
    }

    // The stop.

    @Test
    void theStopWaitsForCallsThatRunAndForNoOthers() {
        assertEquals(List.of(), guard.drain(DAY), "nothing runs");
        RunningCall call = own(Claims.request(ID, HASH), WAIT);
        CompletableFuture<List<String>> drained = CompletableFuture.supplyAsync(() -> guard.drain(DAY));
        RunningCall next = own(Claims.request(OTHER_ID, HASH), WAIT);
        guard.completed(call, result("1"));
        assertFalse(drained.isDone(), "one runs still");
        guard.completed(next, result("1"));
        assertEquals(List.of(), drained.join());
    }

    @Test
    void theStopDoesNotWaitForTheBodyThatItIsAPartOf() {
        RunningCall inner = own(Claims.request(ID, HASH), WAIT);
        guard.enterBody(inner);
        assertEquals(List.of(), guard.drain(DAY));
        RunningCall other = own(Claims.request(OTHER_ID, HASH), WAIT);
        assertEquals(List.of(OTHER_ID.forPeople()), guard.drain(1), "it is named when the time is over");
        guard.completed(other, result("1"));
        guard.leaveBody(inner);
        assertNull(inner.outer());
        guard.completed(inner, result("1"));
    }

    @Test
    void aGuardOfLeasesHasAThreadUntilItIsClosed() {
        assertFalse(guard.hasThreads(), "none is needed yet");
        RunningCall call = own(Claims.request(ID, HASH), WAIT);
        assertTrue(guard.hasThreads(), "its lease is to be renewed");
        guard.completed(call, result("1"));
        guard.close();
        Await.until("its threads end", () -> !guard.hasThreads());
    }

    @Test
    void aCompletionThatLingersHasAThread() {
        List<List<String>> sent = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
        LingeringCompletions<String> lingering = new LingeringCompletions<>(sent::add);
        assertFalse(lingering.hasThread());
        lingering.add(ID, "first");
        assertTrue(lingering.hasThread());
        Await.until("it is sent", () -> sent.size() == 1);
        lingering.release(ID);
        lingering.close();
        Await.until("its thread ends", () -> !lingering.hasThread());
        lingering.add(ID, "after the close");
        assertEquals(List.of("after the close"), sent.get(sent.size() - 1));
    }

    @Test
    void aRolledBackCallIsFailedAndItsFollowersClaimThemselves() {
        RunningCall call = own(Claims.request(ID, HASH), WAIT);
        guard.joined(call, () -> true);
        guard.returned(call, result("1"));
        Claim claim = call.claim();
        guard.rolledBack(call, "rolled back");
        assertEquals(1, counters.get(Ending.FAILED));
        assertNull(call.transaction);
        RunningCall next = own(Claims.request(ID, HASH), WAIT);
        assertNotEquals(claim.owner(), next.claim().owner());
        guard.completed(next, result("2"));
    }
}
