package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.PayloadDigest;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.FickleStore.Fate;
import io.idempotenttrace.core.guard.FickleStore.Step;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimField;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the guard does with a store of another process that fails, loses answers, or is late. The clock stands still but where a test lets
 * time pass; nothing here waits for time.
 */
@Timeout(120)
class GuardNetTest extends GuardOfFickleStore {

    private static final RecordId INNER = new RecordId("t", "s", "inner");
    private static final CallPolicy WAIT = policy(OnInProgress.WAIT, OnStoreFailure.PROCEED);
    private static final CallPolicy THROW = policy(OnInProgress.THROW, OnStoreFailure.PROCEED);
    private static final CallPolicy STRICT = policy(OnInProgress.THROW, OnStoreFailure.THROW);

    private static ClaimRequest request(String hash) {
        return Claims.request(ID, hash);
    }

    private static Claim ofOtherProcess(String hash, String owner) {
        return new Claim(request(hash), TIMES, owner);
    }

    private static Admission.Stored stored(CompletableFuture<Admission> admission) {
        assertTrue(admission.isDone(), "the call waits still");
        return assertInstanceOf(Admission.Stored.class, admission.join());
    }

    private StoredRecord record() {
        return records.status(ID).orElseThrow();
    }

    @Test
    void anOutageIsSaidOfEachScopeAndAgainAsLongAsItLasts() {
        store.always(FickleStore.Step.CHECK, FickleStore.Fate.UNREACHABLE);
        for (int i = 0; i < 10; i++) {
            own(Claims.request(new RecordId("t", "s", "k" + i), HASH), WAIT);
        }
        own(Claims.request(new RecordId("t", "met-in-the-outage", "k"), HASH), WAIT);
        // The breaker is open by now; a period of the log is a millisecond.
        int begun = lines();
        for (int i = 0; lines() == begun; i++) {
            own(Claims.request(new RecordId("t", "s", "later" + i), HASH), WAIT);
        }
        assertTrue(begun >= 2, said::toString);
        assertTrue(said.toString().contains("bodies run unguarded"), said::toString);
    }

    private int lines() {
        return said.toString().split("\n").length;
    }

    // Calls of one process.

    // [P10]
    @Test
    void aCallWithAnotherPayloadDoesNotFollowTheOneThatRuns() {
        RunningCall running = own(request(HASH), WAIT);
        CompletableFuture<Admission> other = guard.admitAsync(request(OTHER), WAIT, /* mayAskHere= */ true);
        assertTrue(other.isDone(), "it must not wait for a call whose answer is not its own");
        assertInstanceOf(
                PayloadConflictException.class,
                assertThrows(CompletionException.class, other::join).getCause());
        guard.completed(running, result("1"));
    }

    // [P11]
    @Test
    void aFollowerGetsWhatTheCompletionLeftAndElseTheTraceIdOfTheClaim() {
        for (String completed : new String[] {"", "of-the-result"}) {
            ClaimRequest request =
                    Claims.request(new RecordId("t", "s", "k" + completed), HASH, "python", "of-the-claim", "");
            RunningCall running = own(request, WAIT);
            CompletableFuture<Admission> follower = guard.admitAsync(request, WAIT, true);
            assertFalse(follower.isDone());
            guard.completed(running, new Completion(completed, "7", ""));
            assertEquals(
                    completed.isEmpty() ? "of-the-claim" : completed,
                    stored(follower).traceId());
            assertEquals("7", stored(follower).result());
            assertFalse(stored(follower).ownerRuns());
        }
        assertEquals(2, store.asked(Step.CHECK), "a follower does not ask the store");
        assertEquals(2, counters.get(Ending.DUPLICATE));
        assertEquals(2, counters.get(Ending.NEW));
    }

    @Test
    void aFollowerRunsTheBodyWhenTheOwnerFails() {
        RunningCall running = own(request(HASH), WAIT);
        CompletableFuture<Admission> follower = guard.admitAsync(request(HASH), WAIT, true);
        guard.failed(running, "java.lang.IllegalStateException: boom");
        assertInstanceOf(RunningCall.class, follower.join());
        assertEquals(2, ClaimField.of(record().fields().get(ClaimField.NAME)).attempt());
    }

    @Test
    void aRefusedCompletionIsNotWhatFollowersGet() {
        RunningCall running = own(request(HASH), WAIT);
        CompletableFuture<Admission> follower = guard.admitAsync(request(HASH), WAIT, true);
        records.delete(ID);
        Claim successor = ofOtherProcess(HASH, "successor");
        assertEquals(Verdict.NEW, records.check(successor).verdict());
        guard.completed(running, result("1"));
        assertTrue(said.toString().contains("ran twice"), said.toString());
        assertEquals(1, guard.figures().refusedCompletions());
        assertFalse(follower.isDone(), "the key is another worker's: its answer counts");
        records.markCompleted(successor, result("2"));
        assertEquals("2", stored(follower).result());
    }

