package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.redis.NoteNames;
import io.idempotenttrace.testkit.RedisDeployment;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a store in Redis does besides: records of other workers, damaged keys, scripts that the server has forgotten. */
abstract class RedisStoreContract extends StoreContract {

    private static final String HASH = "a".repeat(64);

    private IdempotencyStore store;

    abstract RedisDeployment redis();

    /** What the store needs beside the URL to get in. */
    Configuration access(Configuration configuration) {
        return configuration;
    }

    @Override
    synchronized IdempotencyStore store() {
        if (store == null) {
            store = IdempotencyStores.open(access(Configuration.defaults()
                    .with(Setting.REDIS_URL, redis().url())
                    .with(Setting.COMMAND_TIMEOUT, "30s")
                    .with(Setting.CONNECT_TIMEOUT, "30s")));
        }
        return store;
    }

    /** Redis has the clock here: who slept for a short lease would find it over before its time on a busy machine. */
    @Override
    void pass(RecordId id, long millis) {
        String key = id.redisKey();
        TestRedis server = redis().primaryOf(key);
        ClaimField claim = ClaimField.of((String) server.call("HGET", key, ClaimField.NAME));
        long deadline = claim.leaseMillis() == 0 ? 0 : claim.deadlineMillis() - millis;
        ClaimField earlier = new ClaimField(
                claim.attempt(), claim.leaseMillis(), claim.fence(), deadline, claim.waiting(), claim.owner());
        server.call("HSET", key, ClaimField.NAME, earlier.text());
        server.call("PEXPIRE", key, Long.toString((Long) server.call("PTTL", key) - millis));
    }

    @AfterEach
    void closeStore() {
        if (store != null) {
            store.close();
        }
    }

    private Claim claim(String key) {
        return claimBy(key, "0".repeat(22));
    }

    private Claim claimBy(String key, String owner) {
        return Claims.of(new RecordId(tenant, null, key), HASH, "python", "", owner, 86_400_000, 300_000, 30_000, "");
    }

    private String redisKey(String key) {
        return "idem:" + tenant + ":" + key;
    }

    /** A command to the server that holds the record of that key. */
    private Object call(String key, String... command) {
        return redis().primaryOf(redisKey(key)).call(command);
    }

    private ClaimField claimField(String key) {
        return ClaimField.of((String) call(key, "HGET", redisKey(key), "claim"));
    }

    private long now() {
        return Long.parseLong((String) ((List<?>) call("k", "TIME")).get(0));
    }

    /** As a worker that knows five fields writes a claim. */
    private void foreignClaim(String key, String status, long createdAt) {
        call(
                key,
                "HSET",
                redisKey(key),
                "hash",
                HASH,
                "tenant_id",
                tenant,
                "trace_id",
                "theirs",
                "created_at",
                Long.toString(createdAt),
                "status",
                status);
        call(key, "EXPIRE", redisKey(key), "86400");
    }

    @Test
    void aSharedRecordHasTheNameThatOtherWorkersGiveIt() {
        store().check(claim("k:1"));
        assertEquals(1L, call("k:1", "EXISTS", redisKey("k:1")));
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
        assertTrue(
                young.leaseRemainingMillis() > 29_000 && young.leaseRemainingMillis() <= 31_000,
                "left " + young.leaseRemainingMillis());
        foreignClaim("old", "pending", now() - 32);
        assertEquals(Verdict.NEW, store().check(claim("old")).verdict());
    }

    /** Other languages have their own idea of a time, or of none. */
    @Test
    void anotherWorkersTimeOfCreationMayBeAnyText() {
        for (String createdAt : List.of(now() + ".25", "", "yesterday", "-1")) {
            call(
                    "k",
                    "HSET",
                    redisKey("k"),
                    "hash",
                    HASH,
                    "tenant_id",
                    tenant,
                    "created_at",
                    createdAt,
                    "status",
                    "pending");
            ClaimResult answer = store().check(claim("k"));
            assertEquals(Verdict.IN_PROGRESS, answer.verdict(), createdAt);
            assertTrue(answer.leaseRemainingMillis() <= 31_000, createdAt);
            call("k", "DEL", redisKey("k"));
        }
    }

