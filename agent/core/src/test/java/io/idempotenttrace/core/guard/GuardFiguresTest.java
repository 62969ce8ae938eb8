package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.GuardFigures.OfScope;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.testkit.Await;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is counted and measured of calls, by their scope, with a store that may be away. */
class GuardFiguresTest extends GuardOfFickleStore {

    private static final CallPolicy PROCEED = policy(OnInProgress.WAIT, OnStoreFailure.PROCEED);
    private static final RecordId OTHER_SCOPE = new RecordId("t", "spans", "k");

    private OfScope scope(String name) {
        return guard.figures().scopes().stream()
                .filter(one -> one.scope().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + guard.figures()));
    }

    private void away() {
        for (FickleStore.Step step : FickleStore.Step.values()) {
            store.always(step, FickleStore.Fate.UNREACHABLE);
        }
    }

    @Test
    void callsAreCountedByTheirScopeAndEachOnce() {
        CallPolicy ofMethod = PROCEED.countedBy(counters.of("Emitter.emit(Span)", "spans"));
        guard.completed(own(Claims.request(OTHER_SCOPE, HASH), ofMethod), result("1"));
        guard.admit(Claims.request(OTHER_SCOPE, HASH), ofMethod);
        guard.failed(own(Claims.request(ID, HASH), PROCEED), "no");
        assertEquals(1, scope("spans").calls().get(Ending.NEW));
        assertEquals(1, scope("spans").calls().get(Ending.DUPLICATE));
        assertEquals(0, scope("spans").calls().get(Ending.FAILED));
        assertEquals(1, scope("s").calls().get(Ending.FAILED));
        assertEquals(
                List.of("s", "spans"),
                guard.figures().scopes().stream().map(OfScope::scope).toList());
        assertEquals(1, counters.parts().get("Emitter.emit(Span)").get(Ending.NEW));
    }

    @Test
    void aStoreThatDoesNotAnswerIsAwayBeforeACallMeetsIt() {
        assertTrue(guard.figures().guarding());
        guard.storeAnswers(false);
        assertFalse(guard.figures().guarding());
        assertEquals(1, guard.figures().partsAway());
        assertTrue(guard.problem().endsWith(" does not answer"), guard.problem());
        own(Claims.request(ID, HASH), PROCEED);
        assertTrue(guard.figures().guarding(), "a claim was answered");
        guard.storeAnswers(false);
        guard.storeAnswers(true);
        assertTrue(guard.figures().guarding());
        assertEquals(0, guard.figures().partsAway());
    }

    @Test
    void whatRunsWithoutClaimIsCountedByItsReason() {
        away();
        guard.completed(own(Claims.request(ID, HASH), PROCEED), result("1"));
        guard.unobserved(own(Claims.request(OTHER_SCOPE, HASH), PROCEED), "not seen", /* mayBlock= */ true);
        counters.of("Emitter.emit(Span)", "s").countUnguarded(UnguardedReason.NO_KEY);
        counters.addUnguarded(UnguardedReason.AGENT, 3);
        OfScope figures = scope("s");
        assertEquals(1, figures.unguarded().get(UnguardedReason.STORE));
        assertEquals(1, figures.unguarded().get(UnguardedReason.NO_KEY));
        assertEquals(2, figures.calls().get(Ending.UNGUARDED));
        assertEquals(1, figures.storeFailures());
        assertEquals(1, scope("spans").unguarded().get(UnguardedReason.UNOBSERVABLE));
        assertEquals(3, scope("(unknown)").unguarded().get(UnguardedReason.AGENT));
        assertEquals(6, counters.get(Ending.UNGUARDED));
        assertThrows(IllegalArgumentException.class, () -> counters.count(Ending.UNGUARDED));
    }

    /** What a person asks for who looks for a trace that is missing. */
    @Test
    void theLastCallsThatWereNotNewAreKept() {
        CallPolicy ofMethod = PROCEED.countedBy(counters.of("Emitter.emit(Span)", "s"));
        guard.completed(own(Claims.request(ID, HASH), ofMethod), result("1"));
        guard.admit(Claims.request(ID, HASH), ofMethod);
        assertThrows(PayloadConflictException.class, () -> guard.admit(Claims.request(ID, OTHER), ofMethod));
        guard.failed(own(Claims.request(OTHER_SCOPE, HASH), PROCEED), "no");
        guard.unobserved(own(Claims.request(OTHER_SCOPE, HASH), PROCEED), "not seen", /* mayBlock= */ true);
        List<VerdictLog.Entry> kept = guard.verdicts().entries();
        assertEquals(
                List.of(Ending.DUPLICATE, Ending.CONFLICT, Ending.FAILED, Ending.UNGUARDED),
                kept.stream().map(VerdictLog.Entry::ending).toList());
        assertEquals(
                List.of(ID, ID, OTHER_SCOPE, OTHER_SCOPE),
                kept.stream().map(VerdictLog.Entry::id).toList());
        assertEquals("Emitter.emit(Span)", kept.get(0).method());
    }

    @Test
    void aDuplicateThatIsKnownWithoutAClaimIsACacheHit() {
        guard.completed(own(Claims.request(ID, HASH), PROCEED), result("7"));
        assertEquals(0, scope("s").cacheHits());
        store.remembers();
        assertEquals(
                "7",
                assertInstanceOf(Admission.Stored.class, guard.admit(Claims.request(ID, HASH), PROCEED))
                        .result());
        assertEquals(1, scope("s").cacheHits());
        assertEquals(1, store.asked(FickleStore.Step.CHECK), "only the first call has claimed");
        assertEquals(1, scope("s").calls().get(Ending.DUPLICATE));
    }

    /** Its body runs, so nothing is saved; and its verdict is the store's. */
    @Test
    void aCallThatIsOnlyObservedIsNoCacheHit() {
        guard.completed(own(Claims.request(ID, HASH), PROCEED), result("7"));
        store.remembers();
        guard.mode(GuardMode.OBSERVE);
        assertSame(Admission.UNGUARDED, guard.admit(Claims.request(ID, HASH), PROCEED));
        assertEquals(0, scope("s").cacheHits());
        assertEquals(2, store.asked(FickleStore.Step.CHECK));
        assertEquals(1, scope("s").calls().get(Ending.DUPLICATE));
    }

    @Test
    void recordsOfANewerAgentAreCountedAndSaid() {
        records.check(Claims.forAMinute(ID));
        assertEquals(0, guard.figures().newerRecords());
        store.heldByNewer("2");
        assertThrows(
                TraceInProgressException.class,
                () -> guard.admit(Claims.request(ID, HASH), policy(OnInProgress.THROW, OnStoreFailure.PROCEED)));
        assertEquals(1, guard.figures().newerRecords());
        assertTrue(said.toString().contains("has version 2, which a newer version of the agent wrote"), said::toString);
    }

    @Test
    void whetherOtherProcessesShareTheStoreIsTold() {
        assertTrue(guard.figures().sharedStore());
        try (Guard inMemory =
                new Guard(records, null, GuardMode.ENFORCE, GuardLimits.DEFAULT, counters, guard.log, clock)) {
            assertFalse(inMemory.figures().sharedStore());
        }
    }

    /** To name one, its payload is hashed once more. */
    @Test
    void conflictsAreNamedToThoseWhoWatchFromThenOn() {
        guard.completed(own(Claims.request(ID, HASH), PROCEED), result("1"));
        guard.completed(own(Claims.request(OTHER_SCOPE, HASH), PROCEED), result("1"));
        assertThrows(PayloadConflictException.class, () -> guard.admit(Claims.request(ID, OTHER), PROCEED));
        assertTrue(line(1).contains("\"conflicts\":[]"), line(1));
        guard.watched(true);
        assertThrows(PayloadConflictException.class, () -> guard.admit(Claims.request(OTHER_SCOPE, OTHER), PROCEED));
        guard.mode(GuardMode.OBSERVE);
        guard.admit(Claims.request(ID, OTHER), PROCEED);
        String line = line(2);
        assertTrue(
                line.matches(".*\"conflicts\":\\[\\{[^}]*\"scope\":\"spans\",[^}]*},\\{[^}]*\"scope\":\"s\",[^}]*}].*"),
                line);
        assertTrue(
                line.startsWith("{\"process\":\"host/1\",\"version\":\"1.0\",\"mode\":\"observe\",\"number\":2,"),
                line);
        assertTrue(line.contains("\"calls\":{\"new\":2,\"duplicate\":0,\"conflict\":3,"), line);
    }

    private String line(long number) {
        return guard.figureLine("host/1", "1.0", number, /* ended= */ false, counters.byEnding());
    }

    @Test
    void theStoreThatIsAwayIsSeen() {
        assertEquals(0, guard.figures().partsAway());
        away();
        for (int i = 0; i < 3; i++) {
            RecordId id = new RecordId("t", "s", "k" + i);
            guard.completed(own(Claims.request(id, HASH), PROCEED), result("1"));
        }
        GuardFigures figures = guard.figures();
        assertEquals(1, figures.partsAway());
        assertEquals(3, figures.pendingUpdates());
        assertTrue(figures.pendingBytes() > 0, figures.toString());
    }

    @Test
    void theTimeOfTheStoreIsMeasuredByStep() {
        RunningCall call = own(Claims.request(ID, HASH), PROCEED);
        guard.completed(call, result("1"));
        guard.failed(own(Claims.request(OTHER_SCOPE, HASH), PROCEED), "no");
        assertEquals(1, scope("s").storeTimes().get(StoreStep.CLAIM).count());
        assertEquals(1, scope("s").storeTimes().get(StoreStep.COMPLETE).count());
        assertEquals(0, scope("s").storeTimes().get(StoreStep.FAIL).count());
        assertEquals(1, scope("spans").storeTimes().get(StoreStep.FAIL).count());
    }

    @Test
    void howLongTheStoreTookForAClaimIsMeasured() {
        store.beforeNextAnswer(() -> clock.pass(20));
        own(Claims.request(ID, HASH), PROCEED);
        assertEquals(0.02, scope("s").storeTimes().get(StoreStep.CLAIM).sumSeconds(), 1e-9);
    }

    @Test
    void aCallThatWaitsIsMeasured() {
        RunningCall holder = own(Claims.request(ID, HASH), PROCEED);
        var waiting = guard.admitAsync(Claims.request(ID, HASH), PROCEED, /* mayAskHere= */ false);
        clock.pass(40);
        guard.completed(holder, result("1"));
        waiting.join();
        TimeHistogram.Snapshot waits = scope("s").waits();
        assertEquals(1, waits.count());
        assertEquals(0.04, waits.sumSeconds(), 1e-9);
        // The first bound that is not below it is 50 ms.
        int bucket = Arrays.binarySearch(TimeHistogram.boundsSeconds(), 0.05);
        assertEquals(1, waits.counts()[bucket]);
    }

    @Test
    void aCallThatGivesUpHasWaitedToo() {
        own(Claims.request(ID, HASH), PROCEED);
        CallPolicy impatient = new CallPolicy(
                TIMES,
                /* inProgressWaitMillis= */ 0,
                PROCEED.onDuplicate(),
                OnInProgress.WAIT,
                PROCEED.onConflict(),
                OnStoreFailure.PROCEED,
                /* throwOnMissingKey= */ false,
                /* asyncCompletion= */ false,
                /* maxHoldMillis= */ 0);
        assertThrows(TraceInProgressException.class, () -> guard.admit(Claims.request(ID, HASH), impatient));
        assertEquals(1, scope("s").waits().count());
        assertEquals(1, scope("s").calls().get(Ending.IN_PROGRESS));
    }

    @Test
    void aLeaseThatIsRenewedLateIsCountedOnce() {
        Claim claim = new Claim(Claims.request(ID, HASH), TIMES, "owner");
        RunningCall call = new RunningCall(claim, PROCEED, counters.ofScope("s"));
        call.asksElsewhere(clock.getAsLong());
        call.answered(store.check(claim).verdict());
        try (LeaseRenewal leases = new LeaseRenewal(List.of(call), store, clock, held -> {})) {
            clock.pass(LEASE / 2);
            leases.look();
            assertEquals(0, scope("s").lateRenewals());
            clock.pass(LEASE / 3 * 2);
            store.next(FickleStore.Step.RENEW, FickleStore.Fate.UNREACHABLE);
            leases.look();
            leases.look();
            assertEquals(1, scope("s").lateRenewals());
            assertEquals(2, scope("s").storeTimes().get(StoreStep.RENEW).count());
        }
    }

    @Test
    void heldClaimsHaveAnAge() {
        RunningCall first = own(Claims.request(ID, HASH), PROCEED);
        clock.pass(2000);
        own(Claims.request(OTHER_SCOPE, HASH), PROCEED.countedBy(counters.of("Emitter.emit(Span)", "spans")));
        clock.pass(1000);
        assertEquals(1, scope("s").held());
        assertEquals(3, scope("s").oldestHeldSeconds(), 1e-9);
        List<GuardFigures.HeldCall> held = guard.figures().oldestHeld();
        assertEquals(
                List.of(ID, OTHER_SCOPE),
                held.stream().map(GuardFigures.HeldCall::id).toList());
        assertEquals("Emitter.emit(Span)", held.get(1).method());
        assertEquals(1000, held.get(1).heldMillis());
        guard.completed(first, result("1"));
        assertEquals(0, scope("s").held());
    }

    @Test
    void aStoreInMemoryTellsOfItsClaims() {
        try (Guard inMemory =
                new Guard(records, null, GuardMode.ENFORCE, GuardLimits.DEFAULT, counters, guard.log, clock)) {
            inMemory.admit(Claims.request(ID, HASH), PROCEED);
            OfScope figures = inMemory.figures().scopes().get(0);
            assertEquals(1, figures.held());
            assertEquals(0, figures.storeTimes().get(StoreStep.CLAIM).count());
            assertTrue(inMemory.figures().recordBytes() > 0);
            // By the time of day, which the store has read when it granted the claim.
            Await.until(
                    "it has held its key for a while",
                    () -> inMemory.figures().oldestHeld().get(0).heldMillis() > 0);
            assertTrue(inMemory.figures().oldestHeld().get(0).heldMillis() < TimeUnit.HOURS.toMillis(1));
        }
    }

    @Test
    void scopesAboveTheMostAreMeasuredTogetherAndThatIsSaidOnce() {
        int all = MeasuredScopes.MOST + 3;
        for (int i = 0; i < all; i++) {
            counters.of("Emitter.emit" + i + "()", "scope" + i).count(Ending.NEW);
        }
        assertEquals(MeasuredScopes.MOST + 1, guard.figures().scopes().size());
        assertEquals(3, scope("(other)").calls().get(Ending.NEW));
        assertEquals(all, counters.get(Ending.NEW));
        assertEquals(
                1,
                said.toString()
                        .lines()
                        .filter(line -> line.contains("'(other)'"))
                        .count(),
                said.toString());
    }

    @Test
    void aValueOnABoundIsBelowIt() {
        TimeHistogram times = new TimeHistogram();
        times.record(TimeUnit.MILLISECONDS.toNanos(1));
        times.record(TimeUnit.MILLISECONDS.toNanos(1) + 1);
        times.record(-5);
        times.record(TimeUnit.MINUTES.toNanos(5));
        long[] cumulative = times.snapshot().cumulative();
        assertEquals(0.001, TimeHistogram.boundsSeconds()[2]);
        assertArrayEquals(new long[] {1, 1, 2, 3}, Arrays.copyOf(cumulative, 4));
        assertEquals(3, cumulative[cumulative.length - 2]);
        assertEquals(4, cumulative[cumulative.length - 1]);
        assertEquals(4, times.snapshot().count());
    }
}
