package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.TestRedis;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Two fleets on one Redis, with names of their own. Each user may touch keys and channels of its own prefix alone. */
class KeyPrefixIT {

    private static final RecordId ID = new RecordId("tenant:%", "scope", "k");

    private static Claim claim() {
        return Claims.of(
                ID,
                "a".repeat(64),
                "python",
                "",
                UUID.randomUUID().toString().replace("-", ""),
                86_400_000,
                300_000,
                600_000,
                "");
    }

    private static IdempotencyStore open(TestRedis redis, String prefix) {
        redis.call(
                "ACL",
                "SETUSER",
                prefix,
                "on",
                ">secret",
                "~" + prefix + ":*",
                "&" + prefix + ":*",
                "+@all",
                "-flushall");
        return IdempotencyStores.open(Configuration.defaults()
                .with(Setting.REDIS_URL, "redis://" + prefix + ":secret@127.0.0.1:" + redis.port())
                .with(Setting.KEY_PREFIX, prefix)
                .with(Setting.COMMAND_TIMEOUT, "30s"));
    }

    @Test
    void namesOfRecordsAndChannelsBeginWithIt() {
        try (TestRedis redis = TestRedis.start();
                IdempotencyStore one = open(redis, "fleet-1");
                IdempotencyStore two = open(redis, "idem")) {
            Claim owner = claim();
            assertEquals(Verdict.NEW, one.check(owner).verdict());
            assertEquals(Verdict.IN_PROGRESS, one.check(claim()).verdict());
            assertEquals(Verdict.NEW, two.check(claim()).verdict(), "another fleet's record is another");
            String name = "fleet-1:tenant%3A%25%:scope:k";
            assertEquals(1L, redis.call("EXISTS", name));
            assertEquals(1L, redis.call("EXISTS", ID.redisKey()));
            assertEquals(2L, redis.call("DBSIZE"));
            try (RecordWatch watch = one.watch(ID)) {
                watch.ready().join();
                assertEquals(List.of(name), redis.call("PUBSUB", "CHANNELS"));
            }
            one.markCompleted(owner, new Completion("trace", "1", ""));
            assertEquals("COMPLETED", one.status(ID).orElseThrow().status().name());

            // A change of a record that is remembered is told by its name.
            long before = redis.scriptsRun();
            Await.until("a duplicate is answered without Redis", () -> {
                long asked = redis.scriptsRun();
                assertEquals(Verdict.DUPLICATE, one.check(claim()).verdict());
                return redis.scriptsRun() == asked;
            });
            assertTrue(redis.scriptsRun() > before);
            redis.call("DEL", name);
            Await.until("the deleted record is new", () -> one.check(claim()).verdict() == Verdict.NEW);
        }
    }

    @Test
    void aNameOfAnotherPrefixIsNoRecords() {
        for (RecordId id : List.of(ID, new RecordId("t", null, "k:l"))) {
            assertEquals(id, RecordId.ofRedisKey("fleet-1", id.redisKey("fleet-1")));
            assertNull(RecordId.ofRedisKey("fleet", id.redisKey("fleet-1")));
            assertNull(RecordId.ofRedisKey("fleet-1", id.redisKey()));
            assertNull(RecordId.ofRedisKey("fleet-1", "fleet-1:"));
            assertNull(RecordId.ofRedisKey("fleet-1", "fleet-1"));
        }
    }
}
