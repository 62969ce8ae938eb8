package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import io.idempotenttrace.testkit.Await;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the in-memory store does when its records take too much: it drops what its promise can best do without, and says so. */
@Timeout(120)
class InMemoryRoomTest {

    private static final String HASH = "a".repeat(64);
    private static final long MIB = 1 << 20;
    private static final long PERIOD_MILLIS = 10_000;
    private static final Completion OF_60_KB = new Completion("", '"' + "x".repeat(60_000) + '"', HASH);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
    private final Queue<String> said = new ConcurrentLinkedQueue<>();

    private InMemoryIdempotencyStore store(int maxRecords, long maxBytes) {
        return new InMemoryIdempotencyStore(maxRecords, maxBytes, PERIOD_MILLIS, said::add, nanos::get);
    }

    private static Claim claim(int key, String owner) {
        return Claims.of(
                new RecordId("t", "s", "key-" + key), HASH, "python", "Aabcd", owner, 60_000, 30_000, 30_000, "trace");
    }

    private static Claim claim(int key) {
        return claim(key, "owner");
    }

    @Test
    void resultsStayWithinTheBoundAndTheOldestGo() {
        InMemoryIdempotencyStore store = store(100_000, 4 * MIB);
        for (int i = 0; i < 500; i++) {
            assertTrue(store.placeFirst(claim(i)));
            assertEquals(Update.APPLIED, store.markCompleted(claim(i), OF_60_KB));
            assertTrue(store.recordBytes() <= 4 * MIB, store.recordBytes() + " bytes");
        }
        int held = store.size();
        // A record of 60 KB counts about 120 KB.
        assertTrue(held >= 33 && held <= 34, "holds " + held);
        assertEquals(500 - held, store.droppedRecords());
        assertEquals(OF_60_KB.result(), store.check(claim(499, "other")).result());
        assertEquals(Verdict.DUPLICATE, store.check(claim(500 - held, "other")).verdict());
        assertTrue(store.status(claim(500 - held - 1).id()).isEmpty());
    }

    @Test
    void callsThatCompleteTogetherStayWithinTheBoundThoughNoneBegins() {
        InMemoryIdempotencyStore store = store(100_000, 4 * MIB);
        for (int i = 0; i < 500; i++) {
            store.check(claim(i));
        }
        assertEquals(0, store.droppedRecords());
        for (int i = 0; i < 500; i++) {
            store.markCompleted(claim(i), OF_60_KB);
            assertTrue(store.recordBytes() <= 4 * MIB, store.recordBytes() + " bytes");
        }
        assertTrue(store.droppedRecords() > 460, store.droppedRecords() + " dropped");
    }

    @Test
    void aResultThatWasDroppedIsHeldByNothingAlsoIfItsCallHadFailedBefore() {
        InMemoryIdempotencyStore store = store(100_000, 4 * MIB);
        store.check(claim(0));
        store.markFailed(claim(0), "the first attempt");
        store.check(claim(0, "retry"));
        WeakReference<String> result = completeWithNewResult(store, claim(0, "retry"));
        for (int i = 1; i < 100; i++) {
            store.placeFirst(claim(i));
            store.markCompleted(claim(i), OF_60_KB);
        }
        assertTrue(store.status(claim(0).id()).isEmpty());
        Await.until("the result is collected", () -> {
            System.gc();
            return result.get() == null;
        });
    }

    private static WeakReference<String> completeWithNewResult(InMemoryIdempotencyStore store, Claim claim) {
        String result = new String('"' + "y".repeat(1000) + '"');
        store.markCompleted(claim, new Completion("", result, HASH));
        return new WeakReference<>(result);
    }

