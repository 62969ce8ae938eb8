package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a store in Redis does besides: records of other workers, damaged keys, scripts that the server has forgotten. */
abstract class RedisStoreContract extends StoreContract {

    private static final String HASH = "a".repeat(64);

    private IdempotencyStore store;

    abstract TestRedis redis();

    @Override
    synchronized IdempotencyStore store() {
        if (store == null) {
            store = IdempotencyStores.open(Configuration.defaults().with(Setting.REDIS_URL, redis().url())
                    .with(Setting.COMMAND_TIMEOUT, "30s").with(Setting.CONNECT_TIMEOUT, "30s"));
        }
        return store;
    }

    @Override
    void pass(long millis) throws InterruptedException {
        // Redis has the clock here: this is no guess at how long something takes.
        Thread.sleep(millis);
    }

    @AfterEach
    void closeStore() {
        if (store != null) {
            store.close();
        }
    }

    private Claim claim(String key) {
        return new Claim(new RecordId(tenant, null, key), HASH, "python", "", "0".repeat(32), 86_400_000, 300_000, 30_000, "");
    }

    private String redisKey(String key) {
        return "idem:" + tenant + ":" + key;
    }

    private long now() {
        return Long.parseLong((String) ((List<?>) redis().call("TIME")).get(0));
    }

    /** As a worker that knows five fields writes a claim. */
    private void foreignClaim(String key, String status, long createdAt) {
        redis().call("HSET", redisKey(key), "hash", HASH, "tenant_id", tenant, "trace_id", "theirs", "created_at",
                Long.toString(createdAt), "status", status);
        redis().call("EXPIRE", redisKey(key), "86400");
    }

    @Test
    void aSharedRecordHasTheNameThatOtherWorkersGiveIt() {
        store().check(claim("k:1"));
        assertEquals(1L, redis().call("EXISTS", redisKey("k:1")));
    }

    @Test
    void anotherWorkersCompletedRecordIsADuplicate() {
        foreignClaim("k", "completed", now());
        ClaimResult answer = store().check(claim("k"));
        assertEquals(Verdict.DUPLICATE, answer.verdict());
        assertEquals("theirs", answer.traceId());
        assertNull(answer.result());
    }

    @Test
    void anotherWorkersFailedRecordIsClaimable() {
        foreignClaim("k", "failed", now());
        assertEquals(Verdict.NEW, store().check(claim("k")).verdict());
    }

    @Test
    void anotherWorkersPendingRecordHasALeaseSinceItsCreation() {
        foreignClaim("young", "pending", now());
        ClaimResult young = store().check(claim("young"));
        assertEquals(Verdict.IN_PROGRESS, young.verdict());
        assertTrue(young.leaseRemainingMillis() <= 30_000);
        foreignClaim("old", "pending", now() - 31);
        assertEquals(Verdict.NEW, store().check(claim("old")).verdict());
    }

    @Test
    void aLeaseThatLiesTooFarAheadIsCutToItsLength() {
        store().check(claim("k"));
        redis().call("HSET", redisKey("k"), "lease", (now() + 90_000) * 1000 + "/30000");
        Claim other = new Claim(claim("k").id(), HASH, "python", "", "1".repeat(32), 86_400_000, 300_000, 30_000, "");
        assertTrue(store().check(other).leaseRemainingMillis() <= 30_000);
        assertTrue(Long.parseLong(((String) redis().call("HGET", redisKey("k"), "lease")).split("/")[0]) <= (now() + 31) * 1000);
    }

    @Test
    void aGhostIsClaimedAnew() {
        redis().call("HSET", redisKey("k"), "status", "completed", "trace_id", "ghost");
        assertEquals(Verdict.NEW, store().check(claim("k")).verdict());
        assertEquals("", redis().call("HGET", redisKey("k"), "trace_id"));
        assertTrue((Long) redis().call("TTL", redisKey("k")) > 0);
    }

    @Test
    void aRecordOfAnotherTenantIsNeverAnsweredFrom() {
        foreignClaim("k", "completed", now());
        redis().call("HSET", redisKey("k"), "tenant_id", "somebody");
        assertThrows(IdempotencyStoreException.class, () -> store().check(claim("k")));
        assertEquals("somebody", redis().call("HGET", redisKey("k"), "tenant_id"));
    }

