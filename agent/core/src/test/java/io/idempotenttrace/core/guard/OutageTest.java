package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.FickleStore.Fate;
import io.idempotenttrace.core.guard.FickleStore.Step;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.MemoryStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.RecordTimes;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import io.idempotenttrace.testkit.Await;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What one process does by itself while the store is away: it answers what it has completed, keeps a second body out where one runs, and
 * tells the store later. The clock stands still but where a test lets time pass.
 */
@Timeout(120)
class OutageTest extends GuardOfFickleStore {

    private static List<CallPolicy> policies(OnStoreFailure onStoreFailure) {
        List<CallPolicy> policies = new ArrayList<>();
        for (OnInProgress onInProgress : List.of(OnInProgress.WAIT, OnInProgress.THROW, OnInProgress.SKIP)) {
            policies.add(policy(onInProgress, onStoreFailure));
        }
        return policies;
    }

    private static final CallPolicy PROCEED = policy(OnInProgress.THROW, OnStoreFailure.PROCEED);
    private static final CallPolicy STRICT = policy(OnInProgress.THROW, OnStoreFailure.THROW);

    private static ClaimRequest request(String key) {
        return Claims.request(new RecordId("t", "s", key), HASH);
    }

    private String answerOf(ClaimRequest request, CallPolicy policy) {
        return assertInstanceOf(Admission.Stored.class, guard.admit(request, policy))
                .result();
    }

    private void goAway() {
        for (Step step : Step.values()) {
            store.always(step, Fate.UNREACHABLE);
        }
    }

    private void comeBack() {
        for (Step step : Step.values()) {
            store.well(step);
        }
    }

    private void isBack() {
        comeBack();
        Await.until("the store is asked again", () -> !guard.store.isAway());
    }