    // [P24]
    @Test
    void aLeaseThatLiesTooFarAheadIsCutToItsLength() {
        store().check(claim("k"));
        call(
                "k",
                "HSET",
                redisKey("k"),
                "claim",
                new ClaimField(1, 30_000, now() * 1_000_000, (now() + 90_000) * 1000, "", "0".repeat(32)).text());
        Claim other = Claims.of(claim("k").id(), HASH, "python", "", "1".repeat(32), 86_400_000, 300_000, 30_000, "");
        assertTrue(store().check(other).leaseRemainingMillis() <= 30_000);
        assertTrue(claimField("k").deadlineMillis() <= (now() + 31) * 1000);
    }

    @Test
    void aGhostIsClaimedAnew() {
        call("k", "HSET", redisKey("k"), "status", "completed", "trace_id", "ghost");
        assertEquals(Verdict.NEW, store().check(claim("k")).verdict());
        assertEquals("", call("k", "HGET", redisKey("k"), "trace_id"));
        assertTrue((Long) call("k", "TTL", redisKey("k")) > 0);
    }

    @Test
    void aRecordOfAnotherTenantIsNeverAnsweredFrom() {
        foreignClaim("k", "completed", now());
        call("k", "HSET", redisKey("k"), "tenant_id", "somebody");
        assertThrows(IdempotencyStoreException.class, () -> store().check(claim("k")));
        assertEquals("somebody", call("k", "HGET", redisKey("k"), "tenant_id"));
    }

    @Test
    void aKeyOfAnotherTypeIsLeftAloneAndNamed() {
        call("k", "SET", redisKey("k"), "text");
        IdempotencyStoreException failure =
                assertThrows(IdempotencyStoreException.class, () -> store().check(claim("k")));
        assertTrue(failure.getMessage().contains("WRONGTYPE"), failure.getMessage());
        assertEquals("k", failure.getKey());
        assertThrows(
                IdempotencyStoreException.class, () -> store().delete(claim("k").id()));
        assertEquals("text", call("k", "GET", redisKey("k")));
    }

    @Test
    void scriptsThatTheServerForgotAreSentAgain() {
        for (int i = 0; i < 3; i++) {
            call("k" + i, "SCRIPT", "FLUSH");
            Claim claim = claim("k" + i);
            assertEquals(Verdict.NEW, store().check(claim).verdict());
            call("k" + i, "SCRIPT", "FLUSH");
            assertEquals(Update.APPLIED, store().markCompleted(claim, Completion.EMPTY));
        }
    }

    @Test
    void aRecordWithoutResultIsSmallAndComplete() {
        Claim claim = claim("k");
        store().check(claim);
        store().markCompleted(claim, new Completion("trace", null, ""));
        String encoding = (String) call("k", "OBJECT", "ENCODING", redisKey("k"));
        assertTrue(encoding.equals("listpack") || encoding.equals("ziplist"), encoding);
        assertEquals(
                List.of(HASH, tenant, "trace", "completed"),
                call("k", "HMGET", redisKey("k"), "hash", "tenant_id", "trace_id", "status"));
    }

    private Claim completed(String key, String result) {
        Claim owner = claim(key);
        store().check(owner);
        assertEquals(Update.APPLIED, store().markCompleted(owner, new Completion("trace", result, HASH)));
        return owner;
    }

    /** As the claim script answers it: the store may remember what it was before. */
    private Object resultOfDuplicate(String key) throws IOException {
        List<?> answer = (List<?>) claimByScript(key, "9".repeat(22), "30000");
        assertEquals("completed", answer.get(3));
        return answer.get(4);
    }

    private boolean isSmall(String key) {
        String encoding = (String) call(key, "OBJECT", "ENCODING", redisKey(key));
        return encoding.equals("listpack") || encoding.equals("ziplist");
    }

