package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.store.redis.NoteNames;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a store in Redis does besides for records that it shares with workers of other kinds: those who know five fields, and newer versions
 * of the agent.
 */
abstract class SharedRecordContract extends RedisStoreContract {

    private static final String HASH = "a".repeat(64);
    private static final String OTHER_HASH = "b".repeat(64);
    private static final long DAY = 86_400_000;

    private Claim claim(String scope, String key, String hash, long leaseMillis) {
        String owner = UUID.randomUUID().toString().replace("-", "");
        return Claims.of(
                new RecordId(tenant, scope, key), hash, "python", "ours", owner, DAY, 300_000, leaseMillis, "");
    }

    private Claim claim(String key) {
        return claim(null, key, HASH, 60_000);
    }

    /** A claim that its store has granted. */
    private Claim granted(String key) {
        Claim claim = claim(key);
        assertEquals(Verdict.NEW, store().check(claim).verdict());
        return claim;
    }

    private Claim completed(String key) {
        Claim claim = granted(key);
        assertEquals(Update.APPLIED, store().markCompleted(claim, new Completion("", "1", HASH)));
        return claim;
    }

    private Claim failed(String key) {
        Claim claim = granted(key);
        assertEquals(Update.APPLIED, store().markFailed(claim, "boom"));
        return claim;
    }

    private String name(String key) {
        return new RecordId(tenant, null, key).redisKey();
    }

    private TestRedis server(String key) {
        return redis().primaryOf(name(key));
    }

    private Object call(String key, String... command) {
        return server(key).call(command);
    }

    private long ttl(String key) {
        return (Long) call(key, "PTTL", name(key));
    }

    private String field(String key, String field) {
        return (String) call(key, "HGET", name(key), field);
    }

    private StoredRecord record(Claim claim) {
        return store().status(claim.id()).orElseThrow();
    }

    // [P35]
    @ParameterizedTest
    @EnumSource
    void workersWithFiveFieldsRunWhatFailedHere(FiveFieldWorker worker) {
        Claim ours = failed("k");
        assertEquals("new", worker.claim(server("k"), name("k"), tenant, HASH));
        assertEquals(Verdict.IN_PROGRESS, store().check(claim("k")).verdict());
        assertEquals(Update.REFUSED, store().markCompleted(ours, Completion.EMPTY), "it failed, and is no longer ours");
        FiveFieldWorker.markCompleted(server("k"), name("k"), HASH);
        assertEquals(Verdict.DUPLICATE, store().check(claim("k")).verdict());
        assertEquals("duplicate", worker.claim(server("k"), name("k"), tenant, HASH));
    }

    // [P36]
    @ParameterizedTest
    @EnumSource
    void workersWithFiveFieldsRunWhatADeadOwnerHeldWhenItsLeaseIsOver(FiveFieldWorker worker) {
        Claim dead = claim(null, "k", HASH, 300);
        assertEquals(Verdict.NEW, store().check(dead).verdict());
        Await.until("the record has ended with its lease", () -> ttl("k") == -2);
        assertEquals("new", worker.claim(server("k"), name("k"), tenant, HASH));
        assertEquals(Update.REFUSED, store().markCompleted(dead, Completion.EMPTY));
        assertEquals(Update.REFUSED, store().renew(dead));
        assertEquals("theirs", field("k", "trace_id"));
    }

    @ParameterizedTest
    @EnumSource
    void workersWithFiveFieldsAcknowledgeWhatIsCompletedOrRunsHere(FiveFieldWorker worker) {
        granted("running");
        completed("completed");
        for (String key : List.of("running", "completed")) {
            assertEquals("duplicate", worker.claim(server(key), name(key), tenant, HASH), key);
            assertEquals("conflict", worker.claim(server(key), name(key), tenant, OTHER_HASH), key);
        }
    }

