package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.canonical.PayloadDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store does, whatever it is made of. Each test has a tenant of its own: the server may be somebody's. */
abstract class StoreContract {

    private static final String HASH = "a".repeat(64);
    private static final String OTHER_HASH = "b".repeat(64);

    /** Long enough never to end in a test. */
    private static final long LONG_LEASE = 600_000;

    private static final long DAY = 86_400_000;

    final String tenant = "test-" + UUID.randomUUID();

    abstract IdempotencyStore store();

    /** Lets that much of the store's time pass for the record: the memory store's clock is set forward, in Redis the record's times back. */
    abstract void pass(RecordId id, long millis);

    private Claim claim(String key, String hash, long leaseMillis) {
        return Claims.of(
                new RecordId(tenant, "scope", key),
                hash,
                "python",
                "",
                UUID.randomUUID().toString().replace("-", ""),
                DAY,
                300_000,
                leaseMillis,
                "");
    }

    private Claim claim(String key) {
        return claim(key, HASH, LONG_LEASE);
    }

    private ClaimField claimField(Claim claim) {
        return ClaimField.of(record(claim).fields().get(ClaimField.NAME));
    }

    private StoredRecord record(Claim claim) {
        return store().status(claim.id()).orElseThrow();
    }

    @Test
    void anAbsentRecordIsNewAndPending() {
        Claim claim = claim("k");
        ClaimResult answer = store().check(claim);
        assertEquals(Verdict.NEW, answer.verdict());
        assertEquals(1, answer.attempt());
        assertTrue(answer.fence() > 0);
        StoredRecord record = record(claim);
        assertEquals(RecordStatus.PENDING, record.status());
        assertEquals(HASH, record.fields().get("hash"));
        assertEquals(tenant, record.fields().get("tenant_id"));
        assertEquals("", record.fields().get("trace_id"));
        assertTrue(Long.parseLong(record.fields().get("created_at")) > 1_600_000_000L);
        assertTrue(record.ttlMillis() > DAY - 60_000 && record.ttlMillis() <= DAY, "ttl " + record.ttlMillis());
    }