    /** A field of 65 bytes alone makes Redis keep the record as a table, which takes 500 bytes more. */
    @Test
    void aResultOfUpToTwoKilobytesLeavesTheRecordSmall() {
        for (int length : new int[] {1, 64, 65, 128, 1000, 2048}) {
            String key = "k" + length;
            completed(key, "7".repeat(length));
            assertTrue(isSmall(key), key);
            boolean whole = length <= 64;
            assertEquals(whole ? 1L : 0L, call(key, "HEXISTS", redisKey(key), "result"));
            assertEquals(whole ? null : Integer.toString(length), call(key, "HGET", redisKey(key), "r0"));
            long chunks = whole ? 0 : (length + 63) / 64;
            assertEquals(whole ? 0L : 1L, call(key, "HEXISTS", redisKey(key), "r" + chunks));
            assertEquals(0L, call(key, "HEXISTS", redisKey(key), "r" + (chunks + 1)));
        }
        completed("k2049", "7".repeat(2049));
        assertEquals(0L, call("k2049", "HEXISTS", redisKey("k2049"), "r0"));
        assertEquals(2049L, call("k2049", "HSTRLEN", redisKey("k2049"), "result"));
    }

    @Test
    void oneShapeOfAResultIsThereWhateverTheLastOneWas() throws IOException {
        Claim once = completed("once", "1".repeat(2048));
        Claim failed = claim("twice");
        store().check(failed);
        store().markFailed(failed, "boom");
        Claim twice = claimBy("twice", "1".repeat(22));
        store().check(twice);
        for (Claim owner : List.of(once, twice)) {
            String key = owner.id().key();
            for (int length : new int[] {2048, 65, 64, 130, 3000, 66, 0}) {
                String result = length == 0 ? null : "2".repeat(length);
                assertEquals(Update.APPLIED, store().markCompleted(owner, new Completion("", result, "")));
                List<?> names = (List<?>) call(key, "HKEYS", redisKey(key));
                boolean chunks = length > 64 && length <= 2048;
                assertEquals(
                        chunks ? (length + 63) / 64 + 1 : 0,
                        names.stream()
                                .filter(name -> ((String) name).matches("r\\d+"))
                                .count(),
                        length + ": " + names);
                assertEquals(length > 0 && !chunks, names.contains("result"), length + ": " + names);
                assertEquals(result, resultOfDuplicate(key));
            }
        }
    }

    /** As other workers let a completed record fail: whoever takes it over must not answer what was left before. */
    @Test
    void aTakeoverRemovesTheChunksOfAResult() throws IOException {
        completed("k", "1".repeat(500));
        call("k", "HSET", redisKey("k"), "status", "failed", "claim", "");
        claimByScript("k", "next", "30000", "", "", "", "");
        assertEquals("pending", call("k", "HGET", redisKey("k"), "status"));
        List<?> names = (List<?>) call("k", "HKEYS", redisKey("k"));
        assertTrue(names.stream().noneMatch(name -> ((String) name).matches("r\\d+")), names.toString());
    }

    @Test
    void chunksThatDoNotAddUpAreAsIfNoResultWereStored() throws IOException {
        Claim owner = completed("k", "1".repeat(500));
        assertEquals("1".repeat(500), resultOfDuplicate("k"));
        String[] lengths = {"0", "-5", "nan", "inf", "0x1f4", "501", "499", "1e9", "2049", "", "2048"};
        for (String length : lengths) {
            call("k", "HSET", redisKey("k"), "r0", length);
            String expected = length.equals("0x1f4") ? "1".repeat(500) : null;
            assertEquals(expected, resultOfDuplicate("k"), length);
            assertEquals(
                    expected, store().status(owner.id()).orElseThrow().fields().get("result"), length);
        }
        call("k", "HSET", redisKey("k"), "r0", "500");
        call("k", "HDEL", redisKey("k"), "r3");
        assertNull(resultOfDuplicate("k"));
        assertNull(store().status(owner.id()).orElseThrow().fields().get("result"));
        // As a former version completes a record in which chunks were left.
        call("k", "HSET", redisKey("k"), "result", "[1]");
        assertEquals("[1]", resultOfDuplicate("k"));
        assertEquals("[1]", store().status(owner.id()).orElseThrow().fields().get("result"));
    }