    // [P20]
    @Test
    void aPendingRecordLivesAsLongAsItsLeaseAndACompletedOneAsLongAsItsTtl() {
        Claim owner = granted("k");
        assertTrue(ttl("k") > 50_000 && ttl("k") <= 60_000, () -> "granted " + ttl("k"));
        pass(owner.id(), 40_000);
        assertTrue(ttl("k") <= 20_000, () -> "later " + ttl("k"));
        assertEquals(Update.APPLIED, store().renew(owner));
        assertTrue(ttl("k") > 50_000 && ttl("k") <= 60_000, () -> "renewed " + ttl("k"));
        pass(owner.id(), 40_000);
        assertEquals(Verdict.NEW, store().check(owner).verdict(), "sent again");
        assertTrue(ttl("k") > 50_000 && ttl("k") <= 60_000, () -> "sent again " + ttl("k"));
        assertEquals(Update.APPLIED, store().markCompleted(owner, Completion.EMPTY));
        assertTrue(ttl("k") > DAY - 60_000 && ttl("k") <= DAY, () -> "completed " + ttl("k"));
    }

    /** Its owner was paused for longer than the lease, and nobody has claimed the key meanwhile. */
    @Test
    void aRecordThatEndedWithItsLeaseIsWrittenWholeByALateCompletion() {
        Claim paused = granted("k");
        pass(paused.id(), 60_001);
        assertEquals(-2, ttl("k"));
        assertEquals(Update.GONE, store().renew(paused));
        assertEquals(Update.GONE, store().markCompleted(paused, new Completion("late", "1", "")));
        assertTrue(ttl("k") > DAY - 60_000, () -> "ttl " + ttl("k"));
        assertEquals("late", store().check(claim("k")).traceId());
    }

    /** Each has its hash tag, or none, in another way; in a Cluster, the names must share a slot. */
    @ParameterizedTest
    @ValueSource(strings = {"k", "{x}", "a{b", "a}b", "{}", "}{", "{}{x}", "a:{b}:c", "{{x}", "\u00e9}", "%failed"})
    void aFailedRecordStandsInItsNoteWithAllItKnows(String key) {
        Claim first = claim(key);
        long fence = store().check(first).fence();
        assertEquals(Update.APPLIED, store().markFailed(first, "boom"));
        assertEquals(0L, call(key, "EXISTS", name(key)));
        assertEquals("failed", call(key, "HGET", NoteNames.of(name(key)), "status"));
        assertNull(RecordId.ofRedisKey("idem", NoteNames.of(name(key))), "no record has such a name");

        StoredRecord failed = record(first);
        assertEquals(RecordStatus.FAILED, failed.status());
        assertEquals("boom", failed.fields().get("error"));
        assertEquals("ours", failed.fields().get("trace_id"));
        assertTrue(failed.ttlMillis() > 200_000 && failed.ttlMillis() <= 300_000, "ttl " + failed.ttlMillis());
        assertEquals(
                Verdict.CONFLICT,
                store().check(claim(null, key, OTHER_HASH, 60_000)).verdict());
        assertEquals(
                Verdict.IN_PROGRESS,
                store().check(first).verdict(),
                "sent again and delivered after the failure: nobody waits for it");

        Claim second = claim(key);
        ClaimResult again = store().check(second);
        assertEquals(Verdict.NEW, again.verdict());
        assertEquals(2, again.attempt());
        assertTrue(again.fence() > fence);
        assertEquals(0L, call(key, "EXISTS", NoteNames.of(name(key))));
        assertEquals(failed.fields().get("created_at"), record(second).fields().get("created_at"));
        assertEquals(Update.REFUSED, store().markCompleted(first, Completion.EMPTY));
        assertEquals(Update.APPLIED, store().markFailed(second, "boom again"));
        assertEquals(Update.APPLIED, store().markFailed(second, "boom again"), "sent again");
        assertEquals(3, store().check(claim(key)).attempt());
    }