    // [P2, P39]
    @Test
    void whereTheStoreHasLostTheRecordOfACallNoSecondBodyRunsBesideItInItsProcess() {
        RunningCall running = own(request(HASH), THROW);
        assertTrue(records.delete(ID));
        for (CallPolicy policy : List.of(THROW, STRICT)) {
            assertThrows(TraceInProgressException.class, () -> guard.admit(request(HASH), policy));
            assertGivenBack();
        }
        CallPolicy skip = policy(OnInProgress.SKIP, OnStoreFailure.PROCEED);
        assertTrue(assertInstanceOf(Admission.Stored.class, guard.admit(request(HASH), skip))
                .ownerRuns());
        assertGivenBack();
        for (CallPolicy policy : List.of(WAIT, THROW, skip)) {
            assertThrows(PayloadConflictException.class, () -> guard.admit(request(OTHER), policy));
            assertGivenBack();
        }
        guard.completed(running, result("7"));
        assertEquals(RecordStatus.COMPLETED, record().status());
        assertEquals(
                "7",
                assertInstanceOf(Admission.Stored.class, guard.admit(request(HASH), THROW))
                        .result());
        assertFalse(said.toString().contains("ran twice"), said::toString);
        assertEquals(0, guard.refusedCompletions());
    }

    /** No grant stays that would keep the body from being completed. */
    private void assertGivenBack() {
        guard.flush(60_000);
        assertTrue(records.status(ID).isEmpty(), () -> records.status(ID).toString());
    }

    @Test
    void aCallTwoLevelsInsideABodyOfItsKeyIsAPartOfIt() {
        RunningCall outermost = own(request(HASH), THROW);
        guard.enterBody(outermost);
        RunningCall inner = own(Claims.request(INNER, HASH), THROW);
        guard.enterBody(inner);
        assertSame(Admission.UNGUARDED, guard.admit(request(HASH), THROW));
        assertSame(
                Admission.UNGUARDED,
                guard.admitAsync(request(HASH), THROW, true).join());
        assertSame(Admission.UNGUARDED, guard.admit(Claims.request(INNER, OTHER), THROW));
        assertTrue(guard.isPartOfBlockingCall(ID));
        guard.leaveBody(inner);
        assertTrue(guard.isPartOfOuterCall(ID));
        assertFalse(guard.isPartOfOuterCall(INNER));
        guard.leaveBody(outermost);
        assertFalse(guard.isPartOfOuterCall(ID));
        assertThrows(TraceInProgressException.class, () -> guard.admit(request(HASH), THROW));
    }

    @Test
    void aMarkCountsAsABodyAndThatOfACoroutineForCoroutinesOnly() {
        BodyMark publisher = guard.mark(ID);
        guard.enterBody(publisher);
        BodyMark coroutine = guard.markCoroutine(INNER, null);
        guard.enterBody(coroutine);
        assertTrue(guard.isPartOfOuterCall(ID) && guard.isPartOfBlockingCall(ID));
        assertTrue(guard.isPartOfOuterCall(INNER));
        assertFalse(guard.isPartOfBlockingCall(INNER));
        guard.leaveBody(coroutine);
        guard.leaveBody(publisher);
        assertFalse(guard.isPartOfOuterCall(ID));
    }

    /** Whoever watches transactions looks at them only then. */
    @Test
    void aThreadIsInABodyFromTheFirstThatItEntersToTheLastThatItLeaves() {
        assertFalse(guard.isInBody());
        BodyMark outer = guard.mark(ID);
        guard.enterBody(outer);
        BodyMark inner = guard.markCoroutine(INNER, null);
        guard.enterBody(inner);
        assertTrue(guard.isInBody());
        guard.leaveBody(inner);
        assertTrue(guard.isInBody());
        guard.leaveBody(outer);
        assertFalse(guard.isInBody());
    }

    @Test
    void aCallThatFailsOnAThreadThatMustNotBlockLeavesItsKeyAtOnce() {
        guard.failedAsync(own(request(HASH), THROW), "java.lang.IllegalStateException: boom");
        assertEquals(1, counters.get(Ending.FAILED));
        assertEquals("java.lang.IllegalStateException: boom", record().fields().get("error"));
        RunningCall again = own(request(HASH), THROW);
        assertEquals(2, ClaimField.of(record().fields().get(ClaimField.NAME)).attempt());
        guard.completed(again, Completion.EMPTY);
    }

    /** It must not be acknowledged: the owner's body runs, and may fail. */
    @Test
    void aCallThatIsInterruptedWhileItWaitsIsRefusedAndLeavesTheKeyToItsOwner() throws Exception {
        RunningCall running = own(request(HASH), WAIT);
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        FutureTask<TraceInProgressException> waits = new FutureTask<>(() -> {
            TraceInProgressException refusal =
                    assertThrows(TraceInProgressException.class, () -> guard.admit(request(HASH), WAIT));
            stillInterrupted.set(Thread.currentThread().isInterrupted());
            return refusal;
        });
        Thread waiter = new Thread(waits, "waiter");
        waiter.start();
        Await.until("it waits", () -> waiter.getState() == Thread.State.TIMED_WAITING);
        waiter.interrupt();
        String message = waits.get().getMessage();
        assertTrue(message.startsWith("interrupted while waiting for the call that holds key 'k'"), message);
        assertTrue(stillInterrupted.get(), "its caller is to see it, too");
        assertEquals(1, counters.get(Ending.IN_PROGRESS));
        assertTrue(running.holds());
        guard.completed(running, result("7"));
        assertEquals(RecordStatus.COMPLETED, record().status());
    }