    @Test
    void aPendingRecordStaysSmallThroughRetryRenewalAndWaiters() throws IOException {
        Claim first = claim("k");
        store().check(first);
        store().markFailed(first, "boom");
        Claim second = claimBy("k", "1".repeat(22));
        store().check(second);
        assertEquals(Update.APPLIED, store().renew(second));
        claimByScript("k", "waits", "30000", "", "", "", "p");
        ClaimField held = claimField("k");
        assertEquals(new ClaimField(2, 30_000, held.fence(), held.deadlineMillis(), "p", second.owner()), held);
        String encoding = (String) call("k", "OBJECT", "ENCODING", redisKey("k"));
        assertTrue(encoding.equals("listpack") || encoding.equals("ziplist"), encoding);
    }

    static String claimScript() throws IOException {
        return script("record.lua") + script("claim.lua");
    }

    private static String script(String file) throws IOException {
        try (InputStream in = RedisStoreContract.class.getResourceAsStream("redis/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aMinimalWorkerMayLoadOurClaimScript() throws IOException {
        String script = claimScript();
        List<?> first = (List<?>) call("k", "EVAL", script, "1", redisKey("k"), HASH, "86400", tenant, "trace");
        assertEquals(List.of("new", HASH, "trace"), first.subList(0, 3));
        List<?> second = (List<?>) call("k", "EVAL", script, "1", redisKey("k"), HASH, "86400", tenant, "trace-2");
        assertEquals(List.of("in-progress", HASH, "trace", "in-progress"), second.subList(0, 4));
        assertTrue((Long) second.get(5) > 86_000_000, "left " + second.get(5));
        List<?> other =
                (List<?>) call("k", "EVAL", script, "1", redisKey("k"), "b".repeat(64), "86400", tenant, "trace-2");
        assertEquals(List.of("conflict", HASH, "trace"), other.subList(0, 3));
        call("k", "HSET", redisKey("k"), "status", "completed");
        List<?> third = (List<?>) call("k", "EVAL", script, "1", redisKey("k"), HASH, "86400", tenant, "trace-2");
        assertEquals(List.of("duplicate", HASH, "trace", "completed"), third.subList(0, 4));
        long ttl = (Long) call("k", "TTL", redisKey("k"));
        assertTrue(ttl > 86_000 && ttl <= 86_400, "ttl " + ttl);
        assertEquals(10, ((List<?>) call("k", "HGETALL", redisKey("k"))).size());
    }

    /** EXPIRE comes after the record's fields, and a script that fails then is not rolled back. */
    @Test
    void aTtlThatRedisWouldRefuseIsRefusedBeforeAnythingIsWritten() throws IOException {
        for (String ttl : List.of("", "0", "-1", "86400.0", "1e5", "0x10", " 5", "9999999999999999999")) {
            RuntimeException failure = assertThrows(
                    RuntimeException.class,
                    () -> call("k", "EVAL", claimScript(), "1", redisKey("k"), HASH, ttl, tenant, "trace"),
                    ttl);
            assertTrue(failure.getMessage().contains("IDEMARG ttl"), failure.getMessage());
            assertEquals(0L, call("k", "EXISTS", redisKey("k")), ttl);
        }
    }

    @Test
    void aLeaseThatIsNoneIsRefusedBeforeAnythingIsWritten() throws IOException {
        for (String lease : List.of("", "0", "-1", "0.5", "soon", "1e15", "9999999999999999")) {
            RuntimeException failure = assertThrows(
                    RuntimeException.class,
                    () -> call(
                            "k",
                            "EVAL",
                            claimScript(),
                            "1",
                            redisKey("k"),
                            HASH,
                            "86400",
                            tenant,
                            "trace",
                            "owner",
                            lease),
                    lease);
            assertTrue(failure.getMessage().contains("IDEMARG lease"), failure.getMessage());
            assertEquals(0L, call("k", "EXISTS", redisKey("k")), lease);
        }
    }

    private Object claimByScript(String key, String... ownerAndMore) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("EVAL", claimScript(), "1", redisKey(key), HASH, "86400", tenant, "trace"));
        command.addAll(List.of(ownerAndMore));
        return call(key, command.toArray(String[]::new));
    }

    @Test
    void whoWaitsForAnOwnerIsNotForgottenWhenAnotherTakesOver() throws IOException {
        claimByScript("k", "first", "60000");
        assertEquals("in-progress", ((List<?>) claimByScript("k", "waits", "30000", "", "", "", "p")).get(3));
        pass(new RecordId(tenant, null, "k"), 60_001);
        Object reply = claimByScript("k", "second", "30000");
        assertEquals("new " + call("k", "HGET", redisKey("k"), "claim"), reply);
        assertEquals("p", claimField("k").waiting());
        assertEquals("second", claimField("k").owner());
        assertEquals(2, claimField("k").attempt());
    }

