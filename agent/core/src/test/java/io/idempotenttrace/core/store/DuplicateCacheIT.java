package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.testkit.TcpProxy;
import io.idempotenttrace.testkit.TestRedis;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Duplicates that were met twice ask nobody, and a change in Redis is seen all the same. Counted on a Redis of its own. */
class DuplicateCacheIT {

    private static final String HASH = "a".repeat(64);

    private TestRedis redis;
    private IdempotencyStore store;
    private final Claim owner = claim("k", HASH);

    @BeforeEach
    void open() {
        redis = TestRedis.start();
        store = IdempotencyStores.open(settings());
        store.check(owner);
        store.markCompleted(owner, new Completion("trace-1", "[1]", ""));
    }

    @AfterEach
    void close() {
        store.close();
        redis.close();
    }

    private Configuration settings() {
        return Configuration.defaults().with(Setting.REDIS_URL, redis.url()).with(Setting.COMMAND_TIMEOUT, "30s");
    }

    private static Claim claim(String key, String hash) {
        return Claims.of(
                new RecordId("tenant:%", "scope", key),
                hash,
                "python",
                "",
                UUID.randomUUID().toString().replace("-", ""),
                86_400_000,
                300_000,
                600_000,
                "");
    }

    private ClaimResult again() {
        return store.check(claim("k", HASH));
    }

    private boolean againWithoutRedis() {
        long before = redis.scriptsRun();
        assertEquals(Verdict.DUPLICATE, again().verdict());
        return redis.scriptsRun() == before;
    }

    private static void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not within a minute: " + what);
            Thread.onSpinWait();
        }
    }

    @Test
    void aDuplicateThatWasMetTwiceAsksNobody() {
        await(this::againWithoutRedis, "a duplicate is answered without Redis");
        ClaimResult answer = again();
        assertEquals("trace-1", answer.traceId());
        assertEquals("[1]", answer.result());
    }

    @Test
    void aResultInChunksComesFromTheCacheToo() {
        String result = "7".repeat(1000);
        store.markCompleted(owner, new Completion("trace-1", result, ""));
        await(this::againWithoutRedis, "a duplicate is answered without Redis");
        assertEquals(result, again().result());
        store.markCompleted(owner, new Completion("trace-1", "8".repeat(1000), ""));
        await(() -> again().result().startsWith("8"), "the change is seen");
    }

    @Test
    void aDuplicateThatIsMetOnceCostsOneCommand() {
        await(this::againWithoutRedis, "a duplicate is answered without Redis");
        try (IdempotencyStore other = IdempotencyStores.open(settings().with(Setting.DUPLICATE_CACHE_BYTES, "0"))) {
            for (int i = 0; i < 50; i++) {
                Claim claim = claim("of-another-" + i, HASH);
                other.check(claim);
                other.markCompleted(claim, Completion.EMPTY);
            }
        }
        long before = redis.scriptsRun();
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    Verdict.DUPLICATE,
                    store.check(claim("of-another-" + i, HASH)).verdict());
        }
        assertEquals(50, redis.scriptsRun() - before);
    }

    @Test
    void anotherPayloadIsAConflictAllTheSame() {
        await(this::againWithoutRedis, "a duplicate is answered without Redis");
        assertEquals(Verdict.CONFLICT, store.check(claim("k", "b".repeat(64))).verdict());
    }

    @Test
    void aDeletedRecordIsNewAgain() {
        await(this::againWithoutRedis, "a duplicate is answered without Redis");
        redis.call("DEL", owner.id().redisKey());
        await(() -> again().verdict() != Verdict.DUPLICATE, "the deletion is seen");
    }

    @Test
    void aFlushedServerForgetsAll() {
        await(this::againWithoutRedis, "a duplicate is answered without Redis");
        redis.call("FLUSHALL");
        await(() -> again().verdict() != Verdict.DUPLICATE, "the flush is seen");
    }

    @Test
    void aRecordOfAnotherClientThatOverwritesItIsSeen() {
        await(this::againWithoutRedis, "a duplicate is answered without Redis");
        redis.call("HSET", owner.id().redisKey(), "trace_id", "trace-2");
        await(() -> again().traceId().equals("trace-2"), "the change is seen");
    }

    @Test
    void aLostConnectionForgetsAllAndComesBack() {
        await(this::againWithoutRedis, "a duplicate is answered without Redis");
        redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        redis.call("DEL", owner.id().redisKey());
        await(() -> again().verdict() != Verdict.DUPLICATE, "nothing is answered from before");
    }

    /** It hears of no change: until that is found out, duplicates are answered as before; README tells how long. */
    @Test
    void aSilentConnectionIsFoundOut() {
        try (TcpProxy proxy = TcpProxy.to(redis);
                IdempotencyStore cut = IdempotencyStores.open(settings().with(Setting.REDIS_URL, proxy.url()))) {
            await(
                    () -> {
                        long before = redis.scriptsRun();
                        assertEquals(
                                Verdict.DUPLICATE, cut.check(claim("k", HASH)).verdict());
                        return redis.scriptsRun() == before;
                    },
                    "a duplicate is answered without Redis");
            TcpProxy.Fault fault = proxy.keepReply(1, command -> command.trim().equals("HELLO"));
            await(
                    () -> {
                        cut.check(claim("k", HASH));
                        return fault.struck() == 1;
                    },
                    "the connection is asked, and silent from then on");
            redis.call("DEL", owner.id().redisKey());
            await(() -> cut.check(claim("k", HASH)).verdict() != Verdict.DUPLICATE, "the silence is found out");
        }
    }

    @Test
    void noneIsKeptWhereNoneIsWanted() {
        try (IdempotencyStore without = IdempotencyStores.open(settings().with(Setting.DUPLICATE_CACHE_BYTES, "0"))) {
            long before = redis.scriptsRun();
            for (int i = 0; i < 10; i++) {
                assertEquals(Verdict.DUPLICATE, without.check(claim("k", HASH)).verdict());
            }
            assertTrue(redis.scriptsRun() - before >= 10);
        }
    }

    @Test
    void aRedisKeyNamesItsRecord() {
        for (RecordId id : new RecordId[] {
            owner.id(),
            new RecordId("t", null, "a:b"),
            new RecordId("%", "", ":"),
            new RecordId(":", ":%", "%3A"),
            new RecordId("t%", null, "%:x")
        }) {
            assertEquals(id, RecordId.ofRedisKey(RecordId.DEFAULT_PREFIX, id.redisKey()));
        }
    }
}