    /** Its body must not run as it does after other faults of the agent. */
    @Test
    void aFaultOfACallThatKnowsThatItsKeyIsTakenSaysThatItIs() throws Exception {
        for (boolean blocking : new boolean[] {true, false}) {
            Claim holder = ofOtherProcess(HASH, "holder");
            assertEquals(Verdict.NEW, records.check(holder).verdict());
            long asked = store.asked(Step.CHECK);
            CompletableFuture<Admission> waiting = blocking
                    ? CompletableFuture.supplyAsync(() -> guard.admit(request(HASH), WAIT))
                    : guard.admitAsync(request(HASH), WAIT, /* mayAskHere= */ true);
            Await.until("it knows who holds the key", () -> store.asked(Step.CHECK) > asked + 1);
            store.always(Step.CHECK, Fate.FAULT);
            records.markFailed(holder, "boom");
            Throwable told =
                    assertThrows(CompletionException.class, waiting::join).getCause();
            assertInstanceOf(KeyTakenError.class, told);
            assertInstanceOf(StackOverflowError.class, told.getCause());
            assertTrue(guard.running.isEmpty(), "nobody waits for it");
            store.well(Step.CHECK);
        }
    }

    @Test
    void aFaultOfACallThatKnowsNothingOfItsKeyIsTheFaultItself() {
        store.next(Step.CHECK, Fate.FAULT);
        assertThrows(StackOverflowError.class, () -> guard.admit(request(HASH), WAIT));
        store.next(Step.CHECK, Fate.FAULT);
        CompletableFuture<Admission> fails = guard.admitAsync(request(HASH), WAIT, /* mayAskHere= */ false);
        assertInstanceOf(
                StackOverflowError.class,
                assertThrows(CompletionException.class, fails::join).getCause());
        guard.completed(own(request(HASH), WAIT), Completion.EMPTY);
    }

    // A store that is late.

    /** Otherwise a call that comes meanwhile would find neither it nor its completion. */
    @Test
    void aCallHoldsItsKeyAndNoThreadUntilTheStoreHasAnsweredItsCompletion() {
        RunningCall running = own(request(HASH), WAIT);
        CompletableFuture<Admission> follower = guard.admitAsync(request(HASH), WAIT, /* mayAskHere= */ true);
        store.holdAnswers();
        CompletableFuture<CompletableFuture<Void>> handing =
                CompletableFuture.supplyAsync(() -> guard.completedAsync(running, result("7")));
        Await.until("its thread goes on", handing::isDone);
        CompletableFuture<Void> handedOver = handing.join();
        assertFalse(handedOver.isDone());
        assertTrue(running.holds());
        assertFalse(follower.isDone());
        store.giveAnswers();
        handedOver.join();
        assertFalse(running.holds());
        assertEquals("7", stored(follower).result());
        assertEquals(1, store.asked(Step.CHECK), "a follower does not ask the store");
    }

    // [P34]
    @Test
    void anAnswerThatIsLaterThanItsLeaseIsAskedForAgain() {
        store.beforeNextAnswer(() -> {
            clock.pass(LEASE);
            assertEquals(
                    Verdict.NEW,
                    records.check(ofOtherProcess(HASH, "successor")).verdict());
        });
        assertThrows(TraceInProgressException.class, () -> guard.admit(request(HASH), THROW));
        assertEquals(2, store.asked(Step.CHECK));
        assertEquals(
                "successor",
                ClaimField.of(record().fields().get(ClaimField.NAME)).owner());
    }

    @Test
    void anAnswerThatIsLateIsGoodIfNobodyTookTheKeyMeanwhile() {
        store.beforeNextAnswer(() -> clock.pass(LEASE));
        guard.completed(own(request(HASH), THROW), Completion.EMPTY);
        assertEquals(2, store.asked(Step.CHECK));
        assertEquals(RecordStatus.COMPLETED, record().status());
    }

    /** [P3] Found by the simulator: a worker that was paused twice, each time for longer than its lease, ran what another one had run. */
    @Test
    void whatAnotherWorkerRanWhileTwoAnswersWereLateIsItsDuplicate() {
        lateAnswers(2, () -> {
            Claim successor = ofOtherProcess(HASH, "successor");
            store.beforeNextAnswer(() -> records.markCompleted(successor, result("7")));
            return successor;
        });
        assertThrows(TraceInProgressException.class, () -> guard.admit(request(HASH), THROW));
        assertEquals(
                "7",
                assertInstanceOf(Admission.Stored.class, guard.admit(request(HASH), THROW))
                        .result());
        assertEquals(0, counters.get(Ending.NEW));
    }

    @Test
    void aCallWhoseAnswersAreAllLaterThanItsLeaseSaysThatItsBodyRunsAllTheSame() {
        lateAnswers(5, () -> ofOtherProcess(HASH, "successor"));
        own(request(HASH), WAIT);
        assertTrue(said.toString().contains("5 times in a row the store has answered the claim of "), said::toString);
    }

    /** The last one comes when another worker has taken the key. */
    private void lateAnswers(int number, Supplier<Claim> successor) {
        store.beforeNextAnswer(() -> {
            clock.pass(LEASE);
            if (number > 1) {
                lateAnswers(number - 1, successor);
            } else {
                assertEquals(Verdict.NEW, records.check(successor.get()).verdict());
            }
        });
    }

    // [P2, P34]
    @Test
    void aCallWhoseAnswersAreAllLaterThanItsLeaseIsRefusedWhereNothingMayRunUnguarded() {
        lateAnswers(5, () -> ofOtherProcess(HASH, "successor"));
        IdempotencyStoreException refused =
                assertThrows(IdempotencyStoreException.class, () -> guard.admit(request(HASH), STRICT));
        assertTrue(refused.getMessage().contains("later than its lease of " + LEASE + " ms"), refused::getMessage);
        assertEquals(5, store.asked(Step.CHECK));
        assertEquals(
                "successor",
                ClaimField.of(record().fields().get(ClaimField.NAME)).owner());
    }

    @Test
    void anAnswerWithinItsLeaseIsNotAskedForAgain() {
        store.beforeNextAnswer(() -> clock.pass(LEASE - 1));
        own(request(HASH), THROW);
        assertEquals(1, store.asked(Step.CHECK));
    }

