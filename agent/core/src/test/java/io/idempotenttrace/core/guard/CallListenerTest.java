package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.MemoryStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordTimes;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A listener hears of each call once, after all that the call does to others; and whatever it does itself, the call is as without it. */
class CallListenerTest {

    private static final RecordId ID = new RecordId("t", "s", "k");
    private static final String HASH = "a".repeat(64);
    private static final String OTHER_HASH = "b".repeat(64);

    /** A listener that does what a test says. */
    private static final class Hearing implements CallListener {

        private final List<EndedCall> heard = Collections.synchronizedList(new ArrayList<>());
        private boolean wanted = true;
        private Callable<Boolean> reaction = () -> true;

        @Override
        public boolean isHeard() {
            return wanted;
        }

        @Override
        public boolean ended(EndedCall call) {
            heard.add(call);
            try {
                return reaction.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private List<Ending> endings() {
            return heard.stream().map(EndedCall::ending).toList();
        }
    }

    private final Hearing hearing = new Hearing();
    private final CallCounters counters = new CallCounters();
    private final CallCounters ofMethod = counters.of("Emitter.emit(Span)", "s").heardBy(hearing);
    private final Guard guard = new Guard(
            MemoryStore.of(1000, System::nanoTime),
            null,
            GuardMode.ENFORCE,
            GuardLimits.DEFAULT,
            counters,
            new GuardLog(new PrintStream(new ByteArrayOutputStream(), true), 1));
    private final ExecutorService pool = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        pool.shutdownNow();
        guard.close();
    }

    private CallPolicy policy(OnInProgress onInProgress, long waitMillis) {
        return new CallPolicy(
                        new RecordTimes(TimeUnit.HOURS.toMillis(1), 300_000, 30_000),
                        waitMillis,
                        OnDuplicate.RETURN_STORED,
                        onInProgress,
                        OnConflict.THROW,
                        OnStoreFailure.PROCEED,
                        /* throwOnMissingKey= */ false,
                        /* asyncCompletion= */ true,
                        /* maxHoldMillis= */ 0)
                .countedBy(ofMethod);
    }

    private Admission admit(String hash) {
        return guard.admit(Claims.request(ID, hash), policy(OnInProgress.THROW, 0));
    }

    private RunningCall own() {
        return assertInstanceOf(RunningCall.class, admit(HASH));
    }

    /** What another thread gets for the key, in the midst of the reaction of a listener. */
    private Callable<Boolean> meanwhile(List<Object> seen) {
        return () -> {
            if (seen.isEmpty()) {
                seen.add("reacting");
                Future<Object> other = pool.submit(() -> {
                    Admission admission = admit(HASH);
                    if (admission instanceof RunningCall running) {
                        guard.completed(running, Completion.EMPTY);
                    }
                    return admission;
                });
                seen.add(other.get(10, TimeUnit.SECONDS));
            }
            return true;
        };
    }

    @Test
    void eachEndingIsToldOnceWithItsFacts() {
        guard.completed(own(), new Completion("trace", "7", ""));
        admit(HASH);
        assertThrows(PayloadConflictException.class, () -> admit(OTHER_HASH));
        assertEquals(List.of(Ending.NEW, Ending.DUPLICATE, Ending.CONFLICT), hearing.endings());
        EndedCall first = hearing.heard.get(0);
        assertEquals("Emitter.emit(Span)", first.method());
        assertEquals("s", first.scope());
        assertEquals("t", first.tenant());
        assertEquals("k", first.key());
        assertEquals(1, first.attempt());
        for (EndedCall call : hearing.heard) {
            assertEquals("trace", call.traceId(), call::toString);
        }
        assertEquals(3, counters.byEnding().values().stream().mapToLong(n -> n).sum());
    }

    @Test
    void aBodyThatRunsOnUnseenIsToldOnceWithTheReasonAndItsOwnTraceId() {
        RunningCall call = assertInstanceOf(
                RunningCall.class,
                guard.admit(Claims.request(ID, HASH, "python", "of-the-claim", ""), policy(OnInProgress.THROW, 0)));
        guard.unobserved(call, "nobody sees its end", /* mayBlock= */ true);
        guard.abandon(call);
        assertEquals(List.of(Ending.UNGUARDED), hearing.endings());
        EndedCall told = hearing.heard.get(0);
        assertEquals(UnguardedReason.UNOBSERVABLE, told.reason());
        assertEquals("of-the-claim", told.traceId());
        assertEquals("k", told.key());
    }

