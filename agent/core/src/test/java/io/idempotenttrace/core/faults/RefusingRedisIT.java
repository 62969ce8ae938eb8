package io.idempotenttrace.core.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.faults.PlainStore.Flaw;
import io.idempotenttrace.core.guard.CallPolicy;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.FaultCount;
import io.idempotenttrace.testkit.FaultCount.Answer;
import io.idempotenttrace.testkit.RedisBinary;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A Redis that is there, and refuses: bodies go on unguarded or calls are refused, as is asked for, until it takes writes again. */
@Tag("matrix")
class RefusingRedisIT {

    private final FaultCount count = new FaultCount();
    private TestRedis redis;
    private Worker worker;
    /** How many calls ran unguarded before the server refused any: a pause of the machine may last longer than the time limit. */
    private long unguardedBefore;

    private void begin(String... configuration) {
        begin(RedisBinary.newest(), configuration);
    }

    private void begin(RedisBinary binary, String... configuration) {
        redis = TestRedis.start(binary, configuration);
        worker = new Worker(open("1s"), Worker.policy(OnStoreFailure.PROCEED, 600_000, 5_000), count, 5_000);
        newKeysAreGuarded("warm");
        assertEquals(Answer.RAN, worker.deliver("before"));
        unguardedBefore = worker.unguarded();
    }

    private void newKeysAreGuarded(String prefix) {
        int[] tries = {0};
        Await.until("new keys are guarded", () -> {
            long before = worker.unguarded();
            worker.deliver(prefix + tries[0]++);
            return worker.unguarded() == before;
        });
    }

    private void isCompletedInRedis(String key) {
        Await.until(
                key + " is completed in Redis",
                () -> worker.store.status(Worker.id(key)).orElseThrow().status() == RecordStatus.COMPLETED);
    }

    private IdempotencyStore open(String commandTimeout) {
        return IdempotencyStores.open(Configuration.defaults()
                .with(Setting.REDIS_URL, redis.url())
                .with(Setting.COMMAND_TIMEOUT, commandTimeout));
    }

    @AfterEach
    void end() {
        if (worker != null) {
            worker.close();
        }
        redis.close();
    }

    /** Calls go on, each body once in this process, and the reason is told; where that is asked for, they are refused instead. */
    private void callsGoOnUnguarded(String reason) {
        for (int i = 0; i < 5; i++) {
            assertEquals(Answer.RAN, worker.deliver("while" + i));
            assertEquals(Answer.DUPLICATE, worker.deliver("while" + i));
        }
        assertEquals(unguardedBefore + 5, worker.unguarded());
        assertTrue(worker.said().contains(reason), worker.said());
        try (Worker strict =
                new Worker(open("2s"), Worker.policy(OnStoreFailure.THROW, 600_000, 5_000), new FaultCount(), 100)) {
            CallPolicy policy = Worker.policy(OnStoreFailure.THROW, 600_000, 5_000);
            IdempotencyStoreException refused = assertThrows(
                    IdempotencyStoreException.class,
                    () -> strict.guard.admit(Claims.request(Worker.id("strict"), "a".repeat(64)), policy));
            assertTrue(
                    refused.getMessage().contains("did not run")
                            && refused.getMessage().contains(reason),
                    refused.getMessage());
        }
    }

    /** New keys are guarded by Redis again, and what ran meanwhile is told to it. */
    private void guardingGoesOn() {
        newKeysAreGuarded("after");
        isCompletedInRedis("before");
        for (int i = 0; i < 5; i++) {
            isCompletedInRedis("while" + i);
        }
        try (Worker other = new Worker(
                new PlainStore(redis.port(), Flaw.NONE, 30_000),
                Worker.policy(OnStoreFailure.THROW, 600_000, 30_000),
                count,
                30_000)) {
            assertEquals(Answer.DUPLICATE, other.deliver("while0"));
            assertEquals(Answer.DUPLICATE, other.deliver("before"));
        }
        assertEquals(0, count.lost() + count.dup() + count.stuck() + count.badConflict(), count::toString);
    }

