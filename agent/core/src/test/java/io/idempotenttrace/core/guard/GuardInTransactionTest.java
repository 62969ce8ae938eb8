package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.DuplicateTraceException;
import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.core.background.FutureOfPool;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.MemoryStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.RecordTimes;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that have returned inside transactions, and what others get meanwhile. */
class GuardInTransactionTest {

    private static final long HOUR_MILLIS = TimeUnit.HOURS.toMillis(1);
    private static final String HASH = "a".repeat(64);

    private final InMemoryIdempotencyStore store = MemoryStore.of(1000, System::nanoTime);
    private final CallCounters counters = new CallCounters();
    private final Guard guard = new Guard(
            store,
            null,
            GuardMode.ENFORCE,
            GuardLimits.DEFAULT,
            counters,
            new GuardLog(new PrintStream(new ByteArrayOutputStream(), true), 1));
    private final ExecutorService others = Executors.newCachedThreadPool();
    private boolean current = true;

    @AfterEach
    void close() {
        others.shutdownNow();
    }

    private static RecordId id(String key) {
        return new RecordId("t", null, key);
    }

    private Admission admit(String key, String hash, OnDuplicate onDuplicate, OnInProgress onInProgress) {
        return guard.admit(
                Claims.request(id(key), hash),
                new CallPolicy(
                        new RecordTimes(24 * HOUR_MILLIS, 300_000, 30_000),
                        HOUR_MILLIS,
                        onDuplicate,
                        onInProgress,
                        OnConflict.THROW,
                        OnStoreFailure.PROCEED,
                        false,
                        true,
                        /* maxHoldMillis= */ 0));
    }

    private Admission admit(String key) {
        return admit(key, HASH, OnDuplicate.RETURN_STORED, OnInProgress.WAIT);
    }

    private RunningCall joined(String key) {
        RunningCall call = assertInstanceOf(RunningCall.class, admit(key));
        guard.enterBody(call);
        guard.leaveBody(call);
        guard.joined(call, () -> current);
        guard.returned(call, new Completion("", "7", ""));
        return call;
    }

    @Test
    void theSameTransactionGetsWhatTheFirstCallLeft() {
        joined("k");
        assertEquals("7", assertInstanceOf(Admission.Stored.class, admit("k")).result());
        assertEquals(1, counters.get(Ending.DUPLICATE));
        DuplicateTraceException refusal = assertThrows(
                DuplicateTraceException.class, () -> admit("k", HASH, OnDuplicate.THROW, OnInProgress.WAIT));
        assertTrue(
                refusal.getMessage().contains("do not acknowledge the message until the transaction has committed"),
                refusal.getMessage());
        assertEquals(RecordStatus.PENDING, store.status(id("k")).orElseThrow().status());
    }

    @Test
    void anotherPayloadInTheSameTransactionIsAConflict() {
        joined("k");
        assertThrows(
                TraceConflictException.class,
                () -> admit("k", "b".repeat(64), OnDuplicate.RETURN_STORED, OnInProgress.WAIT));
    }

    @Test
    void anInnerTransactionDoesNotWaitForTheSuspendedOne() {
        joined("k");
        current = false;
        assertThrows(TraceInProgressException.class, () -> admit("k"));
        assertTrue(
                assertInstanceOf(Admission.Stored.class, admit("k", HASH, OnDuplicate.RETURN_STORED, OnInProgress.SKIP))
                        .ownerRuns());
        assertEquals(2, counters.get(Ending.IN_PROGRESS));
    }

    /** The JDK runs it on the transaction's thread while that waits for a future. Its message must not be acknowledged yet. */
    @Test
    void anotherTaskOfThePoolIsNotAnsweredByTheTransactionInWhichItRuns() throws Exception {
        ForkJoinPool tasks = new ForkJoinPool(1);
        try {
            tasks.submit(() -> {
                        joined("k");
                        Thread ofTransaction = Thread.currentThread();
                        CompletableFuture<Admission> other = FutureOfPool.of(tasks, () -> {
                            assertSame(ofTransaction, Thread.currentThread());
                            return admit("k");
                        });
                        assertInstanceOf(
                                TraceInProgressException.class,
                                assertThrows(CompletionException.class, other::join)
                                        .getCause());
                        assertInstanceOf(Admission.Stored.class, admit("k"));
                    })
                    .get();
        } finally {
            tasks.shutdownNow();
        }
    }

    @Test
    void aCallIsNewWhenItsTransactionHasCommitted() {
        RunningCall call = joined("k");
        assertEquals(0, counters.get(Ending.NEW));
        guard.committed(call, true);
        assertEquals(1, counters.get(Ending.NEW));
        assertEquals(RecordStatus.COMPLETED, store.status(id("k")).orElseThrow().status());
        current = false;
        assertEquals("7", assertInstanceOf(Admission.Stored.class, admit("k")).result());
    }

    @Test
    void aCallHasFailedWhenItsTransactionWasRolledBack() {
        guard.rolledBack(joined("k"), "its transaction was rolled back");
        assertEquals(1, counters.get(Ending.FAILED));
        assertEquals(
                "its transaction was rolled back",
                store.status(id("k")).orElseThrow().fields().get("error"));
        joined("k");
    }

    /** As a manager's thread does that ends transactions which took too long. */
    @Test
    void aTransactionMayEndOnAnotherThread() throws Exception {
        RunningCall call = joined("k");
        others.submit(() -> guard.rolledBack(call, "timed out")).get();
        joined("k");
        assertEquals("7", assertInstanceOf(Admission.Stored.class, admit("k")).result());
    }

    @Test
    void manyCallsOfATransactionAreForgottenWhenItEndsElsewhere() throws Exception {
        for (int i = 0; i < 1000; i++) {
            RunningCall call = joined("k" + i);
            others.submit(() -> guard.committed(call, true)).get();
        }
        assertEquals(1000, counters.get(Ending.NEW));
        assertEquals(
                "7", assertInstanceOf(Admission.Stored.class, admit("k999")).result());
    }
}
