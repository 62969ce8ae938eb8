package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import io.idempotenttrace.core.background.FutureOfPool;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.store.ClaimField;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.MemoryStore;
import io.idempotenttrace.core.store.RecordBytes;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordTimes;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A process whose records are in its own memory, where calls meet without a lease to be renewed. */
class GuardInMemoryTest {

    private static final long HOUR_MILLIS = TimeUnit.HOURS.toMillis(1);
    private static final long LEASE_MILLIS = 30_000;
    private static final RecordId ID = new RecordId("t", null, "k");
    private static final String HASH = "a".repeat(64);

    /** What the store's clock is ahead of the machine's. */
    private final AtomicLong ahead = new AtomicLong();

    private final InMemoryIdempotencyStore store = MemoryStore.of(1000, () -> System.nanoTime() + ahead.get());
    private final CallCounters counters = new CallCounters();
    private final Guard guard = guard(store);
    private final ExecutorService pool = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        pool.shutdownNow();
    }

    private Guard guard(IdempotencyStore records) {
        return guard(records, GuardMode.ENFORCE, new ByteArrayOutputStream());
    }

    private Guard guard(IdempotencyStore records, GuardMode mode, ByteArrayOutputStream said) {
        return new Guard(
                records, null, mode, GuardLimits.DEFAULT, counters, new GuardLog(new PrintStream(said, true), 1));
    }

    private Admission admit(String hash, OnInProgress onInProgress) {
        return admit(guard, hash, onInProgress);
    }

    private static Admission admit(Guard guard, String hash, OnInProgress onInProgress) {
        return guard.admit(
                Claims.request(ID, hash),
                new CallPolicy(
                        new RecordTimes(24 * HOUR_MILLIS, 300_000, LEASE_MILLIS),
                        HOUR_MILLIS,
                        OnDuplicate.RETURN_STORED,
                        onInProgress,
                        OnConflict.THROW,
                        OnStoreFailure.PROCEED,
                        false,
                        true,
                        /* maxHoldMillis= */ 0));
    }

    private RunningCall own() {
        return assertInstanceOf(RunningCall.class, admit(HASH, OnInProgress.THROW));
    }

    private Future<Admission> waiter() {
        return pool.submit(() -> admit(HASH, OnInProgress.WAIT));
    }

    private void pass(long millis) {
        ahead.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void aRunningCallKeepsItsKeyHoweverLongItRuns() {
        RunningCall owner = own();
        pass(25 * HOUR_MILLIS);
        TraceInProgressException refusal =
                assertThrows(TraceInProgressException.class, () -> admit(HASH, OnInProgress.THROW));
        assertTrue(refusal.getMessage().contains("is held by a call of this process since 20"), refusal.getMessage());
        // Whether it is a part of that call, on another thread, nobody knows.
        assertTrue(refusal.getMessage().endsWith("have its caller try again"), refusal.getMessage());
        StoredRecord record = store.status(ID).orElseThrow();
        assertTrue(record.ttlMillis() > 0 && record.ttlMillis() <= LEASE_MILLIS, record.toString());
        ClaimField claim = ClaimField.of(record.fields().get(ClaimField.NAME));
        assertEquals(1, claim.attempt());
        guard.completed(owner, new Completion("", "7", ""));
        assertEquals(
                "7",
                assertInstanceOf(Admission.Stored.class, admit(HASH, OnInProgress.THROW))
                        .result());
        pass(25 * HOUR_MILLIS);
        own();
    }

    @Test
    void aStoreThatRunningCallsFillIsSaidAndItsFurtherCallsAreUnguarded() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        long room = RecordBytes.of(Claims.forAMinute(ID)) + 100;
        for (IdempotencyStore full : List.of(
                MemoryStore.of(1, System::nanoTime),
                new InMemoryIdempotencyStore(1000, room, 1, warning -> {}, System::nanoTime))) {
            said.reset();
            try (Guard small = guard(full, GuardMode.ENFORCE, said)) {
                full.check(Claims.forAMinute(new RecordId("t", "s", "runs")));
                long unguarded = counters.get(Ending.UNGUARDED);
                assertSame(Admission.UNGUARDED, admit(small, HASH, OnInProgress.WAIT));
                assertEquals(unguarded + 1, counters.get(Ending.UNGUARDED));
                assertTrue(said.toString().contains("the in-memory store is full"), said.toString());
                assertTrue(said.toString().contains("bodies run unguarded"), said.toString());
            }
        }
    }

    @Test
    void whereNothingMayRunUnguardedAFullStoreRefusesFurtherCallsAndThatIsSaid() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        IdempotencyStore full = MemoryStore.of(1, System::nanoTime);
        try (Guard small = guard(full, GuardMode.ENFORCE, said)) {
            full.check(Claims.forAMinute(new RecordId("t", "s", "runs")));
            CallPolicy closed = GuardOfFickleStore.policy(OnInProgress.WAIT, OnStoreFailure.THROW);
            IdempotencyStoreException refusal =
                    assertThrows(IdempotencyStoreException.class, () -> small.admit(Claims.request(ID, HASH), closed));
            assertTrue(
                    refusal.getMessage().contains("did not run (on-store-failure=throw); retry later"),
                    refusal.getMessage());
            assertTrue(said.toString().contains("the in-memory store is full"), said.toString());
            assertTrue(said.toString().contains("calls are refused (on-store-failure=throw)"), said.toString());
            assertEquals(1, counters.get(Ending.FAILED));
            assertEquals(0, counters.get(Ending.UNGUARDED));
        }
    }

    /** Nobody would own the record, and its lease would not end while the process lives. */
    @Test
    void aFaultJustAfterACallHasGotItsKeyLeavesTheKeyFree() {
        GuardLog.Lines failing = new GuardLog.Lines() {
            @Override
            public boolean isDebug() {
                return true;
            }

            @Override
            public void say(GuardLog.Level level, String message) {
                if (message.endsWith("new, claimed in memory; its body runs")) {
                    throw new StackOverflowError("of a test");
                }
            }
        };
        try (Guard faulty =
                new Guard(store, null, GuardMode.ENFORCE, GuardLimits.DEFAULT, counters, new GuardLog(failing, 1))) {
            assertThrows(StackOverflowError.class, () -> admit(faulty, HASH, OnInProgress.THROW));
        }
        assertEquals(
                "fault of the agent", store.status(ID).orElseThrow().fields().get("error"));
        guard.completed(own(), Completion.EMPTY);
    }

    @Test
    void whereCallsAreOnlyObservedAFullStoreKeepsNoBodyFromRunning() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        IdempotencyStore full = MemoryStore.of(1, System::nanoTime);
        try (Guard observing = guard(full, GuardMode.OBSERVE, said)) {
            full.check(Claims.forAMinute(new RecordId("t", "s", "runs")));
            long unguarded = counters.get(Ending.UNGUARDED);
            CallPolicy closed = GuardOfFickleStore.policy(OnInProgress.WAIT, OnStoreFailure.THROW);
            assertSame(Admission.UNGUARDED, observing.admit(Claims.request(ID, HASH), closed));
            assertEquals(unguarded + 1, counters.get(Ending.UNGUARDED));
            assertTrue(said.toString().contains("bodies run unguarded"), said.toString());
        }
    }

    @Test
    void aStopWaitsForTheCallsThatRunButNotForTheBodyItIsIn() throws Exception {
        assertEquals(List.of(), guard.drain(HOUR_MILLIS), "nothing runs");
        RunningCall own = own();
        guard.enterBody(own);
        assertEquals(List.of(), guard.drain(HOUR_MILLIS), "it would wait for itself");
        assertEquals(1, pool.submit(() -> guard.drain(1)).get().size(), "another thread's body runs on");
        Future<List<String>> drained = pool.submit(() -> guard.drain(HOUR_MILLIS));
        guard.leaveBody(own);
        guard.completed(own, new Completion("", "7", ""));
        assertEquals(List.of(), drained.get());
    }

    /** The first claim is placed, the second one of a failed call is not. */
    @Test
    void aPauseLongerThanTheLeaseBeforeTheCallHasItsAnswerLosesNothing() {
        for (String step : List.of("placeFirst", "check")) {
            List<ClaimResult> meanwhile = new ArrayList<>();
            IdempotencyStore pausing = (IdempotencyStore) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {IdempotencyStore.class},
                    (proxy, method, arguments) -> {
                        Object answer = method.invoke(store, arguments);
                        if (method.getName().equals(step) && meanwhile.isEmpty()) {
                            pass(LEASE_MILLIS + 1);
                            meanwhile.add(store.check(
                                    Claims.of(ID, HASH, "python", "", "other", HOUR_MILLIS, HOUR_MILLIS, 1000, "")));
                        }
                        return answer;
                    });
            RunningCall owner = assertInstanceOf(RunningCall.class, admit(guard(pausing), HASH, OnInProgress.THROW));
            assertEquals(Verdict.IN_PROGRESS, meanwhile.get(0).verdict(), step);
            guard.failed(owner, "java.lang.IllegalStateException: boom");
        }
    }

    @Test
    void theKeyOfAnAbandonedCallIsFreeWhenItsLeaseIsOver() {
        guard.abandon(own());
        assertThrows(TraceInProgressException.class, () -> admit(HASH, OnInProgress.THROW));
        pass(LEASE_MILLIS + 1);
        own();
    }

    // [P4]
    @Test
    void theKeyOfAFailedCallIsFreeAtOnce() {
        guard.failed(own(), "java.lang.IllegalStateException: boom");
        RunningCall second = own();
        assertThrows(TraceInProgressException.class, () -> admit(HASH, OnInProgress.THROW));
        pass(HOUR_MILLIS);
        assertThrows(TraceInProgressException.class, () -> admit(HASH, OnInProgress.THROW));
        guard.completed(second, Completion.EMPTY);
        assertInstanceOf(Admission.Stored.class, admit(HASH, OnInProgress.THROW));
    }

    @Test
    void whoWaitsGetsWhatIsStored() throws Exception {
        RunningCall owner = own();
        List<Future<Admission>> waiters = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiters.add(waiter());
        }
        guard.completed(owner, new Completion("trace", "7", ""));
        for (Future<Admission> waiter : waiters) {
            Admission.Stored stored = assertInstanceOf(Admission.Stored.class, waiter.get(60, TimeUnit.SECONDS));
            assertEquals("7", stored.result());
            assertEquals("trace", stored.traceId());
        }
        assertEquals(20, counters.get(Ending.DUPLICATE));
        assertEquals(1, counters.get(Ending.NEW));
    }

    // [P41]
    @Test
    void ofThoseWhoWaitOneRunsTheBodyWhenTheOwnerFails() throws Exception {
        RunningCall owner = own();
        List<Future<Admission>> waiters = List.of(waiter(), waiter(), waiter());
        guard.failed(owner, "java.lang.IllegalStateException: boom");
        int ran = 0;
        List<Future<Admission>> left = new ArrayList<>(waiters);
        while (!left.isEmpty()) {
            // Whoever owns the key now is done with it before the others can be.
            for (Future<Admission> waiter : List.copyOf(left)) {
                if (waiter.isDone()) {
                    left.remove(waiter);
                    if (waiter.get() instanceof RunningCall second) {
                        ran++;
                        guard.completed(second, new Completion("", "8", ""));
                    } else {
                        assertEquals(
                                "8",
                                assertInstanceOf(Admission.Stored.class, waiter.get())
                                        .result());
                    }
                }
            }
            Thread.onSpinWait();
        }
        assertEquals(1, ran);
    }

    // [P8]
    @Test
    void anotherPayloadIsRefusedWhileTheCallRunsAndAfterwards() {
        RunningCall owner = own();
        assertThrows(PayloadConflictException.class, () -> admit("b".repeat(64), OnInProgress.WAIT));
        guard.completed(owner, Completion.EMPTY);
        assertThrows(PayloadConflictException.class, () -> admit("b".repeat(64), OnInProgress.WAIT));
        assertInstanceOf(Admission.Stored.class, admit(HASH, OnInProgress.THROW));
    }

    /** What a body waits for on a pool's thread, the JDK has the thread run itself: here another delivery of the body's key. */
    @Test
    void anotherTaskOfThePoolIsNoPartOfTheBodyInWhichItRuns() throws Exception {
        ForkJoinPool tasks = new ForkJoinPool(1);
        try {
            tasks.submit(() -> {
                        RunningCall own = own();
                        guard.enterBody(own);
                        CompletionException refused = assertThrows(
                                CompletionException.class,
                                () -> here(tasks, () -> admit(HASH, OnInProgress.WAIT))
                                        .join());
                        assertInstanceOf(TraceInProgressException.class, refused.getCause());
                        assertTrue(assertInstanceOf(
                                        Admission.Stored.class,
                                        here(tasks, () -> admit(HASH, OnInProgress.SKIP))
                                                .join())
                                .ownerRuns());
                        assertEquals(2, counters.get(Ending.IN_PROGRESS));
                        assertSame(Admission.UNGUARDED, admit(HASH, OnInProgress.WAIT), "a part of the body");
                        guard.leaveBody(own);
                        guard.completed(own, new Completion("", "7", ""));
                        assertInstanceOf(Admission.Stored.class, admit(HASH, OnInProgress.WAIT));
                    })
                    .get();
        } finally {
            tasks.shutdownNow();
        }
    }

    @Test
    void aBodyInsideOfAnotherTasksWaitHasPartsOfItsOwn() throws Exception {
        ForkJoinPool tasks = new ForkJoinPool(1);
        try {
            Admission part = tasks.submit(() -> here(tasks, () -> {
                                RunningCall own = own();
                                guard.enterBody(own);
                                Admission inner = admit(HASH, OnInProgress.WAIT);
                                guard.leaveBody(own);
                                return inner;
                            })
                            .join())
                    .get();
            assertSame(Admission.UNGUARDED, part);
        } finally {
            tasks.shutdownNow();
        }
    }

    /** A task that this thread, the pool's only one, runs when it waits for it. */
    private static <T> CompletableFuture<T> here(ForkJoinPool tasks, Supplier<T> work) {
        Thread waiting = Thread.currentThread();
        return FutureOfPool.of(tasks, () -> {
            assertSame(waiting, Thread.currentThread());
            return work.get();
        });
    }
}
