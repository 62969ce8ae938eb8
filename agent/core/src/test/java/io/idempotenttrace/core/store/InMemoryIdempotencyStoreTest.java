package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InMemoryIdempotencyStoreTest extends StoreContract {

    /** Far from zero and near the overflow, as System.nanoTime() may be. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
    private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore(1000, nanos::get);

    @Override
    IdempotencyStore store() {
        return store;
    }

    @Override
    void pass(long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static Claim claim(int key) {
        return new Claim(new RecordId("t", null, "key-" + key), "a".repeat(64), "python", "", "owner-" + key, 60_000, 60_000, 30_000, "");
    }

    @Test
    void theOldestEndedRecordsMakeRoom() {
        InMemoryIdempotencyStore small = new InMemoryIdempotencyStore(10, nanos::get);
        for (int i = 0; i < 1000; i++) {
            assertEquals(Verdict.NEW, small.check(claim(i)).verdict());
            small.markCompleted(claim(i), Completion.EMPTY);
            assertTrue(small.size() <= 10, "holds " + small.size());
        }
        assertTrue(small.status(claim(999).id()).isPresent());
        assertTrue(small.status(claim(0).id()).isEmpty());
    }

    @Test
    void aRunningCallIsNeverDropped() {
        InMemoryIdempotencyStore small = new InMemoryIdempotencyStore(3, nanos::get);
        for (int i = 0; i < 3; i++) {
            small.check(claim(i));
        }
        IdempotencyStoreException full = assertThrows(IdempotencyStoreException.class, () -> small.check(claim(3)));
        assertTrue(full.getMessage().contains("memory-max-records"), full.getMessage());
        assertEquals(Verdict.IN_PROGRESS, small.check(new Claim(claim(0).id(), "a".repeat(64), "python", "", "other", 60_000, 60_000,
                30_000, "")).verdict());
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
}