    @Test
    void aLateAnswerHoldsNoThread() {
        store.holdAnswers();
        CompletableFuture<Admission> late = guard.admitAsync(request(HASH), THROW, /* mayAskHere= */ false);
        assertFalse(late.isDone());
        store.giveAnswers();
        assertEquals(
                RunningCall.State.OWNER,
                assertInstanceOf(RunningCall.class, late.join()).state());
    }

    // Leases.

    /** One that no guard knows, so that its thread does not renew the lease as well. */
    private RunningCall owner(RecordId id) {
        RunningCall call = new RunningCall(
                new Claim(Claims.request(id, HASH), TIMES, "owner-of-" + id.key()), THROW, new CallCounters());
        call.asksElsewhere(clock.getAsLong());
        call.answered(store.check(call.claim()).verdict());
        return call;
    }

    private LeaseRenewal renewalOf(RunningCall call) {
        return new LeaseRenewal(List.of(call), store, clock, ignored -> {});
    }

    // [P7]
    @Test
    void aLeaseIsRenewedAtAThirdOfItAndNotBefore() {
        RunningCall call = owner(ID);
        try (LeaseRenewal leases = renewalOf(call)) {
            clock.pass(LEASE / 3 - 1);
            leases.look();
            assertEquals(0, store.asked(Step.RENEW));
            clock.pass(1);
            leases.look();
            assertEquals(1, store.asked(Step.RENEW));
            clock.pass(LEASE / 3 - 1);
            leases.look();
            assertEquals(1, store.asked(Step.RENEW), "counted from the last renewal");
            clock.pass(1);
            leases.look();
            assertEquals(2, store.asked(Step.RENEW));
        }
        ClaimResult answer = records.check(ofOtherProcess(HASH, "waiter"));
        assertEquals(LEASE, answer.leaseRemainingMillis());
    }

    @Test
    void aRenewalThatFailedIsDueAtTheNextLook() {
        RunningCall call = owner(ID);
        try (LeaseRenewal leases = renewalOf(call)) {
            clock.pass(LEASE / 3);
            store.next(Step.RENEW, Fate.UNREACHABLE);
            leases.look();
            leases.look();
            assertEquals(2, store.asked(Step.RENEW));
            leases.look();
            assertEquals(2, store.asked(Step.RENEW));
        }
    }

    @Test
    void aFaultAtOneRenewalIsToldAndKeepsNoOtherLeaseFromItsRenewal() {
        RunningCall first = owner(ID);
        RunningCall second = owner(INNER);
        try (LeaseRenewal leases = new LeaseRenewal(List.of(first, second), store, clock, ignored -> {})) {
            clock.pass(LEASE / 3);
            store.next(Step.RENEW, Fate.FAULT);
            assertThrows(StackOverflowError.class, leases::look);
            assertEquals(2, store.asked(Step.RENEW));
        }
    }

    @Test
    void onlyCallsThatOwnTheirKeyInTheStoreAreRenewed() {
        RunningCall ended = owner(ID);
        ended.ended();
        RunningCall unguarded = owner(INNER);
        unguarded.answeredHere(Verdict.NEW);
        try (LeaseRenewal leases = new LeaseRenewal(List.of(ended, unguarded), store, clock, ignored -> {})) {
            clock.pass(LEASE);
            leases.look();
            assertEquals(0, store.asked(Step.RENEW));
        }
    }

    /** From then on another worker can claim the key, and waiting calls of this process claim it for themselves. */
    @Test
    void afterMaxHoldACallIsNoLongerRenewedAndLeavesItsKey() {
        CallPolicy shortHold = policy(
                OnInProgress.THROW, OnStoreFailure.PROCEED, /* asyncCompletion= */ false, /* maxHoldMillis= */ LEASE);
        RunningCall held = new RunningCall(new Claim(request(HASH), TIMES, "holder"), shortHold, new CallCounters());
        held.asksElsewhere(clock.getAsLong());
        held.answered(store.check(held.claim()).verdict());
        List<RunningCall> left = new ArrayList<>();
        try (LeaseRenewal leases = new LeaseRenewal(List.of(held), store, clock, call -> {
            left.add(call);
            call.ended();
        })) {
            leases.look();
            clock.pass(LEASE / 2);
            leases.look();
            assertEquals(1, store.asked(Step.RENEW));
            assertEquals(List.of(), left);
            clock.pass(LEASE / 2);
            leases.look();
            leases.look();
            assertEquals(1, store.asked(Step.RENEW));
            assertEquals(List.of(held), left);
        }
        assertEquals(
                Verdict.IN_PROGRESS,
                records.check(ofOtherProcess(HASH, "waiter")).verdict());
        clock.pass(LEASE);
        assertEquals(Verdict.NEW, records.check(ofOtherProcess(HASH, "waiter")).verdict());
    }

    @Test
    void theRenewalLooksSixTimesInTheShortestLease() {
        RunningCall call = owner(ID);
        try (LeaseRenewal leases = renewalOf(call)) {
            leases.cover(60_000);
            assertEquals(TimeUnit.SECONDS.toNanos(10), leases.look());
            leases.cover(6_000);
            assertEquals(TimeUnit.SECONDS.toNanos(1), leases.look());
            leases.cover(60_000);
            assertEquals(TimeUnit.SECONDS.toNanos(1), leases.look());
        }
    }

    // A store that can't answer.

