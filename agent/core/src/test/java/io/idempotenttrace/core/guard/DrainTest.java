package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.RecordId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long the stop waits, on a clock that only the waiting moves. */
@Timeout(120)
class DrainTest extends GuardOfFickleStore {

    private static final CallPolicy POLICY = policy(OnInProgress.WAIT, OnStoreFailure.PROCEED);

    private final StandingPlatform platform = new StandingPlatform();
    private final List<RunningCall> running = new ArrayList<>();

    private RunningCall begin(String key) {
        RunningCall call = new RunningCall(Claims.forAMinute(new RecordId("t", "s", key)), POLICY, counters);
        running.add(call);
        return call;
    }

    private List<RecordId> drain(long maxMillis) {
        return new Drain(running, guard.store, /* innermost= */ null, platform).await(maxMillis);
    }

    @Test
    void aCallThatDoesNotEndIsNamedWhenTheTimeIsOver() {
        RunningCall call = begin("k");
        assertEquals(List.of(call.claim.id()), drain(100));
        assertEquals(100, platform.passedMillis());
    }

    @Test
    void whereNothingRunsItTakesNoTime() {
        assertEquals(List.of(), drain(100));
        assertEquals(0, platform.passedNanos());
    }

    @Test
    void whereThereIsNoTimeItOnlyLooks() {
        RunningCall call = begin("k");
        assertEquals(List.of(call.claim.id()), drain(0));
        assertEquals(0, platform.passedNanos());
    }

    /** Whoever works on a queue ends one call and begins the next. */
    @Test
    void itEndsWhenForAWhileNoCallHasBegun() {
        RunningCall first = begin("first");
        platform.whileParked(() -> {
            if (platform.passedMillis() == 10) {
                running.remove(first);
            } else if (platform.passedMillis() == 26) {
                begin("next");
            } else if (platform.passedMillis() == 40) {
                running.clear();
            }
        });
        assertEquals(List.of(), drain(DAY));
        // The last look that found one was at 38 ms; the quiet counts from there.
        assertEquals(58, platform.passedMillis());
    }

    @Test
    void anInterruptOfTheWaitingThreadIsNotKept() {
        Thread.currentThread().interrupt();
        begin("k");
        drain(TimeUnit.MILLISECONDS.toMillis(4));
        assertEquals(false, Thread.interrupted());
    }
}