    @Test
    void outOfMemory() {
        begin("--maxmemory-policy", "noeviction");
        // What was claimed before is completed all the same.
        memoryRunsShortInTheBody(worker);
        isCompletedInRedis("running");
        // A completion that is let through as little as a claim.
        redis.call("CONFIG", "SET", "maxmemory", "0");
        try (Worker mutant = new Worker(
                new PlainStore(redis.port(), Flaw.COMPLETION_BY_PLAIN_HSET, 5_000),
                Worker.policy(OnStoreFailure.PROCEED, 600_000, 5_000),
                new FaultCount(),
                5_000)) {
            memoryRunsShortInTheBody(mutant);
            assertEquals(
                    RecordStatus.PENDING,
                    worker.store.status(Worker.id("running")).orElseThrow().status());
        }
        callsGoOnUnguarded("OOM");
        assertTrue(worker.said().contains("raise maxmemory"), worker.said());
        redis.call("CONFIG", "SET", "maxmemory", "0");
        guardingGoesOn();
    }

    private void memoryRunsShortInTheBody(Worker by) {
        redis.call("DEL", Worker.id("running").redisKey());
        assertEquals(Answer.RAN, by.deliver("running", () -> redis.call("CONFIG", "SET", "maxmemory", "1")));
    }

    @Test
    void outOfMemoryOnTheOldestLine() {
        begin(RedisBinary.EMBEDDED_6, "--maxmemory-policy", "noeviction");
        // By the order of its writes alone.
        memoryRunsShortInTheBody(worker);
        isCompletedInRedis("running");
        callsGoOnUnguarded("OOM");
        redis.call("CONFIG", "SET", "maxmemory", "0");
        guardingGoesOn();
    }

    @Test
    void readOnly() {
        begin();
        TestRedis gone = TestRedis.start();
        gone.kill();
        redis.call("REPLICAOF", "127.0.0.1", Integer.toString(gone.port()));
        callsGoOnUnguarded("READONLY");
        redis.call("REPLICAOF", "NO", "ONE");
        guardingGoesOn();
    }

    @Test
    void tooFewReplicas() {
        begin();
        redis.call("CONFIG", "SET", "min-replicas-to-write", "1");
        callsGoOnUnguarded("NOREPLICAS");
        redis.call("CONFIG", "SET", "min-replicas-to-write", "0");
        guardingGoesOn();
    }

    @Test
    void aPasswordIsSetMeanwhile() throws IOException {
        begin();
        try (var admin = redis.connect()) {
            admin.call("CONFIG", "SET", "requirepass", "s3cret");
            // Those who are in stay in; the worker has to come in anew.
            admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            callsGoOnUnguarded("NOAUTH");
            assertTrue(worker.said().contains("redis-password-file"), worker.said());
            admin.call("CONFIG", "SET", "requirepass", "");
        }
        guardingGoesOn();
        assertFalse(worker.said().contains("s3cret"), worker.said());
    }

    @Test
    void aSnapshotFails() throws IOException {
        begin("--save", "3600 1000000");
        Files.createDirectory(redis.folder().resolve("dump.rdb"));
        redis.call("BGSAVE");
        Await.until(
                "the snapshot fails",
                () -> redis.info("persistence", "rdb_last_bgsave_status").equals("err"));
        callsGoOnUnguarded("MISCONF");
        Files.delete(redis.folder().resolve("dump.rdb"));
        redis.call("BGSAVE");
        guardingGoesOn();
    }

    @Test
    void loading() {
        // As slow as a server with much data, until it is told to be fast; it answers meanwhile.
        begin("--key-load-delay", "500", "--loading-process-events-interval-bytes", "1024");
        redis.call("EVAL", "for i = 1, 60000 do redis.call('SET', 'filler' .. i, string.rep('x', 100)) end", "0");
        redis.call("SAVE");
        redis.kill();
        redis.restart();
        assertEquals("1", redis.info("persistence", "loading"));
        callsGoOnUnguarded("LOADING");
        redis.call("CONFIG", "SET", "key-load-delay", "0");
        guardingGoesOn();
    }

    @Test
    void busyWithSomebodysEndlessScript() throws Exception {
        begin("--busy-reply-threshold", "50");
        Thread somebody = new Thread(
                () -> assertThrows(UncheckedIOException.class, () -> redis.call("EVAL", "while true do end", "0")));
        somebody.start();
        Await.until("Redis is busy", () -> {
            try {
                redis.call("PING");
                return false;
            } catch (UncheckedIOException e) {
                return e.getCause().getMessage().startsWith("BUSY");
            }
        });
        callsGoOnUnguarded("BUSY");
        redis.call("SCRIPT", "KILL");
        somebody.join();
        guardingGoesOn();
    }
}
