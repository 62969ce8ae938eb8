package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.ClaimField;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.RecordTimes;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.testkit.TestRedis;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two processes' guards on one Redis that this test alone uses, so that its commands can be counted. */
class GuardIT {

    private static final String HASH = "a".repeat(64);
    private static final long LONG = 600_000;

    private static TestRedis redis;

    private final String tenant = "guard-" + UUID.randomUUID();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final CallCounters counters = new CallCounters();
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private IdempotencyStore store;
    private IdempotencyStore otherStore;
    private Guard guard;
    private Guard other;

    @BeforeAll
    static void startRedis() {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void open() {
        Configuration configuration = Configuration.defaults()
                .with(Setting.REDIS_URL, redis.url())
                .with(Setting.COMMAND_TIMEOUT, "30s")
                .with(Setting.CONNECT_TIMEOUT, "30s");
        store = IdempotencyStores.open(configuration);
        otherStore = IdempotencyStores.open(configuration);
        guard = newGuard(store, counters);
        other = newGuard(otherStore, new CallCounters());
    }

    @AfterEach
    void close() {
        pool.shutdownNow();
        store.close();
        otherStore.close();
    }

    private Guard newGuard(IdempotencyStore on, CallCounters counting) {
        return new Guard(
                on,
                IdempotencyStores.inMemory(Configuration.defaults(), warning -> {}),
                GuardMode.ENFORCE,
                GuardLimits.DEFAULT,
                counting,
                new GuardLog(new PrintStream(said, true), 1));
    }

    private static CallPolicy policy(OnInProgress onInProgress, long leaseMillis, long waitMillis) {
        return new CallPolicy(
                new RecordTimes(86_400_000, 300_000, leaseMillis),
                waitMillis,
                OnDuplicate.RETURN_STORED,
                onInProgress,
                OnConflict.THROW,
                OnStoreFailure.PROCEED,
                false,
                /* asyncCompletion= */ false,
                /* maxHoldMillis= */ 0);
    }

    private static final CallPolicy WAIT = policy(OnInProgress.WAIT, LONG, LONG);

    /** As {@link #WAIT}, but with {@code completion=async}, and without waiting. */
    private static final CallPolicy ASYNC = new CallPolicy(
            new RecordTimes(86_400_000, 300_000, LONG),
            LONG,
            OnDuplicate.RETURN_STORED,
            OnInProgress.THROW,
            OnConflict.THROW,
            OnStoreFailure.PROCEED,
            false,
            /* asyncCompletion= */ true,
            /* maxHoldMillis= */ 0);

    private RecordId id(String key) {
        return new RecordId(tenant, "scope", key);
    }

    private Admission admit(Guard by, String key, CallPolicy policy) {
        return by.admit(Claims.request(id(key), HASH), policy);
    }

    private RunningCall own(Guard by, String key, CallPolicy policy) {
        return assertInstanceOf(RunningCall.class, admit(by, key, policy));
    }

    private static Completion result(String json) {
        return new Completion("", json, "");
    }

    // [P42]
    @Test
    void aClaimDoesNotOvertakeACompletionOfItsOwnProcess() {
        for (int i = 0; i < 200; i++) {
            guard.completed(own(guard, "k" + i, ASYNC), result("7"));
            assertEquals(
                    "7",
                    assertInstanceOf(Admission.Stored.class, admit(guard, "k" + i, ASYNC))
                            .result());
        }
    }

    @Test
    void aCompletionThatNothingFollowsArrives() throws InterruptedException {
        guard.completed(own(guard, "k", ASYNC), result("7"));
        await(
                () -> otherStore.status(id("k")).orElseThrow().status() == RecordStatus.COMPLETED,
                "the record is completed");
        guard.completed(own(guard, "l", ASYNC), result("7"));
        guard.flush(60_000);
        assertEquals(
                RecordStatus.COMPLETED, otherStore.status(id("l")).orElseThrow().status());
    }

    @Test
    void aCompletionThatCantBeSentForAFaultIsSaidAndSentLater() {
        AtomicBoolean mended = new AtomicBoolean();
        IdempotencyStore faulty = (IdempotencyStore) java.lang.reflect.Proxy.newProxyInstance(
                GuardIT.class.getClassLoader(), new Class<?>[] {IdempotencyStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().startsWith("markCompleted") && !mended.get()) {
                        throw new IllegalStateException("a fault");
                    }
                    return method.invoke(store, arguments);
                });
        Guard here = newGuard(faulty, counters);
        here.completed(own(here, "k", ASYNC), result("7"));
        // This claim gets its verdict, not that fault; the store has not been told of the end.
        assertEquals(
                "7",
                assertInstanceOf(Admission.Stored.class, admit(here, "k", ASYNC))
                        .result());
        assertTrue(
                said.toString().contains("completion of key 'k'")
                        && said.toString().contains("a fault"),
                said.toString());
        mended.set(true);
        here.flush(60_000);
        assertEquals(
                RecordStatus.COMPLETED, otherStore.status(id("k")).orElseThrow().status());
    }