    @Test
    void whoFailedAndCompletesAfterAllHasCompleted() {
        Claim owner = failed("k");
        assertEquals(Update.APPLIED, store().markCompleted(owner, new Completion("", "1", "")));
        assertEquals(0L, call("k", "EXISTS", NoteNames.of(name("k"))));
        assertNull(field("k", "error"));
        assertTrue(ttl("k") > DAY - 60_000, () -> "ttl " + ttl("k"));
        assertEquals(Verdict.DUPLICATE, store().check(claim("k")).verdict());
    }

    // [P17]
    @Test
    void aFormerOwnerIsRefusedWhenALaterOneHasFailed() {
        Claim former = granted("k");
        pass(former.id(), 60_001);
        Claim later = failed("k");
        assertEquals(Update.REFUSED, store().markCompleted(former, Completion.EMPTY));
        assertEquals(Update.REFUSED, store().markFailed(former, "late"));
        assertEquals(Update.REFUSED, store().renew(former));
        assertFalse(store().giveBack(former));
        assertEquals("boom", record(later).fields().get("error"));
        assertEquals(0L, call("k", "EXISTS", name("k")));
    }

    @Test
    void anotherKindOfWorkerThatTookTheKeyOfAFailedRecordIsCountedAsNoneAndFencedOff() {
        Claim first = claim("k");
        long fence = store().check(first).fence();
        store().markFailed(first, "boom");
        // A fence that lies ahead: the clock of Redis was set back since.
        long ahead = fence + 3_600_000_000L;
        String note = NoteNames.of(name("k"));
        call("k", "HSET", note, "claim", new ClaimField(1, 0, ahead, 0, "", first.owner()).text());
        assertEquals("new", FiveFieldWorker.BY_EXISTS.claim(server("k"), name("k"), tenant, HASH));
        call("k", "HSET", name("k"), "created_at", "1600000000");
        ClaimResult takenOver = store().check(claim("k"));
        assertEquals(Verdict.NEW, takenOver.verdict());
        assertEquals(2, takenOver.attempt());
        assertTrue(takenOver.fence() > ahead);
        assertEquals(0L, call("k", "EXISTS", note));
    }

    /** A ghost beside the note: fields that a late worker wrote where there was no record any more. */
    @Test
    void aGhostDoesNotHideTheNote() {
        Claim first = failed("k");
        FiveFieldWorker.markCompleted(server("k"), name("k"), HASH);
        assertEquals(
                Verdict.CONFLICT,
                store().check(claim(null, "k", OTHER_HASH, 60_000)).verdict());
        FiveFieldWorker.markCompleted(server("k"), name("k"), HASH);
        assertEquals(2, store().check(claim("k")).attempt());
        assertNull(field("k", "response_hash"));
        assertEquals(Update.REFUSED, store().markFailed(first, "late"));
    }

    @Test
    void whatIsDeletedOrGivenBackLeavesNothing() {
        Claim failed = failed("k");
        assertTrue(store().delete(failed.id()));
        assertTrue(store().status(failed.id()).isEmpty());
        assertFalse(store().delete(failed.id()));
        assertEquals(1, store().check(claim("k")).attempt());

        failed("given back");
        Claim granted = granted("given back");
        assertTrue(store().giveBack(granted));
        assertTrue(store().status(granted.id()).isEmpty());
    }