    // [P1, P11, P20]
    @Test
    void aCompletedRecordIsADuplicateWithWhatIsStored() {
        Claim owner = claim("k");
        store().check(owner);
        assertEquals(Update.APPLIED, store().markCompleted(owner, new Completion("trace-1", "{\"a\":1}", HASH)));
        ClaimResult answer = store().check(claim("k"));
        assertEquals(Verdict.DUPLICATE, answer.verdict());
        assertEquals("trace-1", answer.traceId());
        assertEquals("{\"a\":1}", answer.result());
        assertEquals(HASH, answer.hash());
        StoredRecord record = record(owner);
        assertEquals(RecordStatus.COMPLETED, record.status());
        assertEquals(HASH, record.fields().get("response_hash"));
        assertEquals(0, claimField(owner).leaseMillis());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 127, 128, 129, 1000, 2047, 2048, 2049, 10_000})
    void aResultComesBackWholeWhateverItsLength(int length) {
        // Characters of one to four bytes, so that any cut by bytes falls into some of them.
        for (String result : List.of(
                "7".repeat(length),
                "a\u00e9\u20ac\ud83d\ude02".repeat(Math.max(1, length / 10)),
                "\ud800x".repeat(Math.max(1, length / 4)))) {
            Claim owner = claim("k" + length + result.hashCode());
            store().check(owner);
            Completion completion = new Completion("trace-1", result, HASH);
            assertEquals(Update.APPLIED, store().markCompleted(owner, completion));
            // As after a lost reply.
            assertEquals(Update.APPLIED, store().markCompleted(owner, completion));
            assertEquals(result, store().check(claim(owner.id().key())).result());
            assertEquals(result, record(owner).fields().get("result"));
            assertEquals(HASH, record(owner).fields().get("response_hash"));
        }
    }

    @Test
    void aVanishedRecordIsWrittenWithAResultOfAnyLength() {
        for (int length : new int[] {64, 65, 2048, 2049}) {
            Claim owner = claim("k" + length);
            String result = "9".repeat(length);
            store().check(owner);
            store().delete(owner.id());
            assertEquals(Update.GONE, store().markCompleted(owner, new Completion("t", result, HASH)));
            assertEquals(result, store().check(claim("k" + length)).result());
        }
    }

    // [P12, P14]
    @Test
    void aCompletedRecordKeepsItsFenceWhereAFormerOwnerMayStillWrite() {
        Claim once = claim("once");
        store().check(once);
        assertTrue(claimField(once).fence() > 0);
        store().markCompleted(once, Completion.EMPTY);
        assertEquals(new ClaimField(0, 0, 0, 0, "", once.owner()), claimField(once));

        Claim first = claim("twice");
        store().check(first);
        store().markFailed(first, "boom");
        Claim second = claim("twice");
        long fence = store().check(second).fence();
        store().markCompleted(second, Completion.EMPTY);
        assertEquals(new ClaimField(2, 0, fence, 0, "", second.owner()), claimField(second));
    }

    @Test
    void aCompletionWithoutTraceIdKeepsTheClaims() {
        Claim owner = Claims.of(
                new RecordId(tenant, null, "k"),
                HASH,
                "python+hmac:k1",
                "claimed",
                "0".repeat(32),
                DAY,
                300_000,
                LONG_LEASE,
                "");
        store().check(owner);
        store().markCompleted(owner, Completion.EMPTY);
        ClaimResult answer = store().check(
                        Claims.of(owner.id(), HASH, "python", "other", "1".repeat(32), DAY, 300_000, LONG_LEASE, ""));
        assertEquals("claimed", answer.traceId());
        assertNull(answer.result());
    }

    // [P8, P10]
    @Test
    void anotherPayloadIsAConflictWhateverTheStatus() {
        Claim owner = claim("k");
        store().check(owner);
        assertEquals(
                Verdict.CONFLICT,
                store().check(claim("k", OTHER_HASH, LONG_LEASE)).verdict());
        store().markCompleted(owner, Completion.EMPTY);
        ClaimResult conflict = store().check(claim("k", OTHER_HASH, LONG_LEASE));
        assertEquals(Verdict.CONFLICT, conflict.verdict());
        assertEquals(HASH, conflict.hash());
        Claim failing = claim("f");
        store().check(failing);
        store().markFailed(failing, "boom");
        assertEquals(
                Verdict.CONFLICT,
                store().check(claim("f", OTHER_HASH, LONG_LEASE)).verdict());
    }

    @Test
    void aHashOfAnotherFormIsNeverAMatch() {
        for (String hash : List.of(HASH, OTHER_HASH)) {
            for (boolean completed : new boolean[] {false, true}) {
                Claim owner = claim(hash + completed);
                store().check(owner);
                if (completed) {
                    store().markCompleted(owner, Completion.EMPTY);
                }
                Claim jcs = Claims.of(owner.id(), hash, "jcs", "", "2".repeat(32), DAY, 300_000, LONG_LEASE, "");
                ClaimResult answer = store().check(jcs);
                assertEquals(Verdict.CONFLICT, answer.verdict());
                assertEquals("python", answer.form());
                for (String keyed : List.of("python+hmac:k1", "jcs+hmac:k1")) {
                    Claim other = Claims.of(owner.id(), hash, keyed, "", "3".repeat(32), DAY, 300_000, LONG_LEASE, "");
                    assertEquals(Verdict.CONFLICT, store().check(other).verdict());
                }
                // Who knows the record's form asks in that one.
                assertEquals(
                        completed ? Verdict.DUPLICATE : Verdict.IN_PROGRESS,
                        store().check(claim(hash + completed)).verdict());
            }
        }
    }

    @Test
    void aRunningOwnersKeyIsInProgressWithWhatIsLeftOfItsLease() {
        store().check(claim("k"));
        ClaimResult answer = store().check(claim("k"));
        assertEquals(Verdict.IN_PROGRESS, answer.verdict());
        assertTrue(
                answer.leaseRemainingMillis() > LONG_LEASE - 60_000 && answer.leaseRemainingMillis() <= LONG_LEASE,
                "left " + answer.leaseRemainingMillis());
    }

    // [P4, P13]
    @Test
    void aFailedRecordIsClaimableAtOnceAndCountsItsAttempts() {
        Claim first = claim("k");
        long firstFence = store().check(first).fence();
        assertEquals(Update.APPLIED, store().markFailed(first, "boom"));
        StoredRecord failed = record(first);
        assertEquals(RecordStatus.FAILED, failed.status());
        assertEquals("boom", failed.fields().get("error"));
        assertTrue(failed.ttlMillis() <= 300_000, "ttl " + failed.ttlMillis());
        Claim second = claim("k");
        ClaimResult answer = store().check(second);
        assertEquals(Verdict.NEW, answer.verdict());
        assertEquals(2, answer.attempt());
        assertTrue(answer.fence() > firstFence);
        assertTrue(record(second).ttlMillis() > 300_000);
        assertNull(record(second).fields().get("error"));
    }

    // [P5, P6, P12, P13, P14, P15, P16]
    @Test
    void aClaimIsTakenOverWhenItsLeaseIsOverAndNotBefore() {
        Claim paused = claim("k", HASH, 60_000);
        long firstFence = store().check(paused).fence();
        assertEquals(Verdict.IN_PROGRESS, store().check(claim("k")).verdict());
        pass(paused.id(), 60_001);
        Claim successor = claim("k");
        ClaimResult answer = store().check(successor);
        assertEquals(Verdict.NEW, answer.verdict());
        assertEquals(2, answer.attempt());
        assertTrue(answer.fence() > firstFence);
        assertEquals(Update.REFUSED, store().markCompleted(paused, new Completion("late", null, "")));
        assertEquals(Update.REFUSED, store().markFailed(paused, "late"));
        assertEquals(Update.REFUSED, store().renew(paused));
        assertEquals(RecordStatus.PENDING, record(successor).status());
        assertEquals(Update.APPLIED, store().markCompleted(successor, new Completion("right", null, "")));
        assertEquals(Update.REFUSED, store().markCompleted(paused, new Completion("late", null, "")));
        assertEquals("right", record(successor).fields().get("trace_id"));
    }

    @Test
    void aRenewedLeaseIsHeldForItsWholeLengthFromThenOn() {
        Claim owner = claim("k", HASH, 60_000);
        store().check(owner);
        pass(owner.id(), 40_000);
        assertTrue(store().check(claim("k")).leaseRemainingMillis() <= 20_000);
        assertEquals(Update.APPLIED, store().renew(owner));
        assertTrue(store().check(claim("k")).leaseRemainingMillis() > 20_000);
    }

    @Test
    void theRecordLivesAtLeastAsLongAsTheLease() {
        Claim owner = Claims.of(
                new RecordId(tenant, null, "k"), HASH, "python", "", "0".repeat(32), 1_000, 1_000, 90_000, "");
        store().check(owner);
        assertTrue(record(owner).ttlMillis() > 80_000, "ttl " + record(owner).ttlMillis());
        store().renew(owner);
        assertTrue(record(owner).ttlMillis() > 80_000, "ttl " + record(owner).ttlMillis());
    }

    // [P18, P19]
    @Test
    void everyStepThatIsSentTwiceIsAnsweredAsTheFirstTime() {
        Claim owner = claim("k");
        ClaimResult first = store().check(owner);
        ClaimResult again = store().check(owner);
        assertEquals(Verdict.NEW, again.verdict());
        assertEquals(first.fence(), again.fence());
        assertEquals(first.attempt(), again.attempt());
        assertEquals(Update.APPLIED, store().markCompleted(owner, new Completion("t", "1", HASH)));
        assertEquals(Update.APPLIED, store().markCompleted(owner, new Completion("t", "1", HASH)));
        Claim failing = claim("f");
        store().check(failing);
        assertEquals(Update.APPLIED, store().markFailed(failing, "boom"));
        assertEquals(Update.APPLIED, store().markFailed(failing, "boom"));
    }

    // [P21]
    @Test
    void aLateFailureDoesNotTouchACompletedRecord() {
        Claim owner = claim("k");
        store().check(owner);
        store().markCompleted(owner, Completion.EMPTY);
        assertEquals(Update.REFUSED, store().markFailed(owner, "late"));
        assertEquals(RecordStatus.COMPLETED, record(owner).status());
        assertTrue(record(owner).ttlMillis() > DAY - 60_000);
    }

    // [P22]
    @Test
    void aVanishedRecordIsWrittenWholeAtCompletionWithItsTtl() {
        Claim owner = claim("k");
        store().check(owner);
        assertTrue(store().delete(owner.id()));
        assertEquals(Update.GONE, store().markCompleted(owner, new Completion("t", "[1]", HASH)));
        StoredRecord record = record(owner);
        assertEquals(HASH, record.fields().get("hash"));
        assertEquals(tenant, record.fields().get("tenant_id"));
        assertTrue(record.ttlMillis() > DAY - 60_000 && record.ttlMillis() <= DAY);
        ClaimResult answer = store().check(claim("k"));
        assertEquals(Verdict.DUPLICATE, answer.verdict());
        assertEquals("[1]", answer.result());
    }

    @Test
    void aRecordThatIsWrittenWholeTellsConflictsInWhichMembersTheyDiffer() {
        Claim owner = Claims.of(
                new RecordId(tenant, null, "k"),
                HASH,
                "python+hmac:k1",
                "claimed",
                "0".repeat(32),
                DAY,
                300_000,
                LONG_LEASE,
                "digests of a test");
        store().check(owner);
        store().delete(owner.id());
        assertEquals(Update.GONE, store().markCompleted(owner, Completion.EMPTY));
        ClaimResult conflict = store().check(Claims.of(
                owner.id(), OTHER_HASH, "python+hmac:k1", "", "1".repeat(32), DAY, DAY, LONG_LEASE, ""));
        assertEquals(Verdict.CONFLICT, conflict.verdict());
        assertEquals("python+hmac:k1", conflict.form());
        assertEquals("digests of a test", conflict.digests());
        assertEquals("claimed", conflict.traceId());
    }

    @Test
    void aConflictTellsTheDigestsOfAClaimThatRuns() {
        Claim owner = Claims.of(
                new RecordId(tenant, null, "k"),
                HASH,
                "python+hmac:k1",
                "",
                "0".repeat(32),
                DAY,
                300_000,
                LONG_LEASE,
                "digests of a test");
        store().check(owner);
        assertEquals(
                "digests of a test",
                store().check(Claims.of(
                                owner.id(), OTHER_HASH, "python+hmac:k1", "", "1".repeat(32), DAY, DAY, LONG_LEASE, ""))
                        .digests());
    }

    @Test
    void aRecordWhoseTtlIsShorterThanItsLeaseLivesOnWhenItIsRenewed() {
        Claim owner = Claims.of(
                new RecordId(tenant, null, "k"), HASH, "python", "", "0".repeat(32), 1_000, 1_000, 90_000, "");
        store().check(owner);
        pass(owner.id(), 40_000);
        long before = record(owner).ttlMillis();
        assertEquals(Update.APPLIED, store().renew(owner));
        long after = record(owner).ttlMillis();
        assertTrue(after > before && after <= 90_000, before + " ms before the renewal, " + after + " ms after it");
    }

    @Test
    void badArgumentsAreRefusedBeforeTheStoreIsAsked() {
        RecordId id = new RecordId(tenant, null, "k");
        assertThrows(NullPointerException.class, () -> new RecordId(null, null, "k"));
        assertThrows(NullPointerException.class, () -> new RecordId(tenant, null, null));
        assertThrows(IllegalArgumentException.class, () -> new RecordId("", null, "k"));
        assertThrows(IllegalArgumentException.class, () -> new RecordId(tenant, null, ""));
        assertThrows(NullPointerException.class, () -> Claims.request(null, HASH));
        assertThrows(NullPointerException.class, () -> Claims.request(id, null));
        assertThrows(IllegalArgumentException.class, () -> Claims.request(id, ""));
        assertThrows(NullPointerException.class, () -> new PayloadDigest(null, HASH, ""));
        assertThrows(NullPointerException.class, () -> Claims.request(id, HASH, "python", null, ""));
        assertThrows(NullPointerException.class, () -> Claims.request(id, HASH, "python", "", null));
        assertThrows(NullPointerException.class, () -> new Completion(null, null, ""));
        assertThrows(NullPointerException.class, () -> new Completion("", null, null));
        for (long bad : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1_000_000_000_000_000L}) {
            assertThrows(IllegalArgumentException.class, () -> new RecordTimes(bad, DAY, DAY), "ttl " + bad);
            assertThrows(IllegalArgumentException.class, () -> new RecordTimes(DAY, bad, DAY), "failed ttl " + bad);
            assertThrows(IllegalArgumentException.class, () -> new RecordTimes(DAY, DAY, bad), "lease " + bad);
        }
        RecordTimes times = new RecordTimes(DAY, DAY, LONG_LEASE);
        assertThrows(NullPointerException.class, () -> new Claim(Claims.request(id, HASH), null, "owner"));
        for (String bad : new String[] {"", " ", "an owner", "owner "}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Claim(Claims.request(id, HASH), times, bad),
                    "owner '" + bad + "'");
        }
        Claim claim = claim("k");
        assertThrows(NullPointerException.class, () -> store().check(null));
        assertThrows(NullPointerException.class, () -> store().checkAsync(null));
        assertThrows(NullPointerException.class, () -> store().known(null));
        assertThrows(NullPointerException.class, () -> store().markCompleted(null, Completion.EMPTY));
        assertThrows(NullPointerException.class, () -> store().markCompleted(claim, null));
        assertThrows(NullPointerException.class, () -> store().markFailed(null, "boom"));
        assertThrows(NullPointerException.class, () -> store().markFailed(claim, null));
        assertThrows(NullPointerException.class, () -> store().renew(null));
        assertThrows(NullPointerException.class, () -> store().delete(null));
        assertThrows(NullPointerException.class, () -> store().status(null));
        assertThrows(NullPointerException.class, () -> store().watch(null));
    }

    /** The longest times are as good as any: no sum of them overflows. */
    @Test
    void theLongestTimesAreKept() {
        long longest = 999_999_999_999_999L;
        Claim owner = Claims.of(
                new RecordId(tenant, null, "k"), HASH, "python", "", "0".repeat(32), longest, longest, longest, "");
        assertEquals(Verdict.NEW, store().check(owner).verdict());
        Claim other = Claims.of(owner.id(), HASH, "python", "", "1".repeat(32), DAY, DAY, LONG_LEASE, "");
        assertEquals(Verdict.IN_PROGRESS, store().check(other).verdict());
        assertEquals(Update.APPLIED, store().renew(owner));
        assertEquals(Update.APPLIED, store().markCompleted(owner, Completion.EMPTY));
        assertTrue(record(owner).ttlMillis() > 365 * DAY, "ttl " + record(owner).ttlMillis());
    }

    @Test
    void aClosedStoreSaysSoAtOnce() {
        Claim claim = claim("k");
        store().check(claim);
        IdempotencyStore closed = store();
        closed.close();
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.check(claim));
        assertThrows(IllegalStateException.class, () -> closed.checkAsync(claim));
        assertThrows(IllegalStateException.class, () -> closed.known(claim.request()));
        assertThrows(IllegalStateException.class, () -> closed.markCompleted(claim, Completion.EMPTY));
        assertThrows(IllegalStateException.class, () -> closed.markCompletedAsync(claim, Completion.EMPTY));
        assertThrows(IllegalStateException.class, () -> closed.markFailed(claim, "boom"));
        assertThrows(IllegalStateException.class, () -> closed.renew(claim));
        assertThrows(IllegalStateException.class, () -> closed.delete(claim.id()));
        assertThrows(IllegalStateException.class, () -> closed.status(claim.id()));
        assertThrows(IllegalStateException.class, () -> closed.watch(claim.id()));
    }

    // [P40]
    @Test
    void ofSeveralCompletionsEachHearsItsOwnEnd() throws Exception {
        List<HeardCompletion> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Claim owner = Claims.of(
                    new RecordId(tenant, null, "k" + i),
                    HASH,
                    "python",
                    "claimed",
                    "owner-" + i,
                    DAY,
                    300_000,
                    LONG_LEASE,
                    "");
            assertEquals(Verdict.NEW, store().check(owner).verdict());
            Completion completion = switch (i % 3) {
                case 0 -> new Completion("trace-" + i, "\"result-" + i + '"', HASH);
                case 1 -> new Completion("trace-" + i, null, "");
                default -> Completion.EMPTY;
            };
            all.add(new HeardCompletion(owner, completion));
        }
        Claim gone = all.get(5).claim();
        store().delete(gone.id());
        Claim others = Claims.of(all.get(9).claim().id(), HASH, "python", "", "nobody", DAY, 300_000, LONG_LEASE, "");
        all.set(9, new HeardCompletion(others, all.get(9).completion()));
        store().markCompletedTogether(all);
        for (HeardCompletion each : all) {
            Update expected =
                    each.claim() == gone ? Update.GONE : each.claim() == others ? Update.REFUSED : Update.APPLIED;
            assertEquals(
                    expected,
                    each.end().get(30, TimeUnit.SECONDS),
                    each.claim().id().key());
            StoredRecord record = record(each.claim());
            if (each.claim() == others) {
                assertEquals(RecordStatus.PENDING, record.status());
                continue;
            }
            assertEquals(RecordStatus.COMPLETED, record.status());
            assertEquals(
                    each.completion().traceId().isEmpty()
                            ? "claimed"
                            : each.completion().traceId(),
                    record.fields().get("trace_id"));
            assertEquals(each.completion().result(), record.fields().get("result"));
            assertEquals(each.claim().owner(), claimField(each.claim()).owner());
            assertTrue(record.ttlMillis() > DAY - 60_000 && record.ttlMillis() <= DAY, "ttl " + record.ttlMillis());
        }
    }

    @Test
    void aVanishedRecordStaysAwayAtFailureAndRenewal() {
        Claim owner = claim("k");
        store().check(owner);
        store().delete(owner.id());
        assertEquals(Update.GONE, store().markFailed(owner, "boom"));
        assertEquals(Update.GONE, store().renew(owner));
        assertTrue(store().status(owner.id()).isEmpty());
        assertFalse(store().delete(owner.id()));
    }

    @Test
    void anExpiredRecordIsForgotten() {
        Claim owner =
                Claims.of(new RecordId(tenant, null, "k"), HASH, "python", "", "0".repeat(32), 60_000, 60_000, 500, "");
        store().check(owner);
        store().markCompleted(owner, Completion.EMPTY);
        assertTrue(record(owner).ttlMillis() <= 60_000);
        pass(owner.id(), 60_001);
        assertTrue(store().status(owner.id()).isEmpty());
        assertEquals(
                Verdict.NEW,
                store().check(Claims.of(owner.id(), OTHER_HASH, "python", "", "1".repeat(32), DAY, DAY, 500, ""))
                        .verdict());
    }

    @Test
    void onlyTheFirst500CharactersOfAnErrorAreKept() {
        Claim owner = claim("k");
        store().check(owner);
        store().markFailed(owner, "x".repeat(10_000));
        assertEquals("x".repeat(500), record(owner).fields().get("error"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":",
                "%",
                "a:b",
                "%3A",
                "\u0000",
                "\n",
                "{x}",
                "é€",
                "\uD83D\uDE02",
                "\uD800",
                "\uDC00x",
                "*",
                "\"",
                "'"
            })
    void oddCharactersNameARecordOfTheirOwn(String odd) {
        Claim owner = claim(odd);
        store().check(owner);
        store().markCompleted(owner, new Completion(odd, null, ""));
        assertEquals(Verdict.NEW, store().check(claim(odd + "?")).verdict());
        assertEquals(Verdict.NEW, store().check(claim("?" + odd)).verdict());
        assertEquals(odd, store().check(claim(odd)).traceId());
    }

    // [P44]
    @Test
    void tenantsAndScopesDoNotShareARecord() {
        List<RecordId> ids = List.of(
                new RecordId(tenant, null, "b:c"),
                new RecordId(tenant + ":b", null, "c"),
                new RecordId(tenant, "b", "c"),
                new RecordId(tenant + "%", null, "b:c"),
                new RecordId(tenant, "b:c", "x"),
                new RecordId(tenant, "b", "c:x"),
                new RecordId(tenant, "", "b:c"),
                new RecordId(tenant, "?", "\uD800"),
                new RecordId(tenant, "?", "?"));
        for (RecordId id : ids) {
            Claim claim = Claims.of(id, HASH, "python", "", UUID.randomUUID().toString(), DAY, DAY, LONG_LEASE, "");
            assertEquals(Verdict.NEW, store().check(claim).verdict(), id.toString());
        }
    }

    // [P2, P9]
    @Test
    void of64RacersOneIsNew() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(64);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Verdict>> verdicts = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                verdicts.add(pool.submit(() -> {
                    start.await();
                    return store().check(claim("race")).verdict();
                }));
            }
            start.countDown();
            int owners = 0;
            for (Future<Verdict> verdict : verdicts) {
                Verdict answer = verdict.get(60, TimeUnit.SECONDS);
                owners += answer == Verdict.NEW ? 1 : 0;
                assertNotEquals(Verdict.CONFLICT, answer);
            }
            assertEquals(1, owners);
        } finally {
            pool.shutdownNow();
        }
    }

    /** As the guard waits: a watch that is ready, armed before each claim. */
    private Verdict waitFor(RecordId id, int[] claims) throws Exception {
        try (RecordWatch watch = store().watch(id)) {
            watch.ready().get(60, TimeUnit.SECONDS);
            while (true) {
                CompletableFuture<Void> change = watch.arm();
                claims[0]++;
                Verdict verdict = store().check(claim("k")).verdict();
                if (verdict != Verdict.IN_PROGRESS) {
                    return verdict;
                }
                waiting.countDown();
                try {
                    change.get(tellsOfChanges() ? 60_000 : watch.pollMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    assertFalse(tellsOfChanges(), "nobody told of the change");
                }
            }
        }
    }

    /** Whether a waiter is told; one that is not may ask as often as it must. */
    boolean tellsOfChanges() {
        return true;
    }

    private final CountDownLatch waiting = new CountDownLatch(1);

    // [P30]
    @Test
    void aWaiterIsWokenWhenTheOwnerEndsAndAsksNoMoreThanItMust() throws Exception {
        Claim owner = claim("k");
        store().check(owner);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            int[] claims = new int[1];
            Future<Verdict> waiter = pool.submit(() -> waitFor(owner.id(), claims));
            assertTrue(waiting.await(60, TimeUnit.SECONDS));
            store().markCompleted(owner, Completion.EMPTY);
            assertEquals(Verdict.DUPLICATE, waiter.get(60, TimeUnit.SECONDS));
            assertTrue(claims[0] == 2 || !tellsOfChanges() && claims[0] > 2, "claims " + claims[0]);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aWaiterIsWokenWhenTheOwnerFails() throws Exception {
        Claim owner = claim("k");
        store().check(owner);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<Verdict> waiter = pool.submit(() -> waitFor(owner.id(), new int[1]));
            assertTrue(waiting.await(60, TimeUnit.SECONDS));
            store().markFailed(owner, "boom");
            assertEquals(Verdict.NEW, waiter.get(60, TimeUnit.SECONDS));
        } finally {
            pool.shutdownNow();
        }
    }
}
