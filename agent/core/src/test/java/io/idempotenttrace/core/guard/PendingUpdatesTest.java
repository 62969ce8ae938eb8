package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.core.guard.FickleStore.Fate;
import io.idempotenttrace.core.guard.FickleStore.Step;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.testkit.Await;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits for the store, where no thread can be started: whoever flushes or closes does the work, and time is what they wait. */
@Timeout(120)
class PendingUpdatesTest extends GuardOfFickleStore {

    private static final CallPolicy POLICY = policy(OnInProgress.WAIT, OnStoreFailure.PROCEED);

    private final StandingPlatform platform = new StandingPlatform();
    private final GuardLog log = new GuardLog(new PrintStream(said, true), 1);
    private final StoreBreaker breaker = new StoreBreaker(store, log);
    private final List<Update> told = new ArrayList<>();
    private final PendingUpdates pending = pending(1 << 20);

    private PendingUpdates pending(long maxBytes) {
        return new PendingUpdates(store, breaker, clock, platform, log, maxBytes, (call, update) -> told.add(update));
    }

    @AfterEach
    void closeThem() {
        breaker.close();
        pending.close();
    }

    private RunningCall claimed(String key) {
        RunningCall call = new RunningCall(Claims.forAMinute(new RecordId("t", "s", key)), POLICY, counters);
        records.check(call.claim);
        return call;
    }

    private void assertStatus(RecordStatus expected, RunningCall call) {
        assertEquals(expected, records.status(call.claim.id()).orElseThrow().status());
    }

    /** Calls no longer go to the store. */
    private void openBreaker() {
        for (Step step : Step.values()) {
            store.always(step, Fate.UNREACHABLE);
        }
        for (String key : List.of("x", "y", "z", "x", "y", "z")) {
            breaker.failed(
                    new RecordId("t", "s", key),
                    new IdempotencyStoreException("away, says a test", "t", key, null, null));
        }
        assertTrue(breaker.isOpen());
    }

    private static IdempotencyStoreException failureOf(CompletableFuture<Update> sent) {
        return assertInstanceOf(
                IdempotencyStoreException.class,
                assertThrows(CompletionException.class, sent::join).getCause());
    }

    @Test
    void aFlushWaitsItsTimeForACompletionAndWritesItWhenTheStoreIsThere() {
        RunningCall call = claimed("k");
        store.always(Step.COMPLETE, Fate.UNREACHABLE);
        pending.completeAside(call, result("1"));
        assertEquals(1, pending.waiting());
        assertEquals(1, pending.unwrittenCompletions());
        pending.flush(50);
        assertEquals(50, platform.passedMillis());
        assertEquals(1, pending.waiting());
        assertStatus(RecordStatus.PENDING, call);
        store.well(Step.COMPLETE);
        pending.flush(50);
        assertEquals(50, platform.passedMillis(), "it waits no longer than it has to");
        assertEquals(0, pending.waiting());
        assertEquals(0, pending.unwrittenCompletions());
        assertStatus(RecordStatus.COMPLETED, call);
        assertEquals(List.of(Update.APPLIED), told);
        assertEquals(0, pending.lost());
    }

    @Test
    void aFlushWaitsForAFailureWhileTheStoreIsThereAlone() {
        RunningCall call = claimed("k");
        store.next(Step.FAIL, Fate.UNREACHABLE);
        pending.fail(call, "x");
        assertEquals(1, pending.waiting());
        assertEquals(0, pending.unwrittenCompletions());
        pending.flush(50);
        assertEquals(0, pending.waiting());
        assertStatus(RecordStatus.FAILED, call);
        long passed = platform.passedMillis();
        openBreaker();
        pending.fail(claimed("other"), "x");
        pending.flush(50);
        assertEquals(passed, platform.passedMillis());
        assertEquals(1, pending.waiting());
    }

    @Test
    void aFlushWaitsForWhatIsOnItsWayAndSendsWhatLingers() {
        RunningCall call = claimed("k");
        RunningCall lingers = claimed("lingers");
        store.holdAnswers();
        pending.completeAside(call, result("1"));
        assertEquals(1, pending.unwrittenCompletions());
        platform.whileParked(() -> {
            if (platform.passedMillis() == 20) {
                store.giveAnswers();
                pending.completeSoon(lingers, result("2"));
            }
        });
        pending.flush(50);
        assertEquals(20, platform.passedMillis());
        assertEquals(0, pending.unwrittenCompletions());
        assertStatus(RecordStatus.COMPLETED, call);
        assertStatus(RecordStatus.COMPLETED, lingers);
    }

    @Test
    void whatWaitsAndWhatIsOnItsWayIsUnwritten() {
        store.next(Step.COMPLETE, Fate.UNREACHABLE);
        pending.completeAside(claimed("waits"), result("1"));
        store.holdAnswers();
        pending.completeAside(claimed("1"), result("1"));
        pending.completeAside(claimed("2"), result("1"));
        assertEquals(3, pending.unwrittenCompletions());
        store.giveAnswers();
        assertEquals(1, pending.unwrittenCompletions());
    }

    @Test
    void whatWaitsAtTheCloseIsWrittenWhereTheStoreIsThere() {
        RunningCall call = claimed("k");
        store.next(Step.COMPLETE, Fate.UNREACHABLE);
        pending.completeAside(call, result("1"));
        pending.close();
        assertStatus(RecordStatus.COMPLETED, call);
        assertEquals(List.of(Update.APPLIED), told);
        assertEquals(0, pending.waiting());
        assertEquals(0, pending.lost());
    }