    @Test
    void aClaimWhoseAnswerWasLostIsFailedWhereTheCallIsRefused() {
        store.next(Step.CHECK, Fate.ANSWER_LOST);
        IdempotencyStoreException refusal =
                assertThrows(IdempotencyStoreException.class, () -> guard.admit(request(HASH), STRICT));
        assertTrue(refusal.getMessage().contains("did not run (on-store-failure=throw)"), refusal.getMessage());
        Await.until("the claim that was made all the same is failed", () -> record().status() == RecordStatus.FAILED);
        assertEquals("the claim's answer was lost", record().fields().get("error"));
        assertEquals(1, counters.get(Ending.FAILED));
        // At once, without waiting for the lease.
        own(request(HASH), STRICT);
    }

    @Test
    void aBodyThatRanWithoutItsClaimsAnswerIsToldToTheStore() {
        store.next(Step.CHECK, Fate.ANSWER_LOST);
        RunningCall call = own(request(HASH), THROW);
        assertTrue(call.isUnguarded());
        guard.completed(call, result("7"));
        assertEquals(1, counters.get(Ending.UNGUARDED));
        Await.until("the record is completed", () -> record().status() == RecordStatus.COMPLETED);
        assertEquals("7", record().fields().get("result"));
    }

    @Test
    void aBodyThatFailedWithoutItsClaimsAnswerIsToldToTheStore() {
        store.next(Step.CHECK, Fate.ANSWER_LOST);
        guard.failed(own(request(HASH), THROW), "java.lang.IllegalStateException: boom");
        Await.until("the record is failed", () -> record().status() == RecordStatus.FAILED);
        assertEquals("java.lang.IllegalStateException: boom", record().fields().get("error"));
    }

    // [P28]
    @Test
    void whileTheStoreIsAwayAKeyRunsOnceInThisProcess() {
        store.always(Step.CHECK, Fate.UNREACHABLE);
        store.always(Step.COMPLETE, Fate.UNREACHABLE);
        RunningCall call = own(request(HASH), THROW);
        assertThrows(TraceInProgressException.class, () -> guard.admit(request(HASH), THROW));
        // However long it runs: its lease does not end while it does.
        clock.pass(10 * LEASE);
        assertThrows(TraceInProgressException.class, () -> guard.admit(request(HASH), THROW));
        guard.completed(call, result("7"));
        assertEquals(
                "7",
                assertInstanceOf(Admission.Stored.class, guard.admit(request(HASH), THROW))
                        .result());
        assertThrows(PayloadConflictException.class, () -> guard.admit(request(OTHER), THROW));
    }

    @Test
    void whatRanHereWhileTheStoreWasAwayIsADuplicateAndToldToIt() {
        ranHereWhileTheStoreWasAway();
        assertEquals(
                "7",
                assertInstanceOf(Admission.Stored.class, guard.admit(request(HASH), THROW))
                        .result());
        store.well(Step.COMPLETE);
        Await.until("the store knows it", () -> record().status() == RecordStatus.COMPLETED);
        assertEquals("7", record().fields().get("result"));
        assertEquals("d".repeat(64), record().fields().get("response_hash"));
    }

    /** The store has granted the claim, since it was not told yet: this process knows better. */
    @Test
    void anotherPayloadOfWhatRanHereWhileTheStoreWasAwayIsAConflict() {
        RunningCall first = ranHereWhileTheStoreWasAway();
        PayloadConflictException conflict =
                assertThrows(PayloadConflictException.class, () -> guard.admit(request(OTHER), THROW));
        assertEquals("of-the-result", conflict.getStoredTraceId());
        assertEquals(1, counters.get(Ending.CONFLICT));
        store.well(Step.COMPLETE);
        Await.until("the store knows what ran", () -> record().status() == RecordStatus.COMPLETED);
        assertEquals(HASH, record().fields().get("hash"));
        assertEquals("7", record().fields().get("result"));
        assertEquals(
                first.claim().owner(),
                ClaimField.of(record().fields().get(ClaimField.NAME)).owner());
        assertFalse(said.toString().contains("ran twice"), said.toString());
        assertEquals(
                "7",
                assertInstanceOf(Admission.Stored.class, guard.admit(request(HASH), THROW))
                        .result());
    }

    private RunningCall ranHereWhileTheStoreWasAway() {
        store.next(Step.CHECK, Fate.UNREACHABLE);
        store.always(Step.COMPLETE, Fate.UNREACHABLE);
        RunningCall call = own(request(HASH), THROW);
        guard.completed(call, new Completion("of-the-result", "7", "d".repeat(64)));
        return call;
    }

    // [P39]
    @Test
    void aBodyThatRunsHereSinceTheStoreWasAwayKeepsItsKey() {
        store.next(Step.CHECK, Fate.UNREACHABLE);
        RunningCall running = own(request(HASH), THROW);
        // The store answers again, and knows nothing.
        assertThrows(TraceInProgressException.class, () -> guard.admit(request(HASH), THROW));
        assertThrows(PayloadConflictException.class, () -> guard.admit(request(OTHER), THROW));
        guard.completed(running, result("7"));
        Await.until(
                "the store knows what ran",
                () -> records.status(ID)
                        .map(known -> known.fields().get("result"))
                        .orElse("")
                        .equals("7"));
        assertEquals(
                running.claim().owner(),
                ClaimField.of(record().fields().get(ClaimField.NAME)).owner());
    }

    @Test
    void aKeyThatFailedHereWhileTheStoreWasAwayIsFree() {
        store.next(Step.CHECK, Fate.UNREACHABLE);
        guard.failed(own(request(HASH), THROW), "java.lang.IllegalStateException: boom");
        assertTrue(own(request(HASH), THROW).isOwner());
    }