    @Test
    void aFailedRecordBehindOneThatWasCompletedMeanwhileGoesWhenItHasExpired() {
        InMemoryIdempotencyStore store = store(100_000, 4 * MIB);
        store.check(claim(0));
        store.markFailed(claim(0), "the first attempt");
        store.check(claim(1));
        store.markFailed(claim(1), "the only attempt");
        store.check(claim(0, "retry"));
        store.markCompleted(claim(0, "retry"), Completion.EMPTY);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(claim(1).failedTtlSeconds()));
        store.check(claim(2));
        assertEquals(2, store.size());
    }

    @Test
    void asManyFailedRecordsGoAsALargeClaimNeeds() {
        Claim large = Claims.of(
                new RecordId("t", "s", "large"), HASH, "python", "", "owner", 60_000, 30_000, 30_000, "d".repeat(200));
        InMemoryIdempotencyStore store = store(100, RecordBytes.of(large) + 100);
        for (int i = 0; i < 2; i++) {
            assertEquals(Verdict.NEW, store.check(claim(i)).verdict());
            assertEquals(Update.APPLIED, store.markFailed(claim(i), ""));
        }
        assertEquals(2, store.size());
        assertEquals(Verdict.NEW, store.check(large).verdict());
        assertEquals(1, store.size());
    }

    @Test
    void aRunningCallIsNeverDropped() {
        InMemoryIdempotencyStore store = store(100_000, MIB);
        int running = 0;
        while (store.recordBytes() < MIB - 2_000) {
            assertTrue(store.placeFirst(claim(running++)));
        }
        IdempotencyStoreException full = null;
        for (int i = 0; i < 1000 && full == null; i++) {
            int key = running + i;
            try {
                store.check(claim(key));
                store.markCompleted(claim(key), OF_60_KB);
            } catch (IdempotencyStoreException e) {
                full = e;
            }
        }
        for (int i = 0; i < running; i++) {
            assertEquals(
                    Verdict.IN_PROGRESS, store.check(claim(i, "other")).verdict(), "of " + running + " running ones");
        }
        while (store.recordBytes() + RecordBytes.of(claim(running)) <= MIB) {
            assertTrue(store.placeFirst(claim(running++)));
        }
        int one = running;
        full = assertThrows(IdempotencyStoreException.class, () -> store.placeFirst(claim(one)));
        assertTrue(full.getMessage().contains("Raise memory-max-bytes"), full.getMessage());
        // A key that is held needs no room, and one that has ended makes some.
        assertEquals(Verdict.NEW, store.check(claim(0)).verdict());
        store.markFailed(claim(0), "boom");
        assertTrue(store.placeFirst(claim(one)));
    }

    @Test
    void whatGoesBeforeItsTimeIsSaidOnceInAPeriodWithItsNumber() {
        InMemoryIdempotencyStore store = store(100_000, 4 * MIB);
        for (int i = 0; i < 100; i++) {
            store.check(claim(i));
            store.markCompleted(claim(i), OF_60_KB);
        }
        assertEquals(1, said.size(), said::toString);
        String first = said.remove();
        assertTrue(first.contains("has dropped 1 completed records before their time"), first);
        assertTrue(first.contains("4194304 bytes (memory-max-bytes)"), first);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS));
        store.check(claim(100));
        store.markCompleted(claim(100), OF_60_KB);
        assertEquals(1, said.size(), said::toString);
        assertTrue(said.remove().contains("has dropped " + store.droppedRecords() + " completed"));
    }

    /** Of names with one hash the ring holds sixteen, and the map the others. */
    @Test
    void whatGoesForLackOfPlacesIsCountedAndSaidToo() {
        InMemoryIdempotencyStore store = store(10, MIB);
        for (String key : SameHash.texts(64)) {
            Claim claim = Claims.forAMinute(new RecordId("t", "s", key));
            store.placeFirst(claim);
            store.markCompleted(claim, Completion.EMPTY);
        }
        assertEquals(54, store.droppedRecords());
        assertTrue(said.remove().contains("at most 10 records (memory-max-records)"));
        store = store(40, MIB);
        for (String key : SameHash.texts(64)) {
            Claim claim = Claims.forAMinute(new RecordId("t", "s", key));
            store.placeFirst(claim);
            store.markCompleted(claim, Completion.EMPTY);
        }
        assertEquals(24, store.droppedRecords());
        assertEquals(40, store.size());
    }

    /** Also of those that the ring had no place for. */
    @Test
    void whatIsCompletedGoesForCallsThatRunUntilNoneIsLeftAndIsCounted() {
        InMemoryIdempotencyStore store = store(64, MIB);
        for (String key : SameHash.texts(64)) {
            Claim claim = Claims.forAMinute(new RecordId("t", "s", key));
            store.check(claim);
            store.markCompleted(claim, Completion.EMPTY);
        }
        assertEquals(0, store.droppedRecords());
        for (int i = 0; i < 64; i++) {
            assertEquals(Verdict.NEW, store.check(claim(i)).verdict());
        }
        assertEquals(64, store.droppedRecords());
        assertEquals(64, store.size());
        assertThrows(IdempotencyStoreException.class, () -> store.check(claim(64)));
    }

    @Test
    void whatHasExpiredOrFailedIsNotCounted() {
        InMemoryIdempotencyStore store = store(100_000, 4 * MIB);
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 20; i++) {
                store.check(claim(round * 20 + i));
                store.markCompleted(claim(round * 20 + i), OF_60_KB);
            }
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(62));
        }
        for (int i = 0; i < 10_000; i++) {
            store.check(claim(1000 + i));
            store.markFailed(claim(1000 + i), "x".repeat(1000));
            assertTrue(store.recordBytes() <= 4 * MIB, store.recordBytes() + " bytes");
        }
        assertEquals(0, store.droppedRecords());
        assertTrue(said.isEmpty(), said::toString);
    }

    @Test
    void ofATooLargeResultTheRecordIsKept() {
        InMemoryIdempotencyStore store = store(100_000, MIB);
        for (int i = 0; i < 3; i++) {
            store.check(claim(i));
            store.markCompleted(claim(i), new Completion("made", "1".repeat(140_000), HASH));
        }
        ClaimResult duplicate = store.check(claim(0, "other"));
        assertEquals(Verdict.DUPLICATE, duplicate.verdict());
        assertNull(duplicate.result());
        assertEquals("made", duplicate.traceId());
        assertEquals(0, store.droppedRecords());
        assertEquals(1, said.size(), said::toString);
        assertTrue(said.remove().contains("'key-0' takes 280000 bytes, more than a quarter of the 1048576"));
    }

    /** Else the store would fill with what is gone, until it refuses each call. */
    @Test
    void whateverHappensToRecordsTheyAreCountedOnce() {
        InMemoryIdempotencyStore store = store(1_000, MIB);
        Random random = new Random(7);
        for (int step = 0; step < 200_000; step++) {
            Claim claim = claim(random.nextInt(600), "owner-" + random.nextInt(2));
            Completion result = new Completion("t", "x".repeat(random.nextInt(3) * 2_000), HASH);
            switch (random.nextInt(9)) {
                case 0 -> store.placeFirst(claim);
                case 1, 2 -> store.check(claim);
                case 3 -> store.markCompleted(claim, result);
                case 4 -> store.markFailed(claim, "x".repeat(random.nextInt(600)));
                case 5 -> store.giveBack(claim);
                case 6 -> store.delete(claim.id());
                case 7 -> store.peek(claim.request());
                default -> nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(random.nextInt(2_000)));
            }
            long each = store.size() == 0 ? 0 : store.recordBytes() / store.size();
            assertTrue(each >= 0 && each < 8_000, each + " bytes each of " + store.size());
        }
        for (int i = 0; i < 600; i++) {
            store.delete(claim(i).id());
        }
        assertEquals(0, store.recordBytes());
    }

    @Test
    void threadsThatDropEachOthersRecordsCountThemOnce() throws InterruptedException {
        // A dozen results, so that a record may go before its thread has put it into its place.
        InMemoryIdempotencyStore store = store(100_000, MIB);
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int first = t * 5_000;
            Thread thread = new Thread(() -> {
                Completion large = new Completion("", "x".repeat(40_000), "");
                for (int i = first; i < first + 5_000; i++) {
                    store.placeFirst(claim(i));
                    store.markCompleted(claim(i), i % 3 == 0 ? large : Completion.EMPTY);
                    if (i % 5 == 0) {
                        store.delete(claim(i - 2).id());
                    }
                }
            });
            thread.setUncaughtExceptionHandler((ignored, failure) -> failures.add(failure));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
        assertTrue(store.recordBytes() <= MIB, store.recordBytes() + " bytes");
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(10));
        store.check(claim(-1));
        assertEquals(RecordBytes.of(claim(-1)), store.recordBytes());
        store.close();
        assertEquals(0, store.recordBytes());
    }
}