    @Test
    void sharedAndOtherRecordsAreCompletedTogether() throws Exception {
        List<HeardCompletion> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Claim owner = claim(i % 3 == 0 ? "scope" : null, "k" + i, HASH, 60_000);
            assertEquals(Verdict.NEW, store().check(owner).verdict());
            all.add(new HeardCompletion(owner, new Completion("trace-" + i, null, "")));
        }
        // Shared: the note of its own, the note of another's, no record at all.
        store().markFailed(all.get(1).claim(), "boom");
        store().delete(all.get(2).claim().id());
        failed("k2");
        store().delete(all.get(4).claim().id());
        store().markCompletedTogether(all);
        for (int i = 0; i < all.size(); i++) {
            Update expected = i == 2 ? Update.REFUSED : i == 4 ? Update.GONE : Update.APPLIED;
            assertEquals(expected, all.get(i).end().get(30, TimeUnit.SECONDS), "k" + i);
            if (i != 2) {
                StoredRecord record = record(all.get(i).claim());
                assertEquals(RecordStatus.COMPLETED, record.status(), "k" + i);
                assertEquals("trace-" + i, record.fields().get("trace_id"));
            }
        }
    }

    @Test
    void whoCompletedARecordStaysReadable() {
        Claim owner = granted("k");
        String holder = field("k", "holder");
        store().markCompleted(owner, new Completion("trace", "\"text\"", HASH));
        assertEquals(holder, field("k", "holder"));
        Claim vanished = granted("whole");
        store().delete(vanished.id());
        assertEquals(Update.GONE, store().markCompleted(vanished, Completion.EMPTY));
        assertTrue(
                field("whole", "holder").contains("/" + ProcessHandle.current().pid() + "/"));
        assertTrue(holder.contains("/" + ProcessHandle.current().pid() + "/"), holder);
        String encoding = (String) call("k", "OBJECT", "ENCODING", name("k"));
        assertTrue(encoding.equals("listpack") || encoding.equals("ziplist"), encoding);
    }

    // [P37]
    @Test
    void anotherWorkersLateFailureDoesNotUndoACompletion() {
        Claim once = completed("once");
        failed("twice");
        Claim twice = completed("twice");
        for (Claim ours : List.of(once, twice)) {
            String key = ours.id().key();
            FiveFieldWorker.markFailed(server(key), name(key));
            assertEquals(
                    Verdict.CONFLICT,
                    store().check(claim(null, key, OTHER_HASH, 60_000)).verdict());
            ClaimResult answer = store().check(claim(key));
            assertEquals(Verdict.DUPLICATE, answer.verdict(), key);
            assertEquals("1", answer.result());
            assertEquals(RecordStatus.COMPLETED, record(ours).status());
            assertNull(field(key, "error"));
            assertTrue(ttl(key) > DAY - 60_000, () -> "ttl " + ttl(key));
            assertEquals(Update.REFUSED, store().markFailed(ours, "late"));
            assertEquals(Update.APPLIED, store().markCompleted(ours, new Completion("", "1", HASH)));
        }
    }

    @Test
    void anotherWorkersLateCompletionOfACompletedRecordChangesItsResponseHashAlone() {
        Claim ours = completed("k");
        var before = record(ours).fields();
        FiveFieldWorker.markCompleted(server("k"), name("k"), OTHER_HASH);
        assertEquals("1", store().check(claim("k")).result());
        var after = record(ours).fields();
        assertEquals(OTHER_HASH, after.remove("response_hash"));
        before.remove("response_hash");
        assertEquals(before, after);
    }

    // [P37]
    @Test
    void anotherWorkersLateFailureDoesNotEndALease() {
        Claim ours = granted("k");
        FiveFieldWorker.markFailed(server("k"), name("k"));
        ClaimResult answer = store().check(claim("k"));
        assertEquals(Verdict.IN_PROGRESS, answer.verdict());
        assertTrue(answer.leaseRemainingMillis() > 50_000, "left " + answer.leaseRemainingMillis());
        assertEquals(RecordStatus.PENDING, record(ours).status());
        assertTrue(ttl("k") <= 60_000, () -> "ttl " + ttl("k"));
        FiveFieldWorker.markFailed(server("k"), name("k"));
        assertEquals(Verdict.NEW, store().check(ours).verdict(), "sent again");
        assertEquals(RecordStatus.PENDING, record(ours).status());
        assertEquals(Update.APPLIED, store().markCompleted(ours, Completion.EMPTY));
    }

    @Test
    void anotherWorkersLateFailureDoesNotEndALeaseThatIsRenewedBeforeSomebodyAsks() {
        Claim ours = granted("k");
        FiveFieldWorker.markFailed(server("k"), name("k"));
        assertEquals(Update.APPLIED, store().renew(ours));
        assertEquals(RecordStatus.PENDING, record(ours).status());
        assertNull(field("k", "error"));
        assertTrue(ttl("k") <= 60_000, () -> "ttl " + ttl("k"));
        assertEquals(Verdict.IN_PROGRESS, store().check(claim("k")).verdict());
        assertEquals(Update.APPLIED, store().markCompleted(ours, Completion.EMPTY));
        assertEquals(Update.REFUSED, store().renew(ours));
    }

    @Test
    void anotherWorkersCompletionOfARunningRecordOutlivesItsLease() {
        Claim ours = granted("k");
        FiveFieldWorker.markCompleted(server("k"), name("k"), OTHER_HASH);
        assertEquals(Update.APPLIED, store().renew(ours));
        assertEquals(Verdict.DUPLICATE, store().check(claim("k")).verdict());
        assertTrue(ttl("k") > DAY - 60_000, () -> "ttl " + ttl("k"));
        assertEquals(Update.APPLIED, store().markCompleted(ours, Completion.EMPTY));
    }

    /** The worker that knows no leases has loaded our script. */
    private List<?> claimWithoutLease(String key) throws IOException {
        return (List<?>) call(
                key, "EVAL", claimScript(), "2", name(key), NoteNames.of(name(key)), HASH, "86400", tenant, "theirs");
    }

    @Test
    void whoKnowsNoLeasesTakesOverOneThatIsOverAndIsToldWhatIsLeftOfAnother() throws IOException {
        Claim ours = granted("k");
        List<?> running = claimWithoutLease("k");
        assertEquals(List.of("in-progress", HASH, "ours", "in-progress"), running.subList(0, 4));
        assertTrue((Long) running.get(5) > 50_000 && (Long) running.get(5) <= 60_000, running.toString());

        long fence = ClaimField.of(field("k", "claim")).fence();
        ClaimField over = new ClaimField(0, 60_000, fence - 61_000_000, 0, "", ours.owner());
        call("k", "HSET", name("k"), "claim", over.text());
        assertEquals(List.of("new", HASH, "theirs"), claimWithoutLease("k"));
        assertTrue(ttl("k") > DAY - 60_000, () -> "ttl " + ttl("k"));
        assertEquals(Update.REFUSED, store().markCompleted(ours, Completion.EMPTY));
        assertEquals(2, ClaimField.of(field("k", "claim")).attempt());

        List<?> theirs = claimWithoutLease("k");
        assertEquals("in-progress", theirs.get(0));
        assertTrue((Long) theirs.get(5) > DAY - 60_000, "it has no lease, and so lasts as long as its TTL: " + theirs);
        failed("f");
        assertEquals(List.of("new", HASH, "theirs"), claimWithoutLease("f"));
    }

    /** A time of creation is cut to whole seconds: the claim may have been made at the end of its second. */
    @Test
    void anotherLanguagesClaimIsTakenOverWhenItsLeaseIsSurelyOver() {
        for (int seconds : List.of(59, 60, 61, 62)) {
            String key = "k" + seconds;
            FiveFieldWorker.BY_HASH.claim(server(key), name(key), tenant, HASH);
            long created = Long.parseLong(field(key, "created_at")) - seconds;
            call(key, "HSET", name(key), "created_at", Long.toString(created));
            long before = millis(key);
            ClaimResult answer = store().check(claim(key));
            long ends = (created + 1) * 1000 + 60_000;
            if (answer.verdict() == Verdict.NEW) {
                assertTrue(millis(key) >= ends, key + " was taken over before its time");
            } else {
                assertEquals(Verdict.IN_PROGRESS, answer.verdict());
                assertTrue(before < ends, key + " was not taken over in its time");
                assertTrue(answer.leaseRemainingMillis() <= ends - before, key);
                assertTrue(answer.leaseRemainingMillis() >= ends - millis(key), key);
            }
        }
        assertEquals(Verdict.IN_PROGRESS, store().check(claim("k59")).verdict());
        assertNotEquals(-2, ttl("k59"));
    }

    private long millis(String key) {
        List<?> time = (List<?>) call(key, "TIME");
        return Long.parseLong((String) time.get(0)) * 1000 + Long.parseLong((String) time.get(1)) / 1000;
    }

    /** As an agent of a later version would write it. */
    private void plantVersion(String redisKey, String version) {
        redis().primaryOf(redisKey).call("HSET", redisKey, "v", version);
    }

    // [P38]
    @ParameterizedTest
    @ValueSource(strings = {"2", "10", "two"})
    void aNewerVersionsRunningRecordIsInProgressAndLeftAlone(String version) {
        for (String scope : new String[] {null, "scope"}) {
            for (String status : List.of("pending", "failed")) {
                Claim owner = claim(scope, status, HASH, 60_000);
                store().check(owner);
                String name = owner.id().redisKey();
                TestRedis server = redis().primaryOf(name);
                server.call("HSET", name, "status", status);
                server.call("HSET", name, "claim", "  1600000000 0   " + owner.owner());
                plantVersion(name, version);
                Object before = server.call("HGETALL", name);

                ClaimResult answer = store().check(claim(scope, status, HASH, 60_000));
                assertEquals(Verdict.IN_PROGRESS, answer.verdict());
                assertEquals(version, answer.newerVersion());
                assertTrue(answer.leaseRemainingMillis() > 0);
                assertEquals(
                        Verdict.CONFLICT,
                        store().check(claim(scope, status, OTHER_HASH, 60_000)).verdict());
                assertEquals(Verdict.IN_PROGRESS, store().check(owner).verdict());
                assertEquals(Update.REFUSED, store().renew(owner));
                assertEquals(Update.REFUSED, store().markFailed(owner, "boom"));
                assertEquals(Update.REFUSED, store().markCompleted(owner, new Completion("t", "1", HASH)));
                assertFalse(store().giveBack(owner));
                assertEquals(before, server.call("HGETALL", name));
                assertTrue(store().delete(owner.id()), "who deletes it by name means it");
            }
        }
    }

    @Test
    void aNewerVersionsFailedNoteIsInProgressAndLeftAlone() {
        Claim owner = failed("k");
        String note = NoteNames.of(name("k"));
        plantVersion(note, "2");
        ClaimResult answer = store().check(claim("k"));
        assertEquals(Verdict.IN_PROGRESS, answer.verdict());
        assertEquals("2", answer.newerVersion());
        assertEquals(Update.REFUSED, store().markCompleted(owner, Completion.EMPTY));
        assertEquals(Update.REFUSED, store().markFailed(owner, "again"));
        assertEquals("boom", call("k", "HGET", note, "error"));
    }

    @Test
    void aNewerVersionsCompletedRecordIsADuplicateOfTheSamePayloadAlone() {
        for (String scope : new String[] {null, "scope"}) {
            Claim owner = claim(scope, "k", HASH, 60_000);
            store().check(owner);
            store().markCompleted(owner, new Completion("trace", "1", HASH));
            plantVersion(owner.id().redisKey(), "2");
            ClaimResult answer = store().check(claim(scope, "k", HASH, 60_000));
            assertEquals(Verdict.DUPLICATE, answer.verdict());
            assertEquals("trace", answer.traceId());
            assertEquals("1", answer.result());
            assertEquals(
                    Verdict.CONFLICT,
                    store().check(claim(scope, "k", OTHER_HASH, 60_000)).verdict());
            assertEquals(Update.REFUSED, store().markCompleted(owner, new Completion("late", "2", HASH)));
            assertEquals("trace", record(owner).fields().get("trace_id"));
        }
    }

    @Test
    void aVersionThatIsWrittenOutIsTheOneThatIsKnown() {
        Claim owner = granted("k");
        plantVersion(name("k"), "1");
        assertEquals("", store().check(claim("k")).newerVersion());
        assertEquals(Update.APPLIED, store().renew(owner));
        assertEquals(Update.APPLIED, store().markCompleted(owner, Completion.EMPTY));
    }
}
