package io.idempotenttrace.core.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.faults.PlainStore.Flaw;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.HeardCompletion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.FaultCount;
import io.idempotenttrace.testkit.FaultCount.Answer;
import io.idempotenttrace.testkit.TcpProxy;
import io.idempotenttrace.testkit.TestRedis;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The network loses a request or a reply: Redis may have run the command or not, and the caller can't know. */
class LostReplyIT {

    private static final long LEASE = 600_000;

    private static TestRedis redis;

    private TcpProxy proxy;
    private FaultCount count;
    private Worker worker;

    @BeforeAll
    static void startRedis() {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void begin() {
        // What a worker of the test before was still sending would write a completed record anew.
        Await.until(
                "the connections of the test before are gone",
                () -> ((String) redis.call("CLIENT", "LIST")).lines().count() == 1);
        redis.call("FLUSHALL");
        proxy = TcpProxy.to(redis);
        count = new FaultCount();
    }

    @AfterEach
    void end() {
        if (worker != null) {
            worker.close();
        }
        proxy.close();
    }

    private IdempotencyStore real(String commandTimeout) {
        IdempotencyStore store = IdempotencyStores.open(Configuration.defaults()
                .with(Setting.REDIS_URL, proxy.url())
                .with(Setting.COMMAND_TIMEOUT, commandTimeout)
                .with(Setting.CONNECT_TIMEOUT, "1s"));
        // The connection is there, and what the first call would load.
        Await.until("connected", () -> store.status(Worker.id("warm-up")).isEmpty());
        return store;
    }

    private IdempotencyStore plain(Flaw flaw) {
        return plain(flaw, 20_000);
    }

    /** @param timeoutMillis how long each reply may take; short where one is never to come */
    private IdempotencyStore plain(Flaw flaw, int timeoutMillis) {
        return new PlainStore(proxy.port(), flaw, timeoutMillis);
    }

    /** A worker that gives a message up soon, since nothing else holds its key. */
    private Worker worker(IdempotencyStore store, OnStoreFailure onStoreFailure) {
        if (worker != null) {
            worker.close();
        }
        count = new FaultCount();
        proxy.heal();
        worker = new Worker(store, Worker.policy(onStoreFailure, LEASE, 300), count, 300);
        return worker;
    }

    /** The n-th script that runs on that key: its claim is the first, its completion the second. */
    private static Predicate<String> script(String key, int n) {
        int[] seen = {0};
        return command ->
                command.startsWith("EVAL") && command.contains(Worker.id(key).redisKey() + " ") && ++seen[0] == n;
    }

    private static RecordStatus status(IdempotencyStore store, String key) {
        Optional<StoredRecord> record = store.status(Worker.id(key));
        return record.map(StoredRecord::status).orElse(null);
    }

    private void theClaimsReplyIsLost(Worker by, String key) {
        TcpProxy.Fault cut = proxy.cutReply(1, script(key, 1));
        by.deliver(key);
        assertEquals(1, cut.struck());
    }

    // [P18]
    @Test
    void aClaimWhoseReplyIsCutIsSentAgainAndIsNew() {
        theClaimsReplyIsLost(worker(real("30s"), OnStoreFailure.THROW), "k");
        assertEquals("keys=1 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0", count.toString());
        assertEquals(RecordStatus.COMPLETED, status(worker.store, "k"));
        assertEquals(Answer.DUPLICATE, worker.deliver("k"));

        theClaimsReplyIsLost(worker(plain(Flaw.NONE), OnStoreFailure.THROW), "control");
        assertEquals("keys=1 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0", count.toString());

        theClaimsReplyIsLost(worker(plain(Flaw.NEW_OWNER_WHEN_SENT_AGAIN), OnStoreFailure.THROW), "mutant");
        assertEquals(1, count.stuck(), () -> "its own claim is somebody else's to it: " + count);
    }

    private void theCompletionsReplyIsLost(Worker by, String key) {
        TcpProxy.Fault cut = proxy.cutReply(1, script(key, 2));
        assertEquals(Answer.RAN, by.deliver(key));
        Await.until("the reply of the completion is cut", () -> cut.struck() == 1);
        assertEquals(Answer.DUPLICATE, by.deliver(key));
    }

    // [P19]
    @Test
    void aCompletionWhoseReplyIsCutIsSentAgainAndIsNotRefused() {
        theCompletionsReplyIsLost(worker(real("30s"), OnStoreFailure.THROW), "k");
        assertEquals("keys=1 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0", count.toString());
        assertEquals("", worker.said());

        theCompletionsReplyIsLost(worker(plain(Flaw.NONE), OnStoreFailure.THROW), "control");
        assertEquals("", worker.said());

        theCompletionsReplyIsLost(worker(plain(Flaw.COMPLETION_FORGETS_ITS_OWNER), OnStoreFailure.THROW), "mutant");
        assertTrue(
                worker.said().contains("ran twice"),
                () -> "its own completion is somebody else's to it: " + worker.said());
    }

    private static Predicate<String> completionsOf(int least) {
        return command -> command.startsWith("EVAL") && command.split("idem:" + Worker.TENANT, -1).length > least;
    }

    @Test
    void severalCompletionsWhoseReplyIsCutAreSentAgainAndNoneIsRefused() throws Exception {
        try (IdempotencyStore store = real("30s")) {
            List<HeardCompletion> all = IntStream.range(0, 5)
                    .mapToObj(i -> new HeardCompletion(
                            Claims.of(
                                    Worker.id("k" + i),
                                    "a".repeat(64),
                                    "python",
                                    "",
                                    "owner-" + i,
                                    86_400_000,
                                    300_000,
                                    LEASE,
                                    ""),
                            Completion.EMPTY))
                    .toList();
            all.forEach(
                    each -> assertEquals(Verdict.NEW, store.check(each.claim()).verdict()));
            TcpProxy.Fault cut = proxy.cutReply(1, completionsOf(5));
            store.markCompletedTogether(all);
            for (HeardCompletion each : all) {
                assertEquals(
                        Update.APPLIED,
                        each.end().get(60, TimeUnit.SECONDS),
                        each.claim().id().key());
                assertEquals(
                        RecordStatus.COMPLETED, status(store, each.claim().id().key()));
            }
            assertEquals(1, cut.struck());
        }
    }

    /** They wait for each other, travel in one script, and nobody waits for them. */
    // [P23]
    @Test
    void severalCompletionsThatTimeOutAreEachWrittenLater() {
        worker = new Worker(
                real("400ms"),
                Worker.policy(OnStoreFailure.PROCEED, LEASE, 300, /* asyncCompletion= */ true),
                count,
                300);
        TcpProxy.Fault kept = proxy.keepReply(1, completionsOf(2));
        int delivered = 0;
        while (kept.struck() == 0) {
            assertEquals(Answer.RAN, worker.deliver("k" + delivered++));
            assertTrue(delivered < 10_000, "no two completions travelled together");
        }
        proxy.heal();
        for (int i = 0; i < delivered; i++) {
            String key = "k" + i;
            Await.until(
                    "the completion of " + key + " is written",
                    () -> status(worker.store, key) == RecordStatus.COMPLETED);
        }
        assertFalse(worker.said().contains("ran twice") || worker.said().contains("not recorded"), worker.said());
    }

    private void theRequestIsLost(Worker by, String key) {
        TcpProxy.Fault claim = proxy.cutBeforeSending(1, script(key, 1));
        TcpProxy.Fault completion = proxy.cutBeforeSending(1, script(key, 2));
        assertEquals(Answer.RAN, by.deliver(key));
        assertEquals(1, claim.struck());
        Await.until("the completion is cut", () -> completion.struck() == 1);
    }

    @Test
    void aCommandThatNeverReachedRedisIsSentAgainAndTheCallIsGuarded() {
        theRequestIsLost(worker(real("30s"), OnStoreFailure.PROCEED), "k");
        assertEquals("keys=1 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0", count.toString());
        assertEquals(0, worker.unguarded());
        assertEquals(RecordStatus.COMPLETED, status(worker.store, "k"));

        theRequestIsLost(worker(plain(Flaw.NONE), OnStoreFailure.PROCEED), "control");
        assertEquals(0, worker.unguarded());

        Worker mutant = worker(plain(Flaw.NEVER_SENDS_AGAIN), OnStoreFailure.PROCEED);
        TcpProxy.Fault claim = proxy.cutBeforeSending(1, script("mutant", 1));
        mutant.deliver("mutant");
        assertEquals(1, claim.struck());
        assertEquals(1, mutant.unguarded(), "a call whose command is not sent again has to run unguarded");
    }

    /** Redis has the claim, and its caller has waited in vain: the body runs unguarded and must yet be known to others. */
    private void aLateClaimIsCompletedLater(Worker by, String key) {
        TcpProxy.Fault kept = proxy.keepReply(1, script(key, 1));
        assertEquals(Answer.RAN, by.deliver(key));
        assertTrue(kept.struck() > 0);
        proxy.heal();
        proxy.cutAll();
        try (Worker other = new Worker(
                new PlainStore(redis.port(), Flaw.NONE, 20_000),
                Worker.policy(OnStoreFailure.THROW, LEASE, 60_000),
                count,
                60_000)) {
            other.deliver(key);
        }
    }

    @Test
    void aClaimThatTimedOutButReachedRedisIsCompletedLater() {
        aLateClaimIsCompletedLater(worker(real("400ms"), OnStoreFailure.PROCEED), "k");
        assertEquals("keys=1 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0", count.toString());
        assertEquals(1, worker.unguarded());
        assertTrue(worker.said().contains("command-timeout"), worker.said());

        aLateClaimIsCompletedLater(worker(plain(Flaw.NEVER_SENDS_AGAIN, 500), OnStoreFailure.PROCEED), "control");
        assertEquals("keys=1 LOST=0 DUP=0 DUPID=0 STUCK=0 BADCONFLICT=0", count.toString());

        Worker mutant = worker(new PlainStore(proxy.port(), Flaw.COMPLETES_AS_ANOTHER, 500), OnStoreFailure.PROCEED);
        proxy.keepReply(
                3,
                command -> command.startsWith("EVAL")
                        && command.contains(Worker.id("mutant").redisKey() + " "));
        mutant.deliver("mutant");
        proxy.heal();
        try (Worker other = new Worker(
                new PlainStore(redis.port(), Flaw.NONE, 5000),
                Worker.policy(OnStoreFailure.THROW, LEASE, 1000),
                count,
                1000)) {
            other.deliver("mutant");
        }
        assertEquals(1, count.stuck(), () -> "its key is held for the whole lease: " + count);
    }

    @Test
    void aConnectionThatIsDeadButOpenIsGivenUpAndGuardingGoesOn() {
        Worker by = worker(real("400ms"), OnStoreFailure.PROCEED);
        isGuarded(by, "before");
        long before = by.unguarded();
        proxy.beSilent();
        for (int i = 0; i < 5; i++) {
            assertEquals(Answer.RAN, by.deliver("while" + i));
            assertEquals(Answer.DUPLICATE, by.deliver("while" + i), "in this process even now");
        }
        assertEquals(before + 5, by.unguarded());
        proxy.heal();
        isGuardedAgain(by, "after");
        Await.until(
                "what ran meanwhile is known to others",
                () -> List.of("while0", "while1", "while2", "while3", "while4").stream()
                        .allMatch(key -> status(by.store, key) == RecordStatus.COMPLETED));
        assertEquals(0, count.lost() + count.dup() + count.stuck() + count.badConflict(), count::toString);
    }

    /** The client must notice by itself: nobody closes the dead connection for it. */
    @Test
    void aConnectionOnWhichNothingComesBackIsReplacedThoughNobodyClosesIt() {
        Worker by = worker(real("400ms"), OnStoreFailure.PROCEED);
        by.deliver("before");
        proxy.keepReply(1, command -> command.startsWith("EVAL"));
        by.deliver("lost");
        isGuardedAgain(by, "after");
        assertEquals(0, count.lost() + count.dup() + count.stuck() + count.badConflict(), count::toString);

        Worker mutant = worker(plain(Flaw.NEVER_CONNECTS_AGAIN, 500), OnStoreFailure.PROCEED);
        proxy.keepReply(3, command -> command.startsWith("EVAL"));
        mutant.deliver("mutant-lost");
        long before = mutant.unguarded();
        for (int i = 0; i < 10; i++) {
            mutant.deliver("mutant-after" + i);
        }
        assertEquals(before + 10, mutant.unguarded(), "one failure and in memory for the life of the process");
    }

    /** A machine that pauses for longer than the time limit of a command lets a call run unguarded, once. */
    private static void isGuarded(Worker by, String key) {
        int[] tries = {0};
        Await.until("new keys are guarded", () -> {
            long before = by.unguarded();
            by.deliver(key + tries[0]++);
            return by.unguarded() == before;
        });
    }

    private static void isGuardedAgain(Worker by, String key) {
        isGuarded(by, key);
        assertFalse(by.said().isEmpty());
    }
}