    // [P2, P39]
    @Test
    void aCallDoesNotRunUnderAGrantThatIsStillToBeGivenBack() {
        Claim holder = ofOtherProcess(HASH, "holder");
        records.check(holder);
        CompletableFuture<Admission> waiting = guard.admitAsync(request(HASH), WAIT, true);
        store.next(Step.CHECK, Fate.UNREACHABLE);
        RunningCall here = own(request(HASH), THROW);
        assertTrue(here.isUnguarded());
        store.always(Step.DELETE, Fate.UNREACHABLE);
        // The store grants the key to the waiting call, whose body runs in this process.
        records.markFailed(holder, "boom");
        Await.until("the grant is given back", () -> store.asked(Step.DELETE) > 0);
        guard.failed(here, "boom");
        assertFalse(waiting.isDone(), "the store would delete the record while the body runs");
        store.well(Step.DELETE);
        Await.until("the grant is given back, and the key is claimed anew", () -> {
            clock.pass(100);
            return waiting.isDone();
        });
        RunningCall call = assertInstanceOf(RunningCall.class, waiting.join());
        guard.flush(60_000);
        assertEquals(
                call.claim().owner(),
                ClaimField.of(record().fields().get(ClaimField.NAME)).owner());
        assertEquals(RecordStatus.PENDING, record().status());
    }

    // [P2]
    @Test
    void aCallThatWaitsForOneOfItsProcessIsNotFailedWhereItsClaimsAnswerIsLost() {
        CallPolicy patient = policy(OnInProgress.WAIT, OnStoreFailure.THROW);
        Claim holder = ofOtherProcess(HASH, "holder");
        records.check(holder);
        CompletableFuture<Admission> waiting = guard.admitAsync(request(HASH), patient, true);
        store.next(Step.CHECK, Fate.UNREACHABLE);
        // The change wakes the waiting call, which can't ask; another call of its process gets the key.
        records.delete(ID);
        RunningCall other = own(request(HASH), STRICT);
        assertTrue(other.isOwner());
        store.next(Step.CHECK, Fate.ANSWER_LOST);
        // Its lease is over, and the change wakes the waiting call, which else would look when it takes the lease to be
        // over.
        clock.pass(LEASE);
        records.delete(ID);
        long asked = store.asked(Step.CHECK);
        Await.until("the waiting call claims, its answer is lost, and it claims again", () -> {
            clock.pass(100);
            return store.asked(Step.CHECK) >= asked + 2;
        });
        assertFalse(waiting.isDone(), "the body of the other call runs still");
        guard.abandon(other);
        Await.until("the waiting call claims the key", () -> {
            clock.pass(100);
            return waiting.isDone();
        });
        RunningCall call = assertInstanceOf(RunningCall.class, waiting.join());
        guard.flush(60_000);
        assertEquals(0, store.asked(Step.FAIL), "its own body runs under that owner token");
        assertEquals(RecordStatus.PENDING, record().status());
        assertEquals(
                call.claim().owner(),
                ClaimField.of(record().fields().get(ClaimField.NAME)).owner());
    }

    // [P28]
    @Test
    void aCallThatWaitsForOneOfItsProcessWhileTheStoreIsAwayLooksFromTimeToTimeAndGivesUpInTime() {
        records.check(ofOtherProcess(HASH, "holder"));
        CompletableFuture<Admission> waiting = guard.admitAsync(request(HASH), WAIT, true);
        store.next(Step.CHECK, Fate.UNREACHABLE);
        // The change wakes the waiting call, which can't ask; another call of its process gets the key.
        records.delete(ID);
        assertTrue(own(request(HASH), THROW).isOwner());
        store.always(Step.CHECK, Fate.UNREACHABLE);
        Await.until("the waiting call is told who runs", () -> {
            clock.pass(100);
            return store.asked(Step.CHECK) >= 4;
        });
        assertFalse(waiting.isDone());
        clock.pass(DAY);
        assertInstanceOf(
                TraceInProgressException.class,
                assertThrows(CompletionException.class, waiting::join).getCause());
    }

    // [P29]
    @Test
    void aCallWhoseKeyAnotherProcessHoldsDoesNotRunBecauseTheStoreGoesAway() {
        Claim holder = ofOtherProcess(HASH, "holder");
        records.check(holder);
        CompletableFuture<Admission> waiting = guard.admitAsync(request(HASH), WAIT, true);
        assertFalse(waiting.isDone());
        store.always(Step.CHECK, Fate.UNREACHABLE);
        // The change wakes the call, and the store does not answer it.
        records.markFailed(holder, "boom");
        assertFalse(waiting.isDone(), "it waits on");
        assertEquals(0, counters.get(Ending.UNGUARDED));
        assertTrue(said.toString().contains("calls whose key another process holds wait"), said.toString());
        Claim second = ofOtherProcess(HASH, "second");
        records.check(second);
        records.markCompleted(second, result("2"));
        store.well(Step.CHECK);
        Await.until("the store's answer reaches it", () -> {
            clock.pass(100);
            return waiting.isDone();
        });
        assertEquals("2", stored(waiting).result());
    }