    private static void await(BooleanSupplier condition, String what) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not within a minute: " + what);
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private boolean isWaitedFor(String key) {
        return isWaitedFor(store, key);
    }

    private boolean isWaitedFor(IdempotencyStore in, String key) {
        return !in.status(id(key))
                .map(record ->
                        ClaimField.of(record.fields().get(ClaimField.NAME)).waiting())
                .orElse("")
                .isEmpty();
    }

    // [P41]
    @Test
    void manyThreadsWithOneKeyCostOneClaim() throws Exception {
        RunningCall owner = own(guard, "k", WAIT);
        long before = redis.scriptsRun();
        List<Future<Admission>> waiters = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            waiters.add(pool.submit(() -> admit(guard, "k", WAIT)));
        }
        guard.completed(owner, result("7"));
        for (Future<Admission> waiter : waiters) {
            assertEquals("7", ((Admission.Stored) waiter.get(60, TimeUnit.SECONDS)).result());
        }
        // The completion; and a claim of each thread that came after it.
        assertTrue(redis.scriptsRun() - before <= 51, "scripts " + (redis.scriptsRun() - before));
        assertEquals(50, counters.get(Ending.DUPLICATE));
    }

    // [P30]
    @Test
    void aCallOfAnotherProcessIsWokenByItsOwnerAndAsksThreeTimes() throws Exception {
        RunningCall owner = own(guard, "k", WAIT);
        long before = redis.scriptsRun();
        Future<Admission> waiter = pool.submit(() -> admit(other, "k", WAIT));
        await(() -> isWaitedFor("k"), "the waiter leaves its mark");
        long begun = System.nanoTime();
        long looks = redis.scriptsRun();
        guard.completed(owner, result("7"));
        assertEquals("7", ((Admission.Stored) waiter.get(60, TimeUnit.SECONDS)).result());
        long run = redis.scriptsRun() - looks;
        // Completion and last claim; polls come once a second at most, and a busy machine may take seconds for this.
        assertTrue(run <= 4 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun), "scripts " + run);
        assertTrue(looks - before >= 2);
    }

    @Test
    void nothingIsPublishedWhenNobodyWaits() {
        RunningCall owner = own(guard, "k", WAIT);
        guard.completed(owner, result("7"));
        admit(other, "k", WAIT);
        assertTrue(!((String) redis.call("INFO", "commandstats")).contains("cmdstat_publish") || !isWaitedFor("k"));
        assertFalse(isWaitedFor("k"));
    }

    @Test
    void aWaiterRunsTheBodyWhenTheOwnerFails() throws Exception {
        RunningCall owner = own(guard, "k", WAIT);
        Future<Admission> waiter = pool.submit(() -> admit(other, "k", WAIT));
        await(() -> isWaitedFor("k"), "the waiter leaves its mark");
        guard.failed(owner, "java.lang.IllegalStateException: boom");
        assertInstanceOf(RunningCall.class, waiter.get(60, TimeUnit.SECONDS));
    }

    @Test
    void aWaiterTakesOverWhenTheLeaseIsOverAndTheLateCompletionIsRefusedAndSaid() throws Exception {
        // A guard of a process that is killed renews nothing: this owner is one of the store alone.
        io.idempotenttrace.core.store.Claim killed =
                Claims.of(id("k"), HASH, "python", "", "f".repeat(32), 86_400_000, 300_000, 500, "");
        store.check(killed);
        RunningCall successor = assertInstanceOf(RunningCall.class, admit(other, "k", WAIT));
        assertEquals(io.idempotenttrace.core.store.Update.REFUSED, store.markCompleted(killed, Completion.EMPTY));
        other.completed(successor, result("2"));
        assertEquals("2", ((Admission.Stored) admit(guard, "k", WAIT)).result());
    }

    @Test
    void aCallWhoseKeyWasTakenOverSaysThatItsBodyRanTwice() {
        RunningCall paused = own(guard, "k", WAIT);
        store.delete(id("k"));
        RunningCall successor = own(other, "k", WAIT);
        guard.completed(paused, result("1"));
        assertTrue(said.toString().contains("ran twice"), said.toString());
        other.completed(successor, result("2"));
        assertEquals("2", store.status(id("k")).orElseThrow().fields().get("result"));
    }

    // [P7]
    @Test
    void aLongBodyKeepsItsKeyByRenewal() throws Exception {
        // Renewed after three seconds or four: a machine that pauses for as long must not end it.
        CallPolicy shortLease = policy(OnInProgress.THROW, 9_000, LONG);
        RunningCall owner = own(guard, "k", shortLease);
        String claim = store.status(id("k")).orElseThrow().fields().get("claim");
        await(() -> !claim.equals(store.status(id("k")).orElseThrow().fields().get("claim")), "the lease is renewed");
        assertThrows(TraceInProgressException.class, () -> admit(other, "k", shortLease));
        guard.completed(owner, result("1"));
    }

    @Test
    void aCallThatGivesUpSaysWhoHoldsTheKeyAndSinceWhen() {
        own(guard, "k", WAIT);
        TraceInProgressException e = assertThrows(
                TraceInProgressException.class, () -> admit(other, "k", policy(OnInProgress.WAIT, LONG, 30)));
        assertTrue(
                e.getMessage()
                        .matches(".* is held by .+/" + ProcessHandle.current().pid()
                                + "/[0-9][^/]*/.+ since 20.+Z\\. The body.*"),
                e.getMessage());
        assertEquals("k", e.getKey());
        assertThrows(TraceInProgressException.class, () -> admit(guard, "k", policy(OnInProgress.WAIT, LONG, 30)));
        assertEquals(1, counters.get(Ending.IN_PROGRESS));
    }

    @Test
    void anInterruptEndsAWaitButNotAClaim() throws Exception {
        Thread.currentThread().interrupt();
        RunningCall owner = own(guard, "k", WAIT);
        assertTrue(Thread.interrupted(), "the interrupt is kept");
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                admit(other, "k", WAIT);
                outcome.complete(null);
            } catch (IdempotencyException e) {
                outcome.complete(
                        Thread.currentThread().isInterrupted() ? e : new AssertionError("the interrupt is lost"));
            }
        });
        waiter.start();
        await(() -> isWaitedFor("k"), "the waiter waits");
        waiter.interrupt();
        assertInstanceOf(TraceInProgressException.class, outcome.get(60, TimeUnit.SECONDS));
        guard.completed(owner, Completion.EMPTY);
    }

    @Test
    void anAsynchronousCallHoldsNoThreadWhileItWaits() throws Exception {
        RunningCall owner = own(guard, "k", WAIT);
        List<CompletableFuture<Admission>> waiting = new ArrayList<>();
        for (Guard by : List.of(guard, other)) {
            for (int i = 0; i < 100; i++) {
                waiting.add(by.admitAsync(Claims.request(id("k"), HASH), WAIT, false)
                        .toCompletableFuture());
            }
        }
        await(() -> isWaitedFor("k"), "the other process waits");
        assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone));
        guard.completedAsync(owner, result("7"));
        for (CompletableFuture<Admission> each : waiting) {
            assertEquals("7", ((Admission.Stored) each.get(60, TimeUnit.SECONDS)).result());
        }
        CompletableFuture<Admission> conflict = guard.admitAsync(Claims.request(id("k"), "b".repeat(64)), WAIT, false)
                .toCompletableFuture();
        assertInstanceOf(
                PayloadConflictException.class,
                assertThrows(ExecutionException.class, () -> conflict.get(60, TimeUnit.SECONDS))
                        .getCause());
    }

    @Test
    void anAsynchronousWaitGivesUpInTime() {
        own(guard, "k", WAIT);
        for (Guard by : List.of(guard, other)) {
            CompletableFuture<Admission> waiting = by.admitAsync(
                            Claims.request(id("k"), HASH), policy(OnInProgress.WAIT, LONG, 30), false)
                    .toCompletableFuture();
            assertInstanceOf(
                    TraceInProgressException.class,
                    assertThrows(ExecutionException.class, () -> waiting.get(60, TimeUnit.SECONDS))
                            .getCause());
        }
    }

    @Test
    void whileTheStoreIsAwayBodiesRunAndAreToldToItLater() throws Exception {
        try (TestRedis own = TestRedis.start();
                IdempotencyStore away = IdempotencyStores.open(Configuration.defaults()
                        .with(Setting.REDIS_URL, own.url())
                        .with(Setting.COMMAND_TIMEOUT, "30s"))) {
            Guard here = newGuard(away, counters);
            here.completed(own(here, "before", WAIT), result("0"));
            // Held by another process while the store goes away: its body must not run here as well.
            io.idempotenttrace.core.store.Claim elsewhere =
                    Claims.of(id("held"), HASH, "python", "", "f".repeat(32), 86_400_000, 300_000, LONG, "");
            away.check(elsewhere);
            Future<Admission> waiter = pool.submit(() -> admit(here, "held", WAIT));
            await(() -> isWaitedFor(away, "held"), "the waiter waits");
            // It refuses at once: a time limit that is to be reached would be reached by a busy machine, too.
            own.call("CONFIG", "SET", "min-replicas-to-write", "1");
            int runs = 0;
            for (int i = 0; i < 20; i++) {
                Admission admission = admit(here, "while", WAIT);
                if (admission instanceof RunningCall call) {
                    runs++;
                    here.completed(call, result("1"));
                } else {
                    assertEquals("1", ((Admission.Stored) admission).result());
                }
            }
            assertEquals(1, runs);
            assertEquals(1, counters.get(Ending.UNGUARDED));
            assertTrue(!waiter.isDone());
            own.call("CONFIG", "SET", "min-replicas-to-write", "0");
            await(
                    () -> away.status(id("while"))
                            .filter(record -> record.status() == RecordStatus.COMPLETED)
                            .isPresent(),
                    "what ran meanwhile is told to the store");
            away.markCompleted(elsewhere, result("2"));
            assertEquals("2", ((Admission.Stored) waiter.get(60, TimeUnit.SECONDS)).result());
            await(
                    () -> {
                        RunningCall fresh = own(here, "after-" + UUID.randomUUID(), WAIT);
                        boolean guarded = !fresh.isUnguarded();
                        here.completed(fresh, Completion.EMPTY);
                        return guarded;
                    },
                    "new keys are guarded again");
        }
    }

    @Test
    void aRecordThatTheStoreRefusesTellsNothingAboutTheStore() {
        redis.call("SET", id("foreign").redisKey(), "text");
        for (int i = 0; i < 10; i++) {
            RunningCall call = own(guard, "foreign", WAIT);
            assertTrue(call.isUnguarded());
            guard.failed(call, "java.lang.IllegalStateException");
        }
        RunningCall guarded = own(guard, "k", WAIT);
        assertTrue(!guarded.isUnguarded());
        guard.completed(guarded, Completion.EMPTY);
        assertTrue(said.toString().contains("WRONGTYPE"), said.toString());
    }

    @Test
    void completionsLeaveTheCallersPathAndAreFlushed() {
        CallPolicy aside = new CallPolicy(
                new RecordTimes(86_400_000, 300_000, LONG),
                LONG,
                OnDuplicate.RETURN_STORED,
                OnInProgress.WAIT,
                OnConflict.THROW,
                OnStoreFailure.PROCEED,
                false,
                /* asyncCompletion= */ true,
                /* maxHoldMillis= */ 0);
        for (int i = 0; i < 5000; i++) {
            guard.completed(own(guard, "k" + i, aside), result(Integer.toString(i)));
        }
        guard.flush(60_000);
        for (int i = 0; i < 5000; i += 97) {
            Optional<StoredRecord> record = otherStore.status(id("k" + i));
            assertEquals(Integer.toString(i), record.orElseThrow().fields().get("result"));
        }
    }

    /** As an agent of a later version would write it. */
    // [P38]
    @Test
    void aRecordOfANewerVersionIsNotTakenOverAndIsNamedAndCounted() throws Exception {
        own(other, "k", WAIT);
        String name = id("k").redisKey();
        redis.call("HSET", name, "v", "2", "claim", "of a later version");
        CallPolicy skipping = policy(OnInProgress.SKIP, 1, LONG);
        Admission.Stored skipped = assertInstanceOf(Admission.Stored.class, admit(guard, "k", skipping));
        assertTrue(skipped.ownerRuns());
        assertEquals(1, guard.newerRecords());
        assertTrue(said.toString().contains("has version 2"), said::toString);
        assertEquals(1, counters.get(Ending.IN_PROGRESS));

        Future<Admission> waiting = pool.submit(() -> admit(guard, "k", WAIT));
        await(() -> guard.newerRecords() > 1, "the call has met it as well");
        redis.call("HSET", name, "status", "completed", "trace_id", "theirs");
        assertEquals(
                "theirs",
                assertInstanceOf(Admission.Stored.class, waiting.get(60, TimeUnit.SECONDS))
                        .traceId());
    }
}