    @Test
    void aRetryByAMinimalWorkerHasALeaseSinceItsGrant() throws Exception {
        foreignClaim("k", "pending", now() - 3600);
        Claim ours = claim("k");
        assertEquals(Verdict.NEW, store().check(ours).verdict());
        long fence = claimField("k").fence();
        assertEquals(Update.APPLIED, store().markFailed(ours, "boom"));
        String note = NoteNames.of(redisKey("k"));
        assertEquals(
                List.of("new", HASH, "trace"),
                call("k", "EVAL", claimScript(), "2", redisKey("k"), note, HASH, "86400", tenant, "trace"));
        assertEquals(Verdict.IN_PROGRESS, store().check(claimBy("k", "other")).verdict());
        assertTrue(claimField("k").fence() > fence);
        assertEquals("", claimField("k").owner());
    }

    // [P40]
    @Test
    void aDamagedKeyAmongSeveralCompletionsConcernsItsOwnAlone() throws Exception {
        List<HeardCompletion> all = IntStream.range(0, 8)
                .mapToObj(i -> new HeardCompletion(claimBy("k" + i, "owner-" + i), Completion.EMPTY))
                .toList();
        all.forEach(
                each -> assertEquals(Verdict.NEW, store().check(each.claim()).verdict()));
        call("k3", "DEL", redisKey("k3"));
        call("k3", "HSET", redisKey("k3"), "status", "pending");
        call("k5", "SET", redisKey("k5"), "no hash");
        store().markCompletedTogether(all);
        for (HeardCompletion each : all) {
            String key = each.claim().id().key();
            if (key.equals("k5")) {
                ExecutionException failure =
                        assertThrows(ExecutionException.class, () -> each.end().get(30, TimeUnit.SECONDS));
                assertTrue(
                        failure.getCause() instanceof RefusedStepException
                                || failure.getCause().getCause() instanceof RefusedStepException,
                        failure::toString);
            } else {
                assertEquals(
                        key.equals("k3") ? Update.GONE : Update.APPLIED,
                        each.end().get(30, TimeUnit.SECONDS),
                        key);
                assertEquals("completed", call(key, "HGET", redisKey(key), "status"), key);
            }
        }
    }

    @Test
    void anOwnerThatCouldBeTakenForAnotherIsRefused() throws IOException {
        for (String owner : List.of("", "a b", " b", "a   b")) {
            RuntimeException failure = assertThrows(
                    RuntimeException.class,
                    () -> call(
                            "k",
                            "EVAL",
                            claimScript(),
                            "1",
                            redisKey("k"),
                            HASH,
                            "86400",
                            tenant,
                            "trace",
                            owner,
                            "30000"),
                    owner);
            assertTrue(failure.getMessage().contains("IDEMARG owner"), failure.getMessage());
            assertEquals(0L, call("k", "EXISTS", redisKey("k")), owner);
        }
    }

    /** A token is compared whole: neither its beginning nor its end is enough. */
    @Test
    void anotherLanguagesTokenMayBeOfAnyLengthAndIsComparedWhole() {
        for (String owner : List.of("b", "ab", "p", "s", "30000", "11111111-2222-3333-4444-555555555555")) {
            Claim claim = claimBy("k" + owner, owner);
            assertEquals(Verdict.NEW, store().check(claim).verdict(), owner);
            assertEquals(Verdict.NEW, store().check(claim).verdict(), owner + ", sent again");
            for (String other : List.of(owner + "b", "a" + owner, "c")) {
                Claim theirs = claimBy("k" + owner, other);
                assertEquals(Verdict.IN_PROGRESS, store().check(theirs).verdict(), owner + ", " + other);
                assertEquals(Update.REFUSED, store().renew(theirs), owner + ", " + other);
                assertEquals(Update.REFUSED, store().markCompleted(theirs, Completion.EMPTY), owner + ", " + other);
                assertEquals(Update.REFUSED, store().markFailed(theirs, "boom"), owner + ", " + other);
            }
            assertEquals(Update.APPLIED, store().renew(claim), owner);
            assertEquals(Update.APPLIED, store().markCompleted(claim, Completion.EMPTY), owner);
            assertEquals(Update.APPLIED, store().markCompleted(claim, Completion.EMPTY), owner + ", sent again");
        }
    }