    // [P31]
    @Test
    void threeFailuresInARowSendCallsPastTheStoreUntilItAnswers() {
        store.always(Step.CHECK, Fate.UNREACHABLE);
        for (int i = 0; i < 3; i++) {
            guard.failed(
                    own(Claims.request(new RecordId("t", "s", "k" + i), HASH), THROW),
                    "java.lang.IllegalStateException");
        }
        assertTrue(guard.store.isAway());
        IdempotencyStoreException refusal =
                assertThrows(IdempotencyStoreException.class, () -> guard.admit(request(HASH), STRICT));
        assertTrue(refusal.getMessage().contains("can't be reached"), refusal.getMessage());
        store.well(Step.CHECK);
        Await.until("the breaker closes by itself", () -> !guard.store.isAway());
        assertTrue(own(request(HASH), STRICT).isOwner());
        // The breaker closes, and then the probe's thread says it.
        Await.until("it is said", () -> said.toString().contains("the store answers again"));
    }

    @Test
    void twoFailuresAreNoneThatCloseTheWayToTheStore() {
        for (int i = 0; i < 5; i++) {
            store.next(Step.CHECK, Fate.UNREACHABLE);
            store.next(Step.CHECK, Fate.UNREACHABLE);
            guard.failed(
                    own(Claims.request(new RecordId("t", "s", "a" + i), HASH), THROW),
                    "java.lang.IllegalStateException");
            guard.failed(
                    own(Claims.request(new RecordId("t", "s", "b" + i), HASH), THROW),
                    "java.lang.IllegalStateException");
            assertTrue(own(Claims.request(new RecordId("t", "s", "c" + i), HASH), THROW)
                    .isOwner());
        }
    }

    // [P23, P43]
    @Test
    void aCompletionThatCantBeWrittenIsTriedAgainUntilItsRecordWouldHaveExpired() {
        store.always(Step.COMPLETE, Fate.UNREACHABLE);
        RunningCall call = own(request(HASH), THROW);
        guard.completed(call, result("7"));
        Await.until("it is tried again", () -> store.asked(Step.COMPLETE) >= 3);
        assertFalse(said.toString().contains("was not recorded"), said.toString());
        clock.pass(LEASE);
        long afterLease = store.asked(Step.COMPLETE);
        Await.until("its lease's end changes nothing", () -> store.asked(Step.COMPLETE) >= afterLease + 3);
        assertEquals(0, guard.lostCompletions());
        clock.pass(DAY);
        Await.until(
                "it is given up and said",
                () -> said.toString()
                        .contains("the completion of key 'k' of tenant 't' in scope 's' was not recorded: the"
                                + " store did not answer before its record would have expired"));
        assertEquals(1, guard.lostCompletions());
        long tries = store.asked(Step.COMPLETE);
        guard.flush(60_000);
        assertEquals(tries, store.asked(Step.COMPLETE));
    }

    @Test
    void oneCompletionThatCantBeWrittenDoesNotHoldUpTheOthers() {
        store.always(Step.COMPLETE, Fate.UNREACHABLE);
        guard.completed(own(request(HASH), THROW), result("1"));
        guard.completed(own(Claims.request(INNER, HASH), THROW), result("2"));
        Await.until("both are tried again", () -> store.asked(Step.COMPLETE) >= 4);
        store.well(Step.COMPLETE);
        guard.flush(60_000);
        assertEquals("1", record().fields().get("result"));
        assertEquals("2", records.status(INNER).orElseThrow().fields().get("result"));
    }

    // The guard's end.

    @Test
    void aClosedGuardSaysSoAtOnceAndLeavesNoThread() {
        store.next(Step.COMPLETE, Fate.UNREACHABLE);
        RunningCall call = own(request(HASH), THROW);
        RunningCall later = own(Claims.request(INNER, HASH), THROW);
        guard.completed(call, result("7"));
        guard.close();
        assertThrows(IllegalStateException.class, () -> guard.admit(request(HASH), THROW));
        assertThrows(IllegalStateException.class, () -> guard.admitAsync(request(HASH), THROW, true));
        assertThrows(IllegalStateException.class, () -> guard.claimAsync(request(HASH), THROW, true));
        assertThrows(IllegalStateException.class, () -> guard.mode(GuardMode.OBSERVE));
        assertEquals("7", record().fields().get("result"), "what waited was written");
        guard.completed(later, result("8"));
        assertEquals("8", records.status(INNER).orElseThrow().fields().get("result"), "a call that runs may end");
        guard.close();
        Await.until("its threads end", () -> !guard.hasThreads());
    }

    @Test
    void whatCantBeWrittenWhenTheGuardIsClosedIsSaid() {
        store.always(Step.COMPLETE, Fate.UNREACHABLE);
        guard.completed(own(request(HASH), THROW), result("7"));
        guard.close();
        assertTrue(said.toString().contains("was not recorded: the guard was closed"), said.toString());
    }

    // Observing.

    @Test
    void anObservedCallRunsWhateverTheVerdictAndIsCountedByIt() {
        guard.mode(GuardMode.OBSERVE);
        RunningCall first = own(request(HASH), WAIT);
        assertSame(Admission.UNGUARDED, guard.admit(request(HASH), WAIT));
        assertEquals(1, counters.get(Ending.IN_PROGRESS));
        guard.completed(first, result("7"));
        assertSame(Admission.UNGUARDED, guard.admit(request(HASH), WAIT));
        assertEquals(1, counters.get(Ending.DUPLICATE));
        assertSame(Admission.UNGUARDED, guard.admit(request(OTHER), WAIT));
        assertEquals(1, counters.get(Ending.CONFLICT));
        assertTrue(
                said.toString()
                        .contains(
                                "observed IN_PROGRESS for key 'k' of tenant 't' in scope 's'; its body runs all the same"),
                said.toString());
        guard.mode(GuardMode.OFF);
        long asked = store.asked(Step.CHECK);
        assertSame(Admission.UNGUARDED, guard.admit(request(HASH), WAIT));
        assertSame(
                Admission.UNGUARDED, guard.claimAsync(request(HASH), WAIT, true).join());
        assertEquals(asked, store.asked(Step.CHECK));
    }

