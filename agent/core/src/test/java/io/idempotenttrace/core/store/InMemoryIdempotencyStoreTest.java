package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InMemoryIdempotencyStoreTest extends StoreContract {

    /** Far from zero and near the overflow, as System.nanoTime() may be. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);

    private final InMemoryIdempotencyStore store = MemoryStore.of(1000, nanos::get);

    @Override
    IdempotencyStore store() {
        return store;
    }

    @Override
    void pass(RecordId id, long millis) {
        pass(millis);
    }

    private void pass(long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static Claim claim(int key) {
        return Claims.of(
                new RecordId("t", null, "key-" + key),
                "a".repeat(64),
                "python",
                "",
                "owner-" + key,
                60_000,
                60_000,
                30_000,
                "");
    }

    @Test
    void theOldestEndedRecordsMakeRoom() {
        InMemoryIdempotencyStore small = MemoryStore.of(10, nanos::get);
        for (int i = 0; i < 1000; i++) {
            assertEquals(Verdict.NEW, small.check(claim(i)).verdict());
            small.markCompleted(claim(i), Completion.EMPTY);
            assertTrue(small.size() <= 10, "holds " + small.size());
        }
        assertTrue(small.status(claim(999).id()).isPresent());
        assertTrue(small.status(claim(0).id()).isEmpty());
    }

    @Test
    void ofAFullStoreAThousandthGoesTogetherTheOldestFirst() {
        InMemoryIdempotencyStore full = MemoryStore.of(4000, nanos::get);
        for (int i = 0; i < 10_000; i++) {
            assertTrue(full.placeFirst(claim(i)));
            full.markCompleted(claim(i), Completion.EMPTY);
            int held = full.size();
            assertTrue(held <= 4000 && held >= Math.min(i + 1, 3997), "holds " + held);
            int oldest = i + 1 - held;
            assertTrue(full.status(claim(oldest).id()).isPresent());
            assertTrue(oldest == 0 || full.status(claim(oldest - 1).id()).isEmpty());
        }
    }

    @Test
    void aRunningCallIsNeverDropped() {
        InMemoryIdempotencyStore small = MemoryStore.of(3, nanos::get);
        for (int i = 0; i < 3; i++) {
            small.check(claim(i));
        }
        IdempotencyStoreException full = assertThrows(IdempotencyStoreException.class, () -> small.check(claim(3)));
        assertTrue(full.getMessage().contains("memory-max-records"), full.getMessage());
        assertEquals(
                Verdict.IN_PROGRESS,
                small.check(Claims.of(claim(0).id(), "a".repeat(64), "python", "", "other", 60_000, 60_000, 30_000, ""))
                        .verdict());
        small.markFailed(claim(1), "boom");
        assertEquals(Verdict.NEW, small.check(claim(3)).verdict());
    }

    @Test
    void aKeyThatFailsAgainAndAgainTakesTheRoomOfOne() {
        for (int i = 0; i < 5000; i++) {
            assertEquals(Verdict.NEW, store.check(claim(7)).verdict());
            store.markFailed(claim(7), "boom");
        }
        assertEquals(1, store.size());
    }

    /** Else the record would expire below a body that runs, and a redelivery would run it again. */
    @Test
    void aRenewedLeaseIsHeldForItsWholeLengthThoughTheTtlIsShorter() {
        RecordId id = new RecordId("t", null, "long body");
        Claim longer = Claims.of(id, "a".repeat(64), "python", "", "owner", 1_000, 1_000, 90_000, "");
        Claim redelivered = Claims.of(id, "a".repeat(64), "python", "", "other", 1_000, 1_000, 90_000, "");
        assertEquals(Verdict.NEW, store.check(longer).verdict());
        for (int i = 0; i < 3; i++) {
            pass(60_000);
            assertEquals(Update.APPLIED, store.renew(longer));
        }
        pass(60_000);
        assertEquals(Verdict.IN_PROGRESS, store.check(redelivered).verdict());
        pass(31_000);
        assertEquals(Verdict.NEW, store.check(redelivered).verdict());
    }

    /** Else each call that gave up would leave something behind, for as long as the owner runs. */
    @Test
    void whoNoLongerWaitsForARecordIsForgotten() {
        store.check(claim(0));
        RecordWatch watch = store.watch(claim(0).id());
        CompletableFuture<Void> first = watch.arm();
        CompletableFuture<Void> second = watch.arm();
        RecordWatch other = store.watch(claim(0).id());
        CompletableFuture<Void> third = other.arm();
        other.close();
        other.close();
        store.markCompleted(claim(0), Completion.EMPTY);
        assertFalse(first.isDone());
        assertTrue(second.isDone());
        assertFalse(third.isDone());
        assertTrue(watch.arm().isDone());
        watch.close();
    }

    @Test
    void expiredRecordsGoWhenOthersCome() {
        for (int i = 0; i < 500; i++) {
            store.check(claim(i));
            store.markCompleted(claim(i), Completion.EMPTY);
        }
        pass(61_000);
        store.check(claim(1000));
        assertEquals(1, store.size());
    }

    @Test
    void expiredRecordsGoWhenAFirstClaimIsPlaced() {
        for (int i = 0; i < 500; i++) {
            assertTrue(store.placeFirst(claim(i)));
            store.markCompleted(claim(i), Completion.EMPTY);
        }
        pass(61_000);
        assertTrue(store.placeFirst(claim(1000)));
        assertEquals(1, store.size());
    }

    /** Of completed and of running ones. */
    @Test
    void anExpiredRecordThatSomebodyAsksForGoesAndTakesNoRoom() {
        store.check(claim(0));
        store.markCompleted(claim(0), Completion.EMPTY);
        store.check(claim(1));
        store.check(claim(2));
        pass(61_000);
        assertEquals(3, store.size());
        assertTrue(store.status(claim(0).id()).isEmpty());
        assertTrue(store.status(claim(1).id()).isEmpty());
        assertNull(store.peek(claim(2).request()));
        assertEquals(0, store.size());
        assertEquals(0, store.recordBytes());
        assertEquals(0, store.droppedRecords(), "none went before its time");
    }

    /** The ring of completed records has room for sixteen of them; the map has the others. */
    @Test
    void expiredRecordsWhoseNamesHaveOneHashGoWhenOthersCome() {
        for (String key : SameHash.texts(64)) {
            Claim claim = Claims.forAMinute(new RecordId("t", "s", key));
            store.check(claim);
            store.markCompleted(claim, Completion.EMPTY);
        }
        assertEquals(64, store.size());
        pass(61_000);
        store.check(claim(0));
        assertEquals(1, store.size());
        assertEquals(RecordBytes.of(claim(0)), store.recordBytes());
        assertEquals(0, store.droppedRecords());
    }

    private ClaimResult peeked(int key, String hash) {
        return store.peek(Claims.request(claim(key).id(), hash));
    }

    /** For a call that the store of another process has granted: what this process knows counts more. */
    @Test
    void aLookGivesTheAnswerOfAClaimAndMakesNone() {
        String hash = claim(0).hash();
        assertNull(peeked(0, hash), "it would be granted");
        assertEquals(0, store.size());
        store.check(claim(0));
        assertEquals(Verdict.IN_PROGRESS, peeked(0, hash).verdict());
        assertEquals(Verdict.CONFLICT, peeked(0, "b".repeat(64)).verdict());
        store.markFailed(claim(0), "boom");
        assertNull(peeked(0, hash));
        assertEquals(Verdict.NEW, store.check(claim(0)).verdict());
        store.markCompleted(claim(0), new Completion("", "7", ""));
        assertEquals("7", peeked(0, hash).result());
        assertEquals(Verdict.CONFLICT, peeked(0, "b".repeat(64)).verdict());
        store.check(claim(1));
        pass(30_000);
        assertNull(peeked(1, hash), "its lease is over");
    }

    @Test
    void onlyItsOwnerGivesAClaimBackAndOnlyWhileItsBodyRuns() {
        Claim other = Claims.of(claim(0).id(), claim(0).hash(), "python", "", "other", 60_000, 60_000, 30_000, "");
        assertFalse(store.giveBack(claim(0)), "there is none");
        store.check(claim(0));
        assertFalse(store.giveBack(other));
        assertEquals(Verdict.IN_PROGRESS, store.check(other).verdict());
        CompletableFuture<Void> change = store.watch(other.id()).arm();
        assertTrue(store.giveBack(claim(0)));
        assertTrue(change.isDone(), "who waits for the key can claim it");
        assertEquals(0, store.size());
        assertEquals(0, store.recordBytes());
        store.check(claim(0));
        store.markFailed(claim(0), "boom");
        assertFalse(store.giveBack(claim(0)));
        store.check(claim(0));
        store.markCompleted(claim(0), Completion.EMPTY);
        assertFalse(store.giveBack(claim(0)));
        assertEquals(Verdict.DUPLICATE, store.check(other).verdict());
    }

    @Test
    void aStoreThatIsClosedHoldsNothing() {
        InMemoryIdempotencyStore closed = MemoryStore.of(1000, nanos::get);
        for (int i = 0; i < 30; i++) {
            closed.check(claim(i));
        }
        for (int i = 0; i < 10; i++) {
            closed.markCompleted(claim(i), Completion.EMPTY);
            closed.markFailed(claim(10 + i), "boom");
        }
        closed.close();
        assertEquals(0, closed.size());
        assertEquals(0, closed.recordBytes());
    }

    @Test
    void theLeastRoomIsThatOfOneRecordAndOneByte() {
        for (int records : new int[] {0, 1}) {
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class,
                    () -> new InMemoryIdempotencyStore(records, 1 - records, 1, warning -> {}, nanos::get));
            assertTrue(refusal.getMessage().contains("allowed is 1 and more of each"), refusal.getMessage());
        }
        assertEquals("memory", new InMemoryIdempotencyStore(1, 1, 1, warning -> {}, nanos::get).name());
    }

    @Test
    void completedRecordsWhoseNamesHaveOneHashAreAllHeld() {
        List<String> keys = SameHash.texts(64);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 64; i++) {
                Claim claim = Claims.of(
                        new RecordId("t", null, keys.get(i)),
                        "a".repeat(64),
                        "python",
                        "",
                        "owner-" + i,
                        60_000,
                        60_000,
                        30_000,
                        "");
                Claim again = Claims.of(claim.id(), claim.hash(), "python", "", "again", 60_000, 60_000, 30_000, "");
                assertEquals(
                        round == 0 ? Verdict.NEW : Verdict.DUPLICATE,
                        store.check(round == 0 ? claim : again).verdict());
                if (round == 0) {
                    assertEquals(Update.APPLIED, store.markCompleted(claim, Completion.EMPTY));
                }
                assertEquals(Update.APPLIED, store.markCompleted(claim, Completion.EMPTY));
                assertEquals(Update.REFUSED, store.markCompleted(again, Completion.EMPTY));
                assertEquals(Update.REFUSED, store.markFailed(claim, "late"));
                assertEquals(Verdict.DUPLICATE, store.known(claim.request()).verdict());
            }
            assertEquals(64, store.size());
        }
        for (int i = 0; i < 1000; i++) {
            store.check(claim(i));
            store.markCompleted(claim(i), Completion.EMPTY);
            assertTrue(store.size() <= 1000, "holds " + store.size());
        }
    }

    /** As a call does: no change may be missed that comes after a watch is armed. */
    private static Verdict waitUntilEnded(InMemoryIdempotencyStore racing, Claim claim) {
        Verdict verdict = racing.check(claim).verdict();
        while (verdict == Verdict.IN_PROGRESS) {
            CompletableFuture<Void> change = racing.watch(claim.id()).arm();
            verdict = racing.check(claim).verdict();
            if (verdict == Verdict.IN_PROGRESS) {
                change.orTimeout(60, TimeUnit.SECONDS).join();
                verdict = racing.check(claim).verdict();
            }
        }
        return verdict;
    }

    @Test
    void racingThreadsRunEachKeyOnce() throws InterruptedException {
        InMemoryIdempotencyStore racing = MemoryStore.of(100_000, nanos::get);
        AtomicIntegerArray runs = new AtomicIntegerArray(20_000);
        List<Thread> threads = new ArrayList<>();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        for (int t = 0; t < 4; t++) {
            int number = t;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    Claim mine = Claims.of(
                            claim(i).id(), "a".repeat(64), "python", "", "owner-" + number, 60_000, 60_000, 30_000, "");
                    // Half of them take the short way first.
                    if (number % 2 == 0 && racing.placeFirst(mine) || waitUntilEnded(racing, mine) == Verdict.NEW) {
                        runs.incrementAndGet(i);
                        racing.markCompleted(mine, Completion.EMPTY);
                    }
                }
            });
            threads.add(thread);
            thread.setUncaughtExceptionHandler((ignored, failure) -> failures.add(failure));
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
        for (int i = 0; i < 20_000; i++) {
            assertEquals(1, runs.get(i), "key " + i);
        }
        assertEquals(20_000, racing.size());
    }

    @Test
    void aRecordTellsWhenItWasMadeAndWhenItsLeaseEnds() {
        long before = System.currentTimeMillis();
        Claim claim = claim(1);
        assertEquals("", store.check(claim).holder());
        Map<String, String> fields = store.status(claim.id()).orElseThrow().fields();
        long leaseEnd = ClaimField.of(fields.get(ClaimField.NAME)).deadlineMillis();
        long after = System.currentTimeMillis();
        long createdAt = Long.parseLong(fields.get("created_at"));
        assertTrue(createdAt >= before / 1000 && createdAt <= after / 1000, "made at " + createdAt);
        assertTrue(leaseEnd >= before + 30_000 && leaseEnd <= after + 30_000, "held until " + leaseEnd);
        ClaimResult waits = store.check(Claims.forAMinute(claim.id()));
        assertEquals(Verdict.IN_PROGRESS, waits.verdict());
        assertEquals(ClaimResult.OWN_PROCESS, waits.holder());
        assertEquals(createdAt, waits.createdAtSeconds());
    }

    /** Without a secret they would tell what the payload has. */
    @Test
    void aRecordShowsTheDigestsOfMembersWhereASecretKeysThemAlone() {
        for (String form : List.of("python", "python+hmac:k1")) {
            RecordId id = new RecordId("t", null, form);
            store.check(Claims.of(id, "a".repeat(64), form, "", "owner", 60_000, 60_000, 30_000, "digests"));
            assertEquals(
                    form.equals("python") ? null : "digests",
                    store.status(id).orElseThrow().fields().get("members"));
        }
    }

    @Test
    void theClaimsWhoseOwnersRunAreTold() {
        Claim runs = claim(1);
        runs.granted(true);
        store.check(runs);
        store.check(claim(2));
        Claim completed = claim(3);
        store.check(completed);
        completed.granted(true);
        store.markCompleted(completed, Completion.EMPTY);
        assertEquals(List.of(runs), store.running());
        pass(59_000);
        ClaimResult waits = store.check(Claims.forAMinute(runs.id()));
        assertEquals(Verdict.IN_PROGRESS, waits.verdict(), "whose owner runs needs no lease");
        assertEquals(30_000, waits.leaseRemainingMillis());
    }

    @Test
    void aCompletedRecordLivesItsTimeFromItsCompletionOn() {
        Claim claim = claim(1);
        store.check(claim);
        pass(25_000);
        assertEquals(Update.APPLIED, store.markCompleted(claim, Completion.EMPTY));
        pass(58_000);
        assertEquals(Verdict.DUPLICATE, store.check(claim(1)).verdict());
        pass(3_000);
        assertEquals(Verdict.NEW, store.check(claim(1)).verdict());
    }

    @Test
    void aClosedStoreHoldsNothing() {
        store.check(claim(1));
        store.check(claim(2));
        store.markFailed(claim(2), "x");
        store.check(claim(3));
        store.markCompleted(claim(3), Completion.EMPTY);
        assertTrue(store.recordBytes() > 0);
        store.close();
        assertEquals(0, store.recordBytes());
        assertEquals(0, store.droppedRecords(), "none went for lack of room");
    }

    /** One that is first by its own look while the owner completes is taken back: nobody is judged by its payload meanwhile. */
    @Test
    void aClaimThatIsTakenBackIsSeenByNobody() throws InterruptedException {
        int keys = 10_000;
        InMemoryIdempotencyStore racing = MemoryStore.of(2 * keys, nanos::get);
        AtomicReference<Claim> raced = new AtomicReference<>(claim(0));
        AtomicBoolean wasTried = new AtomicBoolean();
        AtomicBoolean over = new AtomicBoolean();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        Thread placing = new Thread(() -> {
            while (!over.get()) {
                RecordId id = raced.get().id();
                Claim other = Claims.of(id, "b".repeat(64), "python", "", "other", 60_000, 60_000, 30_000, "");
                if (racing.placeFirst(other)) {
                    wrong.add("placed beside its owner: " + id);
                }
                wasTried.set(true);
            }
        });
        racing.check(raced.get());
        placing.start();
        for (int i = 1; i < keys; i++) {
            Claim owner = raced.get();
            wasTried.set(false);
            while (!wasTried.get()) {
                Thread.onSpinWait();
            }
            racing.markCompleted(owner, Completion.EMPTY);
            Claim same =
                    Claims.of(owner.id(), owner.hash(), owner.form().text(), "", "same", 60_000, 60_000, 30_000, "");
            Verdict verdict = racing.check(same).verdict();
            if (verdict != Verdict.DUPLICATE
                    || racing.status(owner.id()).orElseThrow().status() != RecordStatus.COMPLETED) {
                wrong.add(verdict + " of what is completed: " + owner.id());
            }
            racing.check(claim(i));
            raced.set(claim(i));
        }
        over.set(true);
        placing.join();
        assertEquals(List.of(), List.copyOf(wrong));
        assertEquals(keys, racing.size());
    }
}