    @Test
    void aCallIsToldWhenItsKeyIsCompleted() {
        List<Object> seen = new ArrayList<>();
        hearing.reaction = meanwhile(seen);
        guard.completed(own(), new Completion("", "7", ""));
        assertEquals("7", assertInstanceOf(Admission.Stored.class, seen.get(1)).result());
        assertEquals(0, guard.figures().untold());
    }

    @Test
    void aFailedCallIsToldWhenItsKeyIsFree() {
        List<Object> seen = new ArrayList<>();
        hearing.reaction = meanwhile(seen);
        guard.failed(own(), "the body failed");
        assertInstanceOf(RunningCall.class, seen.get(1));
        assertEquals(List.of(Ending.FAILED, Ending.NEW), hearing.endings());
    }

    /** It is in the map while it waits, and other calls follow it. */
    @Test
    void aCallThatGivesUpIsToldWhenNobodyFollowsItAnyMore() throws Exception {
        RunningCall owner = own();
        Future<?> waiting = pool.submit(() -> guard.admit(Claims.request(ID, HASH), policy(OnInProgress.WAIT, 100)));
        List<Boolean> free = new ArrayList<>();
        hearing.reaction = () -> free.add(guard.running.get(ID) == null || guard.running.get(ID) == owner);
        Exception refusal = assertThrows(Exception.class, () -> waiting.get(10, TimeUnit.SECONDS));
        assertInstanceOf(TraceInProgressException.class, refusal.getCause());
        assertEquals(List.of(true), free);
        assertEquals(List.of(Ending.IN_PROGRESS), hearing.endings());
        assertTrue(hearing.heard.get(0).waitedMillis() >= 100, hearing.heard::toString);
        guard.completed(owner, Completion.EMPTY);
    }

    /** What a listener may do wrong. */
    enum Fault {
        EXCEPTION,
        ERROR,
        REFUSAL
    }

    private static Callable<Boolean> failing(Fault fault) {
        return switch (fault) {
            case EXCEPTION ->
                () -> {
                    throw new IllegalArgumentException("expected");
                };
            case ERROR ->
                () -> {
                    throw new StackOverflowError("expected");
                };
            case REFUSAL -> () -> false;
        };
    }

    @ParameterizedTest
    @EnumSource
    void aFaultOfAListenerChangesNoCallAndIsCounted(Fault fault) {
        hearing.reaction = failing(fault);
        guard.completed(own(), new Completion("", "7", ""));
        assertEquals("7", assertInstanceOf(Admission.Stored.class, admit(HASH)).result());
        assertThrows(PayloadConflictException.class, () -> admit(OTHER_HASH));
        assertEquals(3, guard.figures().untold());
        assertTrue(guard.running.isEmpty());
        assertEquals("new=1 duplicate=1 conflict=1 in-progress=0 failed=0 unguarded=0", counters.toString());
    }

    @Test
    void aListenerThatCannotBeAskedIsCountedAndChangesNothing() {
        CallCounters unaskable = counters.of("Emitter.other()", "s").heardBy(new CallListener() {
            @Override
            public boolean isHeard() {
                throw new StackOverflowError("expected");
            }

            @Override
            public boolean ended(EndedCall call) {
                throw new AssertionError("not asked");
            }
        });
        CallPolicy policy = policy(OnInProgress.THROW, 0).countedBy(unaskable);
        RunningCall call = assertInstanceOf(RunningCall.class, guard.admit(Claims.request(ID, HASH), policy));
        guard.completed(call, new Completion("", "7", ""));
        assertInstanceOf(Admission.Stored.class, guard.admit(Claims.request(ID, HASH), policy));
        assertEquals(2, guard.figures().untold());
    }

    @Test
    void whereNobodyWantsToHearNothingIsTold() {
        hearing.wanted = false;
        guard.completed(own(), Completion.EMPTY);
        admit(HASH);
        guard.tellWithoutRecord(ofMethod, "s", Ending.UNGUARDED, UnguardedReason.NO_KEY);
        assertEquals(List.of(), hearing.heard);
    }

    @Test
    void aCallWithoutRecordHasNeitherTenantNorKey() {
        guard.tellWithoutRecord(ofMethod, "s", Ending.UNGUARDED, UnguardedReason.NO_KEY);
        assertEquals(
                new EndedCall(
                        "Emitter.emit(Span)", "s", null, null, Ending.UNGUARDED, UnguardedReason.NO_KEY, "", 0, 0, 0),
                hearing.heard.get(0));
    }
}
