package io.idempotenttrace.core.store.memory;

import io.idempotenttrace.core.Interleavings;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.RecordId;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The orders in which two threads can add to the ring of completed records, remove from it and drop its oldest. */
@Isolated("Lincheck changes classes while it runs")
class RingInterleavingsTest {

    private static final long START = 1;

    private static RecordId id(String key) {
        return new RecordId("t", null, key);
    }

    private static RecordRoom room() {
        return new RecordRoom(1, Long.MAX_VALUE / 2, 1, warning -> {}, START);
    }

    private static MemoryRecord record(String key) {
        return new MemoryRecord(
                Claims.of(id(key), "a".repeat(64), "python", "", "owner", 60_000, 60_000, 30_000, ""), START, 1);
    }

    /** One thread at a time adds or removes a record of one name, as the map's lock has it; everybody looks. */
    public static class Found {

        final RecordRoom room = room();
        final CompletedRing ring = new CompletedRing(room, START);

        final boolean add(String key) {
            if (ring.find(id(key)) != null) {
                return false;
            }
            MemoryRecord record = record(key);
            room.take(record.bytes());
            return ring.add(record, START + 1_000_000);
        }

        final boolean remove(String key) {
            MemoryRecord known = ring.find(id(key));
            if (known != null) {
                ring.remove(known);
            }
            return known != null;
        }

        @Operation(nonParallelGroup = "a")
        public boolean addA() {
            return add("a");
        }

        @Operation(nonParallelGroup = "a")
        public boolean removeA() {
            return remove("a");
        }

        @Operation
        public boolean findA() {
            return ring.find(id("a")) != null;
        }

        @Operation(nonParallelGroup = "b")
        public boolean addB() {
            return add("b");
        }

        @Operation(nonParallelGroup = "b")
        public boolean removeB() {
            return remove("b");
        }

        @Operation
        public boolean findB() {
            return ring.find(id("b")) != null;
        }

        /** Each record was counted before it came; who takes one out says so, once. */
        @Validate
        public void theRoomCountsWhatIsFound() {
            long found = 0;
            for (String key : new String[] {"a", "b"}) {
                MemoryRecord record = ring.find(id(key));
                found += record == null ? 0 : record.bytes();
            }
            if (room.bytes() != found) {
                throw new IllegalStateException(
                        "records of " + found + " bytes are found, " + room.bytes() + " counted");
            }
        }
    }

    /**
     * Others drop the oldest ones meanwhile. Which one is the oldest of two that come at the same time shows before both are there, so
     * nobody looks before the end.
     */
    public static class Dropped extends Found {

        @Operation
        public void dropOldest() {
            ring.dropOldest(1);
        }

        @Operation
        public void dropExpired() {
            ring.dropExpired(START + 3_000_000_000L);
        }

        @Override
        @Operation(nonParallelGroup = "a")
        public boolean addA() {
            add("a");
            return true;
        }

        @Override
        @Operation(nonParallelGroup = "a")
        public boolean removeA() {
            remove("a");
            return true;
        }

        @Override
        @Operation
        public boolean findA() {
            return true;
        }

        @Override
        @Operation(nonParallelGroup = "b")
        public boolean addB() {
            add("b");
            return true;
        }

        @Override
        @Operation(nonParallelGroup = "b")
        public boolean removeB() {
            remove("b");
            return true;
        }

        @Override
        @Operation
        public boolean findB() {
            return true;
        }
    }

    @Test
    @Tag("matrix")
    void whatIsAddedIsFoundUntilItIsRemoved() {
        Interleavings.check(Found.class);
    }

    @Test
    @Tag("matrix")
    void theRoomHearsOnceOfEachThatIsDropped() {
        Interleavings.check(Dropped.class);
    }
}