    // The states of a call.

    @Test
    void aCallThatWasAnsweredIsInTheStateOfItsAnswer() {
        RunningCall call = new RunningCall(ofOtherProcess(HASH, "owner"), THROW, new CallCounters());
        assertEquals(RunningCall.State.ASKING, call.state());
        call.asksElsewhere(5);
        assertFalse(call.claim().isGranted());
        assertEquals(5, call.leasedAtNanos());
        call.answered(Verdict.IN_PROGRESS);
        assertEquals(RunningCall.State.REFUSED, call.state());
        call.asksHere(6);
        assertEquals(6, call.leasedAtNanos());
        assertTrue(call.claim().isGranted(), "marked before the store grants it");
        call.answeredHere(Verdict.CONFLICT);
        assertTrue(call.isAnsweredHere() && !call.isUnguarded() && !call.claim().isGranted());
        call.answeredHere(Verdict.NEW);
        assertTrue(call.isAnsweredHere() && call.isUnguarded() && call.claim().isGranted());
        call.answered(Verdict.NEW);
        assertTrue(call.isOwner() && !call.isAnsweredHere() && call.claim().isGranted());
        call.placing();
        assertTrue(call.claim().isGranted() && !call.isFirst());
        call.placed(false);
        assertTrue(!call.claim().isGranted() && !call.isFirst());
        call.placed(true);
        assertTrue(call.claim().isGranted() && call.isFirst());
        call.ended();
        assertTrue(call.state() == RunningCall.State.ENDED && !call.claim().isGranted());
    }

    @Test
    void whoAsksForTheEndOfAnEndedCallGetsWhatItLeft() {
        RunningCall left = new RunningCall(ofOtherProcess(HASH, "owner"), THROW, new CallCounters());
        left.release(new Completion("trace", "7", ""));
        left.release(null);
        assertEquals("7", left.whenEnded().join().result());
        RunningCall nothing = new RunningCall(ofOtherProcess(HASH, "owner"), THROW, new CallCounters());
        CompletableFuture<Admission.Stored> waited = nothing.whenEnded();
        assertSame(waited, nothing.whenEnded());
        nothing.release(null);
        assertNull(waited.join());
        assertEquals(Update.GONE, records.markFailed(left.claim(), "nothing is stored of either"));
    }

    // Records of another canonical form.

    private static final String IN_PYTHON = "c".repeat(64);

    /** Of a payload that is {@code hash} in JCS and {@code IN_PYTHON} in Python's form; null for one that has no hash there. */
    private static ClaimRequest inJcs(String hash, String inPython) {
        PayloadDigest payload = new PayloadDigest(HashForm.plain(CanonicalForm.JCS), hash, "");
        return new ClaimRequest(
                ID,
                payload,
                "",
                (form, recordHash, arguments) -> inPython == null ? null : new PayloadDigest(form, inPython, ""),
                new Object[0]);
    }

    private void leftByAWorkerOfPythonsForm() {
        Claim claim = ofOtherProcess(IN_PYTHON, "python");
        records.check(claim);
        records.markCompleted(claim, result("1"));
    }

    @Test
    void aRecordOfAnotherFormIsComparedInItsOwn() {
        leftByAWorkerOfPythonsForm();
        assertEquals(
                "1",
                assertInstanceOf(Admission.Stored.class, guard.admit(inJcs(HASH, IN_PYTHON), WAIT))
                        .result());
        assertEquals(
                "1",
                stored(guard.admitAsync(inJcs(HASH, IN_PYTHON), WAIT, false)).result());
        for (String other : new String[] {OTHER, HASH, null}) {
            assertThrows(PayloadConflictException.class, () -> guard.admit(inJcs(HASH, other), WAIT));
            assertInstanceOf(
                    PayloadConflictException.class,
                    assertThrows(CompletionException.class, guard.admitAsync(inJcs(HASH, other), WAIT, false)::join)
                            .getCause());
        }
        assertThrows(
                PayloadConflictException.class,
                () -> guard.admit(Claims.request(ID, IN_PYTHON, "jcs", "", ""), WAIT),
                "the same text in another form is no match");
        assertEquals(2, counters.get(Ending.DUPLICATE));
        assertEquals(7, counters.get(Ending.CONFLICT));
        assertEquals(0, counters.get(Ending.NEW));
    }

    @Test
    void aFailedRecordOfAnotherFormIsTakenOverInThatForm() {
        Claim failed = ofOtherProcess(IN_PYTHON, "python");
        records.check(failed);
        records.markFailed(failed, "boom");
        RunningCall running = own(inJcs(HASH, IN_PYTHON), WAIT);
        CompletableFuture<Admission> follower = guard.admitAsync(inJcs(HASH, IN_PYTHON), WAIT, false);
        assertFalse(follower.isDone());
        guard.completed(running, result("2"));
        assertEquals("2", stored(follower).result());
    }

    @Test
    void whatIsOnlyObservedIsComparedInTheFormOfTheRecordToo() {
        leftByAWorkerOfPythonsForm();
        guard.mode(GuardMode.OBSERVE);
        assertSame(Admission.UNGUARDED, guard.admit(inJcs(HASH, IN_PYTHON), WAIT));
        assertEquals(1, counters.get(Ending.DUPLICATE));
    }
}
