package io.idempotenttrace.core.store.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.SameHash;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CompletedRingTest {

    /** Near the overflow, as System.nanoTime() may be. */
    private static final long START = Long.MAX_VALUE - 1000;

    private static RecordId id(String key) {
        return new RecordId("t", null, key);
    }

    private static RecordRoom room(int maxRecords) {
        return new RecordRoom(maxRecords, Long.MAX_VALUE / 2, 1, warning -> {}, START);
    }

    private static MemoryRecord record(String key) {
        return new MemoryRecord(
                Claims.of(id(key), "a".repeat(64), "python", "", "owner", 60_000, 60_000, 30_000, ""), START, 1);
    }

    @Test
    void itHoldsWhatAListInTheOrderOfCompletionHolds() {
        Random random = new Random(42);
        CompletedRing ring = new CompletedRing(room(500), START);
        // Of a removed one its place remains, until those before it are gone.
        ArrayDeque<MemoryRecord> order = new ArrayDeque<>();
        Map<String, MemoryRecord> held = new HashMap<>();
        // Several times around the ring.
        for (int step = 0; step < 40_000; step++) {
            String key = "k" + random.nextInt(2000);
            int act = random.nextInt(8);
            if (act == 0 && held.containsKey(key)) {
                ring.remove(held.remove(key));
                while (!order.isEmpty() && !held.containsValue(order.peek())) {
                    order.poll();
                }
            } else if (act == 1 || order.size() == 500) {
                int most = 1 + random.nextInt(4);
                assertEquals(!order.isEmpty(), ring.dropOldest(most));
                for (int dropped = 0; dropped < most && !order.isEmpty(); dropped++) {
                    held.values().remove(order.poll());
                }
            } else if (act > 1 && !held.containsKey(key)) {
                MemoryRecord added = record(key);
                assertTrue(ring.add(added, START + 1_000_000));
                order.add(added);
                held.put(key, added);
            }
            String asked = "k" + random.nextInt(2000);
            assertSame(held.get(asked), ring.find(id(asked)), asked);
        }
        held.forEach((key, record) -> assertSame(record, ring.find(id(key)), key));
        assertEquals(order.size(), ring.size());
    }

    @Test
    void theExpiredGoFromTheOldestOn() {
        CompletedRing ring = new CompletedRing(room(100), START);
        for (int i = 0; i < 10; i++) {
            assertTrue(ring.add(record("k" + i), START + 1_000_000_000L * (i + 1)));
        }
        ring.dropExpired(START + 6_500_000_000L);
        assertEquals(5, ring.size());
        assertNull(ring.find(id("k4")));
        assertEquals("k5", ring.find(id("k5")).id.key());
        ring.dropExpired(START + 60_000_000_000L);
        assertEquals(0, ring.size());
        assertFalse(ring.dropOldest(1));
    }

    /** Beyond that many its arrays would no longer be small beside what is held. */
    @Test
    void aRingForTooManyRecordsHoldsNone() {
        CompletedRing largest = new CompletedRing(room(1 << 18), START);
        assertTrue(largest.add(record("k"), START + 1000));
        assertEquals("k", largest.find(id("k")).id.key());
        CompletedRing tooLarge = new CompletedRing(room((1 << 18) + 1), START);
        assertFalse(tooLarge.add(record("k"), START + 1000));
        assertNull(tooLarge.find(id("k")));
        assertEquals(0, tooLarge.size());
    }

    @Test
    void namesOfOneHashBeyondASetAreRefused() {
        CompletedRing ring = new CompletedRing(room(1000), START);
        List<String> keys = SameHash.texts(32);
        int added = 0;
        for (String key : keys) {
            added += ring.add(record(key), START + 1000) ? 1 : 0;
        }
        assertEquals(16, added);
        assertEquals(16, keys.stream().filter(key -> ring.find(id(key)) != null).count());
        // Their entries are free again once they are gone.
        while (ring.dropOldest(1)) {
            // Until none is left.
        }
        assertTrue(ring.add(record(keys.get(31)), START + 1000));
        assertEquals(keys.get(31), ring.find(id(keys.get(31))).id.key());
    }

    @Test
    void threadsFindWhatTheyAddedUntilItsTurnToGoComes() throws InterruptedException {
        CompletedRing ring = new CompletedRing(room(1000), START);
        AtomicInteger lost = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            String name = "t" + t + "-";
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    MemoryRecord added = record(name + i);
                    boolean held = ring.add(added, START + 1_000_000_000_000L);
                    MemoryRecord found = ring.find(added.id);
                    wrong.addAndGet(found != null && found != added ? 1 : 0);
                    // Unless a thousand others came meanwhile.
                    lost.addAndGet(held && found == null && ring.size() < 900 ? 1 : 0);
                    while (ring.size() > 1000) {
                        ring.dropOldest(1 + i % 4);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, wrong.get());
        assertEquals(0, lost.get());
        assertTrue(ring.size() <= 1000 && ring.size() > 900, "holds " + ring.size());
        long found = 0;
        for (int t = 0; t < 8; t++) {
            for (int i = 0; i < 20_000; i++) {
                found += ring.find(id("t" + t + "-" + i)) != null ? 1 : 0;
            }
        }
        assertTrue(found <= ring.size() && found > ring.size() - 50, "finds " + found + " of " + ring.size());
    }
}