    @Test
    void whatCantBeWrittenAtTheCloseIsGivenUpAndSaid() {
        store.always(Step.COMPLETE, Fate.UNREACHABLE);
        for (int i = 0; i < 600; i++) {
            pending.completeAside(claimed("k" + i), result("1"));
        }
        pending.close();
        assertEquals(0, pending.waiting());
        assertEquals(600, pending.lost());
        assertEquals(600, told.size());
        assertEquals(null, told.get(0));
        assertTrue(said.toString().contains("was not recorded: the guard was closed"), said.toString());
    }

    /** In one round 512 at most: the client's queue has a length. */
    @Test
    void manyThatWaitAreWrittenInSeveralRounds() {
        store.always(Step.COMPLETE, Fate.UNREACHABLE);
        for (int i = 0; i < 600; i++) {
            pending.completeAside(claimed("k" + i), result("1"));
        }
        long asked = store.asked(Step.COMPLETE);
        pending.flush(0);
        platform.whileParked(() -> platform.pass(1_000_000));
        pending.flush(1);
        assertEquals(asked + 512, store.asked(Step.COMPLETE));
        store.well(Step.COMPLETE);
        pending.flush(1000);
        assertEquals(0, pending.waiting());
        assertEquals(600, told.size());
    }

    @Test
    void whatTheRecordWouldNotOutliveIsGivenUp() {
        RunningCall call = claimed("k");
        store.always(Step.COMPLETE, Fate.UNREACHABLE);
        pending.completeAside(call, result("1"));
        clock.pass(59_999);
        pending.flush(1);
        assertEquals(1, pending.waiting());
        clock.pass(1);
        pending.flush(1);
        assertEquals(0, pending.waiting());
        assertEquals(1, pending.lost());
        assertTrue(said.toString().contains("did not answer before its record would have expired"), said.toString());
    }

    @Test
    void aCompletionWaitsBehindWhatWaitsOfItsRecord() {
        RunningCall call = claimed("k");
        store.next(Step.FAIL, Fate.UNREACHABLE);
        pending.fail(call, "x");
        long asked = store.asked(Step.COMPLETE);
        pending.completeSoon(call, result("1"));
        pending.sendBeforeClaim(call.claim.id());
        assertEquals(2, pending.waiting());
        assertTrue(failureOf(pending.complete(call, result("2"))).getMessage().contains("still waits for the store"));
        assertEquals(3, pending.waiting());
        assertEquals(asked, store.asked(Step.COMPLETE));
        pending.forgetEnds(call.claim.id());
        assertEquals(0, pending.waiting());
    }

    @Test
    void whileTheStoreIsKnownToBeAwayNothingIsSent() {
        RunningCall call = claimed("k");
        RunningCall lingers = claimed("lingers");
        openBreaker();
        long asked = store.asked(Step.COMPLETE);
        assertEquals(
                "away, says a test",
                failureOf(pending.complete(call, result("1"))).getMessage());
        pending.completeSoon(lingers, result("1"));
        pending.sendBeforeClaim(lingers.claim.id());
        assertEquals(asked, store.asked(Step.COMPLETE));
        assertEquals(2, pending.waiting());
        for (Step step : Step.values()) {
            store.well(step);
        }
        Await.until("the store is asked again", () -> !breaker.isOpen());
        pending.flush(1000);
        assertEquals(0, pending.waiting());
        assertStatus(RecordStatus.COMPLETED, lingers);
    }

    @Test
    void aFaultOfTheAgentIsSaidAndAStoreThatIsAwayIsNot() {
        RunningCall call = claimed("k");
        store.next(Step.COMPLETE, Fate.UNREACHABLE);
        failureOf(pending.complete(call, result("1")));
        assertFalse(said.toString().contains("could not be sent"), said.toString());
        store.next(Step.COMPLETE, Fate.FAULT);
        IdempotencyStoreException failure = failureOf(pending.complete(claimed("other"), result("1")));
        assertEquals("the completion could not be sent", failure.getMessage());
        assertTrue(said.toString().contains("the completion of key 'other'"), said.toString());
        assertTrue(said.toString().contains("could not be sent (java.lang.StackOverflowError: of a test)"));
        assertEquals(2, pending.unacknowledged());
    }

    @Test
    void whatHasNoRoomIsLostAndItsCallIsTold() {
        PendingUpdates small = pending(1);
        store.next(Step.COMPLETE, Fate.UNREACHABLE);
        small.completeAside(claimed("k"), result("1"));
        assertEquals(0, small.waiting());
        assertEquals(0, small.unwrittenCompletions());
        assertEquals(1, small.lost());
        assertEquals(1, told.size());
        assertEquals(null, told.get(0));
        assertTrue(said.toString().contains("take more than 1 bytes"), said.toString());
    }

    @Test
    void aCompletionThatTheStoreRefusesIsCountedAndSaid() {
        RunningCall call = claimed("k");
        records.delete(call.claim.id());
        records.check(Claims.forAMinute(call.claim.id()));
        pending.completeAside(call, result("1"));
        assertEquals(1, pending.refused());
        assertEquals(List.of(Update.REFUSED), told);
        assertTrue(said.toString().contains("ran twice"), said.toString());
    }

    @Test
    void howLongTheStoreTookIsMeasured() {
        store.beforeNextAnswer(() -> clock.pass(7));
        pending.completeAside(claimed("k"), result("1"));
        store.beforeNextAnswer(() -> clock.pass(5));
        pending.completeNow(claimed("now"), result("1")).join();
        assertEquals(0.012, counters.figures().storeTimes(StoreStep.COMPLETE).sumSeconds(), 1e-9);
        store.beforeNextAnswer(() -> clock.pass(3));
        pending.fail(claimed("fails"), "x");
        assertEquals(0.003, counters.figures().storeTimes(StoreStep.FAIL).sumSeconds(), 1e-9);
    }
}
