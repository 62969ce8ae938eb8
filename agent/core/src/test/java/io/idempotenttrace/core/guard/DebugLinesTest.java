package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.core.guard.FickleStore.Fate;
import io.idempotenttrace.core.guard.FickleStore.Step;
import io.idempotenttrace.core.guard.GuardLog.Level;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With {@code log-level=debug} the agent writes, of each step of a call, what was decided and why. */
class DebugLinesTest extends GuardOfFickleStore {

    private static final CallPolicy WAIT = policy(OnInProgress.WAIT, OnStoreFailure.PROCEED);
    private static final CallPolicy THROW = policy(OnInProgress.THROW, OnStoreFailure.PROCEED);
    private static final CallPolicy STRICT = policy(OnInProgress.THROW, OnStoreFailure.THROW);
    private static final ClaimRequest REQUEST = Claims.request(ID, HASH);

    private static final String CALL = "key 'k' of tenant 't' in scope 's': ";

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void sayAll() {
        guard.close();
        guard = guard(/* debug= */ true);
    }

    private Guard guard(boolean debug) {
        return guard(debug, store, fallback);
    }

    private Guard guard(boolean debug, IdempotencyStore guarded, IdempotencyStore recordsOfOutage) {
        GuardLog.Lines out = new GuardLog.Lines() {
            @Override
            public boolean isDebug() {
                return debug;
            }

            @Override
            public void say(Level level, String message) {
                if (level == Level.DEBUG) {
                    lines.add(message);
                }
            }
        };
        return new Guard(
                guarded,
                recordsOfOutage,
                GuardMode.ENFORCE,
                GuardLimits.DEFAULT,
                counters,
                new GuardLog(out, 1),
                clock);
    }

    private void assertSaid(String... steps) {
        assertEquals(List.of(steps).stream().map(step -> CALL + step).toList(), lines);
        lines.clear();
    }

    @Test
    void theWayOfACallIsSaidFromItsClaimToItsEnd() {
        RunningCall call = own(REQUEST, THROW);
        assertSaid("new, claimed; its body runs");
        guard.completed(call, result("7"));
        assertSaid("its body ended; counted as new");
    }

    @Test
    void aClaimInTheMemoryOfTheProcessIsSaidToBeOne() {
        guard.close();
        guard = guard(/* debug= */ true, records, /* recordsOfOutage= */ null);
        guard.completed(own(REQUEST, THROW), result("7"));
        assertSaid("new, claimed in memory; its body runs", "its body ended; counted as new");
    }

    @Test
    void aLineBeginsWithTheMethod() {
        own(REQUEST, THROW.countedBy(counters.of("Emitter.emit(Span)", "s")));
        assertEquals(List.of("Emitter.emit(Span): " + CALL + "new, claimed; its body runs"), lines);
    }

    @Test
    void whyABodyDoesNotRunIsSaid() {
        RunningCall call = own(REQUEST, THROW);
        lines.clear();
        assertThrows(TraceInProgressException.class, () -> guard.admit(REQUEST, THROW));
        assertSaid("in-progress, another call holds the key; its body does not run");
        guard.completed(call, result("7"));
        lines.clear();
        assertInstanceOf(Admission.Stored.class, guard.admit(REQUEST, THROW));
        assertSaid("duplicate, its record is completed; its body does not run");
        assertThrows(PayloadConflictException.class, () -> guard.admit(Claims.request(ID, OTHER), THROW));
        assertSaid("conflict, its record has another payload");
    }

    @Test
    void howLongACallHasWaitedIsSaid() {
        RunningCall call = own(REQUEST, WAIT);
        CompletableFuture<Admission> waits = guard.admitAsync(REQUEST, WAIT, /* mayAskHere= */ true);
        clock.pass(40);
        lines.clear();
        guard.completed(call, result("7"));
        waits.join();
        assertSaid(
                "its body ended; counted as new",
                "duplicate, its record is completed; its body does not run, after a wait of 40 ms");
    }

    @Test
    void whyACallFailedIsSaid() {
        RunningCall call = own(REQUEST, THROW);
        lines.clear();
        guard.failed(call, "java.lang.IllegalStateException: boom");
        assertSaid("failed, the key is free again: java.lang.IllegalStateException: boom");
    }

    @Test
    void aCallThatIsAPartOfAnotherOneIsSaidToBeOne() {
        RunningCall outer = own(REQUEST, THROW);
        guard.enterBody(outer);
        lines.clear();
        assertSame(Admission.UNGUARDED, guard.admit(REQUEST, THROW));
        assertSaid("part of a call that holds the key; its body runs");
        guard.leaveBody(outer);
    }

    @Test
    void thatTheStoreDidNotAnswerIsSaidOfEachCall() {
        store.always(Step.CHECK, Fate.UNREACHABLE);
        RunningCall call = own(REQUEST, THROW);
        assertSaid("unguarded, the store did not answer; its body runs");
        guard.failed(call, "x");
        lines.clear();
        ClaimRequest other = Claims.request(new RecordId("t", "s", "other"), HASH);
        assertThrows(IdempotencyStoreException.class, () -> guard.admit(other, STRICT));
        assertEquals(
                List.of("key 'other' of tenant 't' in scope 's': failed, the store did not answer and"
                        + " on-store-failure=throw; its body does not run"),
                lines);
    }

    @Test
    void whatEnforcingWouldHaveMadeOfACallIsSaid() {
        guard.completed(own(REQUEST, THROW), result("7"));
        guard.mode(GuardMode.OBSERVE);
        lines.clear();
        assertSame(Admission.UNGUARDED, guard.admit(REQUEST, THROW));
        assertSaid("would be duplicate; its body runs (mode=observe)");
    }

    @Test
    void whereTheLevelIsAnotherNothingOfThisIsSaid() {
        guard.close();
        guard = guard(/* debug= */ false);
        guard.completed(own(REQUEST, THROW), result("7"));
        guard.admit(REQUEST, THROW);
        assertEquals(List.of(), lines);
    }
}