    /** Until calls are no longer sent to the store. */
    private void openBreaker() {
        for (int i = 0; !guard.store.isAway(); i++) {
            guard.failed(own(request("opens" + i), PROCEED), "x");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = OnStoreFailure.class,
            names = {"PROCEED", "THROW"})
    void whatWasCompletedBeforeTheOutageIsAnswered(OnStoreFailure onStoreFailure) {
        guard.completed(own(request("k"), PROCEED), result("7"));
        goAway();
        for (int i = 0; i < 5; i++) {
            for (CallPolicy policy : policies(onStoreFailure)) {
                assertEquals("7", answerOf(request("k"), policy), "whether or not the breaker is open");
            }
        }
        assertEquals(15, counters.get(Ending.DUPLICATE));
    }

    // [P23, P28]
    @ParameterizedTest
    @EnumSource(
            value = OnStoreFailure.class,
            names = {"PROCEED", "THROW"})
    void whatWasCompletedInTheOutageIsAnsweredAndToldLater(OnStoreFailure onStoreFailure) {
        RunningCall call = own(request("k"), PROCEED);
        RunningCall failing = own(request("failing"), PROCEED);
        goAway();
        guard.completed(call, result("7"));
        // Also when the store would grant the key again, since the lease is over.
        clock.pass(2 * LEASE);
        for (CallPolicy policy : policies(onStoreFailure)) {
            assertEquals("7", answerOf(request("k"), policy));
        }
        guard.failed(failing, "x");
        assertEquals(2, guard.pendingUpdates());
        assertEquals(1, guard.pendingCompletions());
        assertTrue(guard.pendingBytes() > 0);
        isBack();
        guard.flush(60_000);
        assertEquals(RecordStatus.COMPLETED, records.status(ID).orElseThrow().status());
        assertEquals(0, guard.pendingUpdates());
        assertEquals(0, guard.pendingBytes());
        assertEquals(0, guard.lostCompletions());
    }

    // [P8, P39]
    @Test
    void aStoreThatIsBackDoesNotGrantAKeyWhoseCompletionItHasNotHeardOf() {
        RunningCall call = own(request("k"), PROCEED);
        store.always(Step.COMPLETE, Fate.UNREACHABLE);
        guard.completed(call, result("7"));
        clock.pass(2 * LEASE);
        assertEquals("7", answerOf(request("k"), PROCEED), "claims reach the store, completions do not");
        assertEquals(1, guard.unacknowledgedCompletions(), "nobody waits for what a duplicate's call tells the store");
        assertEquals(1, store.asked(Step.CHECK));
        assertThrows(PayloadConflictException.class, () -> guard.admit(Claims.request(ID, OTHER), PROCEED));
    }

    // [P28]
    @ParameterizedTest
    @EnumSource(
            value = OnStoreFailure.class,
            names = {"PROCEED", "THROW"})
    void aRunningCallKeepsASecondBodyOut(OnStoreFailure onStoreFailure) {
        RunningCall call = own(request("k"), PROCEED);
        goAway();
        for (int i = 0; i < 5; i++) {
            assertThrows(
                    TraceInProgressException.class,
                    () -> guard.admit(request("k"), policy(OnInProgress.THROW, onStoreFailure)));
            assertInstanceOf(
                    Admission.Stored.class, guard.admit(request("k"), policy(OnInProgress.SKIP, onStoreFailure)));
            for (CallPolicy policy : policies(onStoreFailure)) {
                assertThrows(PayloadConflictException.class, () -> guard.admit(Claims.request(ID, OTHER), policy));
            }
        }
        CompletableFuture<Admission> waits =
                guard.admitAsync(request("k"), policy(OnInProgress.WAIT, onStoreFailure), true);
        assertFalse(waits.isDone());
        guard.completed(call, result("7"));
        assertEquals("7", assertInstanceOf(Admission.Stored.class, waits.join()).result());
    }

    // [P26]
    @Test
    void anUnknownKeyIsRefusedOrRunsUnguardedAsBefore() {
        goAway();
        assertThrows(IdempotencyStoreException.class, () -> guard.admit(request("k"), STRICT));
        RunningCall call = own(request("k"), PROCEED);
        assertTrue(call.isUnguarded());
        guard.completed(call, result("7"));
        assertEquals("7", answerOf(request("k"), STRICT));
        isBack();
        guard.flush(60_000);
        assertEquals(RecordStatus.COMPLETED, records.status(ID).orElseThrow().status());
    }

    @Test
    void afterMaxHoldACallThatRunsUnguardedLeavesItsKeyToo() {
        long hold = 60;
        CallPolicy shortHold = new CallPolicy(
                new RecordTimes(DAY, 300_000, hold),
                /* inProgressWaitMillis= */ DAY,
                OnDuplicate.RETURN_STORED,
                OnInProgress.WAIT,
                OnConflict.THROW,
                OnStoreFailure.PROCEED,
                /* throwOnMissingKey= */ false,
                /* asyncCompletion= */ false,
                /* maxHoldMillis= */ hold);
        goAway();
        RunningCall held = own(request("k"), shortHold);
        CompletableFuture<Admission> waits = guard.admitAsync(request("k"), shortHold, /* mayAskHere= */ true);
        assertFalse(waits.isDone());
        clock.pass(hold);
        Await.until("the call has lost its key", () -> guard.heldTooLong() == 1);
        RunningCall next = assertInstanceOf(RunningCall.class, waits.join());
        assertTrue(said.toString().contains("has run for longer than max-hold (60 ms)"), said.toString());
        guard.completed(next, result("7"));
        guard.completed(held, result("8"));
        assertEquals(2, counters.get(Ending.UNGUARDED), "it ran without a claim, however late it ends");
        assertEquals(0, counters.get(Ending.NEW));
        isBack();
        guard.flush(60_000);
        assertEquals(
                "7",
                records.status(ID).orElseThrow().fields().get("result"),
                "nobody had claimed the key when it ended");
    }

    @Test
    void aRecordThatIsDeletedOnceTheStoreKnowsItIsClaimable() {
        goAway();
        guard.completed(own(request("k"), PROCEED), result("7"));
        isBack();
        guard.flush(60_000);
        assertEquals("7", answerOf(request("k"), PROCEED));
        assertTrue(records.delete(ID));
        RunningCall again = own(request("k"), PROCEED);
        assertTrue(again.isOwner());
        guard.failed(again, "x");
        // What was completed before does not count any more.
        goAway();
        assertThrows(IdempotencyStoreException.class, () -> guard.admit(request("k"), STRICT));
    }

    @Test
    void aCompletionIsRefusedIfAnotherWorkerHasTakenTheKeyOver() {
        RunningCall call = own(request("k"), PROCEED);
        goAway();
        guard.completed(call, result("7"));
        clock.pass(2 * LEASE);
        Claim others = new Claim(request("k"), TIMES, "of-another-worker");
        assertEquals(Verdict.NEW, records.check(others).verdict());
        isBack();
        guard.flush(60_000);
        assertEquals(RecordStatus.PENDING, records.status(ID).orElseThrow().status());
        Await.until("it is said", () -> said.toString().contains("ran twice"));
    }

    // [P43]
    @Test
    void whatDoesNotFitIsCountedAndSaid() {
        guard.close();
        guard = guard(new GuardLimits(1 << 20, 10_000));
        goAway();
        openBreaker();
        int before = guard.pendingUpdates();
        for (int i = 0; i < 20; i++) {
            guard.completed(own(request("k" + i), PROCEED), result('"' + "x".repeat(200) + '"'));
        }
        assertTrue(guard.pendingBytes() <= 10_000, () -> guard.pendingBytes() + " bytes");
        int kept = guard.pendingUpdates() - before;
        assertTrue(kept > 0 && kept < 20, () -> kept + " are kept");
        assertEquals(20 - kept, guard.lostCompletions());
        assertTrue(said.toString().contains("take more than 10000 bytes; raise pending-bytes"), said.toString());
        // Lost for others, not for this process.
        assertEquals(200 + 2, answerOf(request("k19"), PROCEED).length());
    }

    @Test
    void allThatIsRememberedOfAnOutageIsBoundedInBytes() {
        guard.close();
        int bytes = 1 << 20;
        guard = guard(
                new GuardLimits(bytes, bytes),
                new InMemoryIdempotencyStore(1000, bytes, 1, warning -> said.writeBytes(warning.getBytes()), clock));
        goAway();
        openBreaker();
        for (int i = 0; i < 50; i++) {
            guard.completed(own(request("k" + i), PROCEED), result('"' + "x".repeat(60_000) + '"'));
            assertTrue(guard.recordBytes() <= bytes, () -> guard.recordBytes() + " bytes");
            assertTrue(guard.pendingBytes() <= bytes, () -> guard.pendingBytes() + " bytes");
        }
        assertTrue(guard.droppedRecords() > 40, () -> guard.droppedRecords() + " dropped");
        assertTrue(said.toString().contains("(memory-max-bytes)"), said.toString());
        assertEquals(60_000 + 2, answerOf(request("k49"), PROCEED).length());
    }

    @Test
    void callsThatRunInAnOutageAndFillTheRecordsOfTheProcessAreSaidAndFurtherOnesAreUnguarded() {
        guard.close();
        guard = guard(GuardLimits.DEFAULT, MemoryStore.of(1, clock));
        goAway();
        RunningCall runs = own(request("runs"), PROCEED);
        assertSame(Admission.UNGUARDED, guard.admit(request("k"), PROCEED));
        assertTrue(said.toString().contains("the in-memory store is full"), said::toString);
        assertTrue(said.toString().contains("Until some of them have ended, bodies run unguarded"), said::toString);
        assertThrows(TraceInProgressException.class, () -> guard.admit(request("runs"), PROCEED), "it is known still");
        guard.completed(runs, result("7"));
        assertInstanceOf(RunningCall.class, guard.admit(request("k"), PROCEED), "there is room again");
    }

    /** A body has run in the outage, and what the store was to be told of it was lost: this process alone knows it. */
    private void ranHereAndWasLost() {
        store.next(Step.CHECK, Fate.UNREACHABLE);
        store.next(Step.COMPLETE, Fate.REFUSED);
        RunningCall call = own(request("k"), PROCEED);
        guard.completed(call, new Completion("of-the-result", "7", "d".repeat(64)));
        Await.until("it is lost", () -> guard.lostCompletions() == 1);
        assertTrue(records.status(ID).isEmpty());
    }

    @Test
    void whatWasLostOnItsWayToTheStoreIsADuplicateHereAndToldWholeWithIt() {
        ranHereAndWasLost();
        assertEquals("7", answerOf(request("k"), PROCEED));
        assertTheStoreKnowsWhatRan();
    }

    @Test
    void anotherPayloadOfWhatWasLostOnItsWayIsAConflictAndTheStoreIsToldWhatRan() {
        ranHereAndWasLost();
        assertThrows(PayloadConflictException.class, () -> guard.admit(Claims.request(ID, OTHER), PROCEED));
        assertTheStoreKnowsWhatRan();
    }

    private void assertTheStoreKnowsWhatRan() {
        guard.flush(60_000);
        StoredRecord record = records.status(ID).orElseThrow();
        assertEquals(RecordStatus.COMPLETED, record.status());
        assertEquals(HASH, record.fields().get("hash"));
        assertEquals("7", record.fields().get("result"));
        assertEquals("of-the-result", record.fields().get("trace_id"));
        assertEquals("d".repeat(64), record.fields().get("response_hash"));
    }

    @Test
    void ofAKeyThatAllScopesShareNoScopeIsNamed() {
        goAway();
        own(Claims.request(new RecordId("t", null, "k"), HASH), PROCEED);
        assertTrue(said.toString().contains("(on-store-failure=proceed)"), said::toString);
        assertFalse(said.toString().contains("; scope"), said::toString);
    }

    /** The probe asks for a record of its own, so that no call waits for an answer that does not come. */
    @Test
    void ofAKeyThatIsMetInAnOutageTheStoreIsNotAsked() {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        IdempotencyStore seen = (IdempotencyStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {IdempotencyStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("check")) {
                        asked.add(((Claim) arguments[0]).id().key());
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        guard.close();
        guard = guard(seen, GuardLimits.DEFAULT, fallback);
        goAway();
        openBreaker();
        assertTrue(asked.contains("opens0"));
        assertTrue(own(request("k"), PROCEED).isUnguarded());
        assertThrows(IdempotencyStoreException.class, () -> guard.admit(request("strict"), STRICT));
        assertFalse(asked.contains("k") || asked.contains("strict"), asked::toString);
    }

    @Test
    void aGuardThatIsClosedInAnOutageAsksTheStoreNoMore() {
        goAway();
        openBreaker();
        assertTrue(guard.hasThreads());
        guard.close();
        Await.until("its threads have ended", () -> !guard.hasThreads());
    }

    /** Else a store that is slower than its callers would fill the memory. */
    @Test
    void callersThatMayBeBlockedWaitWhileTooManyUpdatesAreOnTheirWay() throws InterruptedException {
        CompletableFuture<Update> answer = new CompletableFuture<>();
        IdempotencyStore slow = (IdempotencyStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {IdempotencyStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("markFailedAsync")) {
                        return answer;
                    }
                    return method.invoke(records, arguments);
                });
        guard.close();
        guard = guard(slow, GuardLimits.DEFAULT, fallback);
        for (int i = 0; i < 16_000; i++) {
            RunningCall call = own(request("k" + i), PROCEED);
            guard.failedAsync(call, "x");
            assertTrue(records.giveBack(call.claim()), "there is room for the next one");
        }
        CallPolicy async =
                policy(OnInProgress.THROW, OnStoreFailure.PROCEED, /* asyncCompletion= */ true, /* maxHoldMillis= */ 0);
        RunningCall completes = own(request("completes"), async);
        RunningCall fails = own(request("fails"), PROCEED);
        List<Thread> callers = List.of(
                new Thread(() -> guard.completed(completes, result("7"))), new Thread(() -> guard.failed(fails, "x")));
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            Await.until("it waits", () -> caller.getState() == Thread.State.TIMED_WAITING);
        }
        guard.failedAsync(own(request("must not block"), PROCEED), "x");
        answer.complete(Update.APPLIED);
        for (Thread caller : callers) {
            caller.join();
        }
        guard.flush(60_000);
        assertEquals(0, guard.pendingCompletions());
    }

    /** What the store refuses for good is not sent again and again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCompletionThatTheStoreRefusesIsLostAndThatIsSaid(boolean asyncCompletion) {
        RunningCall call = own(
                request("k"),
                policy(OnInProgress.THROW, OnStoreFailure.PROCEED, asyncCompletion, /* maxHoldMillis= */ 0));
        store.always(Step.COMPLETE, Fate.REFUSED);
        guard.completed(call, result("7"));
        guard.flush(60_000);
        assertEquals(1, guard.lostCompletions());
        assertEquals(0, guard.pendingUpdates());
        assertEquals(0, guard.pendingCompletions());
        assertTrue(
                said.toString()
                        .contains("was not recorded: the store of a test refuses. Its body ran; a redelivery may"),
                said::toString);
        // Of those that linger, a flush may send one while their thread does.
        assertTrue(
                store.asked(Step.COMPLETE) <= (asyncCompletion ? 2 : 1), () -> store.asked(Step.COMPLETE) + " times");
        assertEquals(asyncCompletion ? 0 : 1, guard.unacknowledgedCompletions());
        assertEquals(
                !asyncCompletion,
                said.toString().contains("the completion is lost, since the store refuses it (completion=sync)"),
                said::toString);
        assertEquals(0, guard.figures().partsAway(), "it has answered");
    }

    /** The store would else be told of the end before that which came first. */
    @Test
    void aCompletionDoesNotOvertakeWhatStillWaitsOfItsRecord() {
        RunningCall first = own(request("k"), PROCEED);
        store.always(Step.FAIL, Fate.UNREACHABLE);
        guard.failed(first, "x");
        clock.pass(LEASE);
        RunningCall second = own(request("k"), STRICT);
        IdempotencyStoreException told =
                assertThrows(UnacknowledgedCompletionException.class, () -> guard.completed(second, result("7")));
        assertTrue(
                told.getMessage().contains("an earlier update of the record still waits for the store"),
                told.getMessage());
        assertEquals(0, store.asked(Step.COMPLETE));
        store.well(Step.FAIL);
        guard.flush(60_000);
        assertEquals("7", records.status(ID).orElseThrow().fields().get("result"));
    }

    @Test
    void manyThatWaitAreWrittenInTheOrderOfTheirRecord() {
        goAway();
        openBreaker();
        for (int i = 0; i < 2_000; i++) {
            guard.failed(own(request("k" + i % 700), PROCEED), "x" + i);
        }
        isBack();
        guard.flush(60_000);
        assertEquals(0, guard.pendingUpdates());
        assertEquals(0, guard.pendingBytes());
    }

    @Test
    void aCallerThatAsksForTheAcknowledgementIsToldThatThereIsNone() {
        RunningCall call = own(request("k"), STRICT);
        RunningCall other = own(request("other"), PROCEED);
        store.always(Step.COMPLETE, Fate.UNREACHABLE);
        IdempotencyStoreException told =
                assertThrows(UnacknowledgedCompletionException.class, () -> guard.completed(call, result("7")));
        assertTrue(told.getMessage().contains("ran, and its completion is not acknowledged"), told.getMessage());
        guard.completed(other, result("8"));
        assertEquals(2, guard.unacknowledgedCompletions());
        assertEquals(2, counters.get(Ending.NEW));
        assertTrue(said.toString().contains("(completion=sync)"), said.toString());
        assertEquals("7", answerOf(request("k"), STRICT), "the call has ended all the same");
        store.well(Step.COMPLETE);
        guard.flush(60_000);
        assertEquals("7", records.status(ID).orElseThrow().fields().get("result"));
    }

    @Test
    void aFutureOfACallThatAsksForTheAcknowledgementIsToldThatThereIsNone() {
        RunningCall asks = own(request("k"), STRICT);
        RunningCall asksAgain = own(request("again"), STRICT);
        RunningCall proceeds = own(request("other"), PROCEED);
        RunningCall failed = own(request("failed"), STRICT);
        RunningCall failedToo = own(request("failed too"), STRICT);
        store.always(Step.COMPLETE, Fate.UNREACHABLE);
        assertUnacknowledged(guard.completedAsync(asks, result("7")));
        goAway();
        openBreaker();
        assertUnacknowledged(guard.completedAsync(asksAgain, result("8")));
        guard.completedAsync(proceeds, result("9")).join();
        guard.failedForGoodAsync(failed, "{}").join();
        guard.failedForGood(failedToo, "{}");
        assertEquals(5, guard.unacknowledgedCompletions());
        assertEquals("8", answerOf(request("again"), STRICT), "the call has ended all the same");
        isBack();
        guard.flush(60_000);
        assertEquals("7", records.status(ID).orElseThrow().fields().get("result"));
    }

    /** Whoever can't be blocked is not there any more when the store has answered. */
    @Test
    void aCommitIsToldThatThereIsNoAcknowledgementWhereItMayWaitForOne() {
        RunningCall waits = returnedInTransaction("k");
        RunningCall goesOn = returnedInTransaction("other");
        store.always(Step.COMPLETE, Fate.UNREACHABLE);
        assertThrows(UnacknowledgedCompletionException.class, () -> guard.committed(waits, /* mayBlock= */ true));
        guard.committed(goesOn, /* mayBlock= */ false);
        assertEquals(2, guard.unacknowledgedCompletions());
        assertEquals(2, counters.get(Ending.NEW));
    }

    private RunningCall returnedInTransaction(String key) {
        RunningCall call = own(request(key), STRICT);
        guard.joined(call, () -> true);
        guard.returned(call, result("7"));
        return call;
    }

    private static void assertUnacknowledged(CompletableFuture<Void> handedOver) {
        assertInstanceOf(
                UnacknowledgedCompletionException.class,
                assertThrows(CompletionException.class, handedOver::join).getCause());
    }

    @Test
    void aFaultOfTheAgentWhileACompletionIsSentIsTriedAgain() {
        RunningCall call = own(request("k"), policy(OnInProgress.THROW, OnStoreFailure.PROCEED));
        store.next(Step.COMPLETE, Fate.FAULT);
        guard.completedAsync(call, result("7")).join();
        guard.flush(60_000);
        assertEquals("7", records.status(ID).orElseThrow().fields().get("result"));
        assertEquals(0, guard.lostCompletions());
    }

    @Test
    void aWaitingCallThatTheStoreCantAnswerFailsAsItsPolicySays() {
        goAway();
        CompletableFuture<Admission> refused = guard.admitAsync(request("k"), STRICT, false);
        Await.until("it is refused", refused::isDone);
        assertInstanceOf(
                IdempotencyStoreException.class,
                assertThrows(CompletionException.class, refused::join).getCause());
    }

    /** [P23] Found by the simulator: the completion was refused, since the failed call was still the record's owner. */
    @Test
    void whatRanUnguardedIsCompletedThoughAnEarlierCallFailed() {
        ClaimRequest request = request("failed-before");
        guard.failed(assertInstanceOf(RunningCall.class, guard.admit(request, PROCEED)), "the first body failed");
        Await.until(
                "the store knows of the failure",
                () -> store.status(request.id())
                        .filter(record -> record.status() == RecordStatus.FAILED)
                        .isPresent());
        goAway();
        RunningCall unguarded = assertInstanceOf(RunningCall.class, guard.admit(request, PROCEED));
        assertTrue(unguarded.isUnguarded());
        guard.completed(unguarded, new Completion("", "\"ran\"", ""));
        isBack();
        Await.until(
                "the store knows of the completion",
                () -> store.status(request.id())
                        .filter(record -> record.status() == RecordStatus.COMPLETED)
                        .isPresent());
        assertEquals("\"ran\"", answerOf(request, PROCEED));
    }

    /** [P14] As above, but another worker holds the key by then: its record stays as it is. */
    @Test
    void whatRanUnguardedDoesNotCompleteTheRecordOfAnotherWorkerThatHoldsIt() {
        ClaimRequest request = request("held-by-another");
        whatRanIsRefused(request);
        assertEquals(
                RecordStatus.PENDING, store.status(request.id()).orElseThrow().status());
    }

    /** A body runs unguarded while another worker holds its key, so that its completion is refused; returns the other's claim. */
    private Claim whatRanIsRefused(ClaimRequest request) {
        goAway();
        RunningCall unguarded = assertInstanceOf(RunningCall.class, guard.admit(request, PROCEED));
        comeBack();
        Claim others = Claims.forAMinute(request.id());
        assertEquals(Verdict.NEW, store.check(others).verdict());
        guard.completed(unguarded, result("\"ran\""));
        Await.until("the completion is refused", () -> guard.pendingUpdates() == 0);
        return others;
    }

    /**
     * [P39] Found by the simulator: the other worker's call left without having run a body, since its claim was answered too late, and the
     * body that had run here ran again.
     */
    @Test
    void whatRanUnguardedIsNotForgottenWhileAnotherWorkerHoldsTheKey() {
        ClaimRequest request = request("held-for-a-while");
        store.markFailed(whatRanIsRefused(request), "it was refused");
        isBack();

        assertEquals("\"ran\"", answerOf(request, PROCEED));

        Await.until(
                "the store is told",
                () -> store.status(request.id()).orElseThrow().status() == RecordStatus.COMPLETED);
    }

    /** [P39] Who deletes the record then lets the key through. */
    @Test
    void whatRanUnguardedIsForgottenWhenAnotherWorkerHasCompletedTheKey() {
        ClaimRequest request = request("held-and-completed");
        store.markCompleted(whatRanIsRefused(request), result("\"of the other\""));
        isBack();
        assertEquals("\"of the other\"", answerOf(request, PROCEED));
        assertTrue(records.delete(request.id()));

        RunningCall again = own(request, PROCEED);

        assertTrue(again.isOwner());
        guard.failed(again, "x");
    }

    /** [P23] Found by the simulator: a completion that came while no thread could be started waited for another one that had to wait. */
    @Test
    void whatWaitsWhileNoThreadCanBeStartedIsSentByALaterCall() {
        ThreadlessPlatform platform = new ThreadlessPlatform();
        try (Guard threadless = new Guard(
                store,
                fallback,
                GuardMode.ENFORCE,
                GuardLimits.DEFAULT,
                counters,
                new GuardLog(new PrintStream(PrintStream.nullOutputStream()), 1),
                platform)) {
            ClaimRequest request = request("waits-for-a-thread");
            RunningCall call = assertInstanceOf(RunningCall.class, threadless.admit(request, PROCEED));
            store.next(Step.COMPLETE, Fate.UNREACHABLE);
            threadless.completed(call, Completion.EMPTY);
            assertEquals(1, threadless.pendingUpdates());
            platform.threadsAreThereAgain();
            threadless.completed(
                    assertInstanceOf(RunningCall.class, threadless.admit(request("another"), PROCEED)),
                    Completion.EMPTY);
            Await.until("the completion is sent", () -> threadless.pendingUpdates() == 0);
            assertEquals(
                    RecordStatus.COMPLETED,
                    store.status(request.id()).orElseThrow().status());
        }
    }

    /** [P28] Found by the simulator: the claim of a call that had been answered here kept the store from being told of the body. */
    @Test
    void aClaimWhoseAnswerWasLostDoesNotKeepTheKeyFromABodyThatRanUnguarded() {
        ClaimRequest request = request("claimed-by-nobody");
        store.next(Step.CHECK, Fate.UNREACHABLE);
        RunningCall unguarded = assertInstanceOf(RunningCall.class, guard.admit(request, PROCEED));
        store.next(Step.CHECK, Fate.ANSWER_LOST);
        assertThrows(TraceInProgressException.class, () -> guard.admit(request, PROCEED));
        guard.completed(unguarded, new Completion("", "\"ran\"", ""));
        Await.until("the store is told", () -> guard.pendingUpdates() == 0);
        assertEquals(
                RecordStatus.COMPLETED, store.status(request.id()).orElseThrow().status());
    }

    /** [P28] It leaves without having asked once more: nobody else can know of the grant. */
    @Test
    void aWaitingCallWhoseGrantWasNotAnsweredGivesItBackAsItLeaves() {
        Claim others = new Claim(request("k"), TIMES, "of-another-worker");
        assertEquals(Verdict.NEW, records.check(others).verdict());
        CompletableFuture<Admission> waits =
                guard.admitAsync(request("k"), policy(OnInProgress.WAIT, OnStoreFailure.PROCEED), true);
        assertFalse(waits.isDone());
        store.next(Step.CHECK, Fate.ANSWER_LOST);
        store.always(Step.CHECK, Fate.UNREACHABLE);
        records.markFailed(others, "x");
        Await.until(
                "the claim is granted", () -> records.status(ID).orElseThrow().status() == RecordStatus.PENDING);
        assertFalse(waits.isDone(), "another process may still hold the key");
        clock.pass(DAY);
        assertInstanceOf(
                TraceInProgressException.class,
                assertThrows(CompletionException.class, waits::join).getCause());
        comeBack();
        Await.until("it is given back", () -> guard.pendingUpdates() == 0);
        assertTrue(records.status(ID).isEmpty(), () -> records.status(ID).toString());
    }

    /** What is only observed leaves at once, whatever its policy is. */
    @Test
    void aCallThatIsObservedGivesBackWhatItMayHaveClaimed() {
        RunningCall runs = own(request("k"), PROCEED);
        guard.mode(GuardMode.OBSERVE);
        assertTrue(records.delete(ID));
        store.next(Step.CHECK, Fate.ANSWER_LOST);
        assertEquals(Admission.UNGUARDED, guard.admit(request("k"), policy(OnInProgress.WAIT, OnStoreFailure.PROCEED)));
        Await.until("it is given back", () -> guard.pendingUpdates() == 0);
        assertTrue(records.status(ID).isEmpty(), () -> records.status(ID).toString());
        guard.completed(runs, result("7"));
    }

    /** [P28] As where a server and its workers are restarted together. */
    @Test
    void aFlushWaitsForAStoreThatComesBack() throws InterruptedException {
        RunningCall call = own(request("k"), PROCEED);
        goAway();
        openBreaker();
        guard.completed(call, result("7"));
        Thread stop = new Thread(() -> guard.flush(600_000));
        stop.start();
        Await.until("it waits", () -> stop.getState() == Thread.State.TIMED_WAITING);
        assertEquals(1, guard.pendingCompletions());
        comeBack();
        stop.join();
        assertEquals(0, guard.pendingCompletions());
        assertEquals(RecordStatus.COMPLETED, records.status(ID).orElseThrow().status());
    }

    /** A lease ends by itself. */
    @Test
    void aFlushDoesNotWaitToTellAStoreThatIsAwayOfFailures() {
        RunningCall call = own(request("k"), PROCEED);
        goAway();
        openBreaker();
        guard.failed(call, "x");
        guard.flush(600_000);
        assertTrue(guard.pendingUpdates() > 0);
        assertEquals(0, guard.pendingCompletions());
    }

    /** By a fault of the agent, say. Each waited for it for two minutes once. */
    @Test
    void anAnswerThatGetsLostHoldsUpNoOtherUpdate() {
        AtomicBoolean losesNext = new AtomicBoolean(true);
        IdempotencyStore losing = (IdempotencyStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {IdempotencyStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("longestAnswerMillis")) {
                        return 2000L;
                    }
                    if (method.getName().equals("markCompletedTogether") && losesNext.getAndSet(false)) {
                        return null;
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        guard.close();
        guard = guard(losing, GuardLimits.DEFAULT, fallback);
        store.next(Step.CHECK, Fate.UNREACHABLE);
        guard.completed(own(request("lost"), PROCEED), result("7"));
        Await.until("the completion is sent", () -> !losesNext.get());
        store.next(Step.CHECK, Fate.UNREACHABLE);
        guard.completed(own(request("next"), PROCEED), result("8"));
        Await.until(
                "the next completion is written",
                () -> records.status(new RecordId("t", "s", "next"))
                        .filter(record -> record.status() == RecordStatus.COMPLETED)
                        .isPresent());
        Await.until("the lost one is sent again", () -> guard.pendingUpdates() == 0);
        assertEquals(
                RecordStatus.COMPLETED,
                records.status(new RecordId("t", "s", "lost")).orElseThrow().status());
        assertEquals(0, guard.lostCompletions());
    }
}