    @Test
    void aKeyOfAnotherTypeIsLeftAloneAndNamed() {
        redis().call("SET", redisKey("k"), "text");
        IdempotencyStoreException failure = assertThrows(IdempotencyStoreException.class, () -> store().check(claim("k")));
        assertTrue(failure.getMessage().contains("WRONGTYPE"), failure.getMessage());
        assertEquals("k", failure.getKey());
        assertThrows(IdempotencyStoreException.class, () -> store().delete(claim("k").id()));
        assertEquals("text", redis().call("GET", redisKey("k")));
    }

    @Test
    void scriptsThatTheServerForgotAreSentAgain() {
        for (int i = 0; i < 3; i++) {
            redis().call("SCRIPT", "FLUSH");
            Claim claim = claim("k" + i);
            assertEquals(Verdict.NEW, store().check(claim).verdict());
            redis().call("SCRIPT", "FLUSH");
            assertEquals(Update.APPLIED, store().markCompleted(claim, Completion.EMPTY));
        }
    }

    @Test
    void aRecordWithoutResultIsSmallAndComplete() {
        Claim claim = claim("k");
        store().check(claim);
        store().markCompleted(claim, new Completion("trace", null, ""));
        String encoding = (String) redis().call("OBJECT", "ENCODING", redisKey("k"));
        assertTrue(encoding.equals("listpack") || encoding.equals("ziplist"), encoding);
        assertEquals(List.of(HASH, tenant, "trace", "completed"), redis().call("HMGET", redisKey("k"), "hash", "tenant_id", "trace_id",
                "status"));
    }

    @Test
    void aMinimalWorkerMayLoadOurClaimScript() throws IOException {
        String script;
        try (InputStream in = RedisStoreContract.class.getResourceAsStream("redis/claim.lua")) {
            script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<?> first = (List<?>) redis().call("EVAL", script, "1", redisKey("k"), HASH, "86400", tenant, "trace");
        assertEquals(List.of("new", HASH, "trace"), first.subList(0, 3));
        List<?> second = (List<?>) redis().call("EVAL", script, "1", redisKey("k"), HASH, "86400", tenant, "trace-2");
        assertEquals(List.of("duplicate", HASH, "trace"), second.subList(0, 3));
        List<?> other = (List<?>) redis().call("EVAL", script, "1", redisKey("k"), "b".repeat(64), "86400", tenant, "trace-2");
        assertEquals(List.of("conflict", HASH, "trace"), other.subList(0, 3));
        assertEquals(86400L, redis().call("TTL", redisKey("k")));
        assertEquals(10L, ((Integer) ((List<?>) redis().call("HGETALL", redisKey("k"))).size()).longValue());
    }

    @Test
    void aMinimalWorkersScriptAnswersRightlyOnOurRecords() {
        Claim claim = new Claim(new RecordId(tenant, null, "k"), HASH, "python", "ours", "0".repeat(32), 86_400_000, 300_000, 30_000, "");
        store().check(claim);
        assertEquals(List.of("duplicate", HASH, "ours"), minimalClaim("k", HASH));
        assertEquals(List.of("conflict", HASH, "ours"), minimalClaim("k", "b".repeat(64)));
        store().markCompleted(claim, new Completion("final", "{}", ""));
        assertEquals(List.of("duplicate", HASH, "final"), minimalClaim("k", HASH));
    }

    /** Written from the description of such a worker, not from our script. */
    private Object minimalClaim(String key, String hash) {
        return redis().call("EVAL", """
                local stored = redis.call('HGETALL', KEYS[1])
                local fields = {}
                for i = 1, #stored, 2 do fields[stored[i]] = stored[i + 1] end
                if not fields['hash'] then
                  redis.call('HSET', KEYS[1], 'hash', ARGV[1], 'tenant_id', ARGV[3], 'trace_id', ARGV[4],
                      'created_at', redis.call('TIME')[1], 'status', 'pending')
                  redis.call('EXPIRE', KEYS[1], ARGV[2])
                  return {'new', ARGV[1], ARGV[4]}
                end
                if fields['hash'] == ARGV[1] then return {'duplicate', fields['hash'], fields['trace_id']} end
                return {'conflict', fields['hash'], fields['trace_id']}
                """, "1", redisKey(key), hash, "86400", tenant, "minimal");
    }
}