    /** Other languages write milliseconds as they have them. */
    @Test
    void aLeaseGivenWithAFractionIsKeptInWholeMilliseconds() throws IOException {
        call("k", "EVAL", claimScript(), "1", redisKey("k"), HASH, "86400", tenant, "trace", "0".repeat(32), "30000.0");
        assertEquals(30_000, claimField("k").leaseMillis());
    }

    @Test
    void aMinimalWorkersScriptAnswersRightlyOnOurRecords() {
        Claim claim = Claims.of(
                new RecordId(tenant, null, "k"),
                HASH,
                "python",
                "ours",
                "0".repeat(32),
                86_400_000,
                300_000,
                30_000,
                "");
        store().check(claim);
        assertEquals(List.of("duplicate", HASH, "ours"), minimalClaim("k", HASH));
        assertEquals(List.of("conflict", HASH, "ours"), minimalClaim("k", "b".repeat(64)));
        store().markCompleted(claim, new Completion("final", "{}", ""));
        assertEquals(List.of("duplicate", HASH, "final"), minimalClaim("k", HASH));
    }

    @Test
    void aMinimalWorkersCallIsFollowedFromClaimToEnd() {
        assertEquals(List.of("new", HASH, "minimal"), minimalClaim("k", HASH));
        assertEquals(Verdict.IN_PROGRESS, store().check(claim("k")).verdict());
        assertEquals(
                Verdict.CONFLICT,
                store().check(Claims.of(
                                claim("k").id(),
                                "b".repeat(64),
                                "python",
                                "",
                                "2".repeat(32),
                                86_400_000,
                                300_000,
                                30_000,
                                ""))
                        .verdict());
        call("k", "HSET", redisKey("k"), "status", "completed", "trace_id", "final", "response_hash", "c".repeat(64));
        ClaimResult answer = store().check(claim("k"));
        assertEquals(Verdict.DUPLICATE, answer.verdict());
        assertEquals("final", answer.traceId());

        assertEquals(List.of("new", HASH, "minimal"), minimalClaim("f", HASH));
        call("f", "HSET", redisKey("f"), "status", "failed", "error", "boom");
        call("f", "EXPIRE", redisKey("f"), "300");
        assertEquals(Verdict.NEW, store().check(claim("f")).verdict());
        assertTrue((Long) call("f", "PTTL", redisKey("f")) <= 30_000, "a pending record lives as long as its lease");
        assertEquals(Update.APPLIED, store().markCompleted(claim("f"), Completion.EMPTY));
        assertEquals("duplicate", ((List<?>) minimalClaim("f", HASH)).get(0));
    }

    @Test
    void ofBothKindsOfWorkersOneGetsEachKey() throws Exception {
        int keys = 40;
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<Boolean>>> racers = new ArrayList<>();
            for (int racer = 0; racer < 4; racer++) {
                boolean minimal = racer % 2 == 0;
                String owner = String.format("%032x", racer);
                racers.add(pool.submit(() -> IntStream.range(0, keys)
                        .mapToObj(i -> minimal
                                ? ((List<?>) minimalClaim("k" + i, HASH)).get(0).equals("new")
                                : store().check(Claims.of(
                                                        claim("k" + i).id(),
                                                        HASH,
                                                        "python",
                                                        "",
                                                        owner,
                                                        86_400_000,
                                                        300_000,
                                                        30_000,
                                                        ""))
                                                .verdict()
                                        == Verdict.NEW)
                        .toList()));
            }
            for (int i = 0; i < keys; i++) {
                int owners = 0;
                for (Future<List<Boolean>> racer : racers) {
                    owners += racer.get(60, TimeUnit.SECONDS).get(i) ? 1 : 0;
                }
                assertEquals(1, owners, "k" + i);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Written from the description of such a worker, not from our script. */
    private Object minimalClaim(String key, String hash) {
        return call(key, "EVAL", """
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
