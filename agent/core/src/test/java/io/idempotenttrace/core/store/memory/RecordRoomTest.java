package io.idempotenttrace.core.store.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecordRoomTest {

    /** Near the overflow, as System.nanoTime() may be. */
    private static final long START = Long.MAX_VALUE - 1000;

    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(10);

    private final List<String> said = new ArrayList<>();
    private final RecordRoom room = new RecordRoom(7, 800, 10, said::add, START);

    @Test
    void itIsFullToTheByte() {
        room.take(500);
        assertTrue(room.hasBytes(300));
        assertFalse(room.hasBytes(301));
        room.take(-500);
        assertEquals(0, room.bytes());
    }

    @Test
    void aResultMayTakeAQuarterOfIt() {
        assertTrue(room.fits("x".repeat(100)));
        assertFalse(room.fits("x".repeat(101)));
    }

    @Test
    void whatWasDroppedIsSaidOnceInAPeriodAndOnlyIfThereIsMoreOfIt() {
        room.sayDropped(false, START);
        assertEquals(List.of(), said, "nothing was dropped");
        room.dropped(2);
        room.dropped(0);
        room.sayDropped(false, START);
        assertEquals(1, said.size());
        assertTrue(said.get(0).contains("dropped 2 completed records")
                && said.get(0).contains("7 records"));
        room.dropped(1);
        room.sayDropped(true, START + PERIOD - 1);
        assertEquals(1, said.size(), "the period is not over");
        room.sayDropped(true, START + PERIOD);
        assertTrue(said.get(1).contains("dropped 3 completed records")
                && said.get(1).contains("800 bytes"));
        room.sayDropped(true, START + 5 * PERIOD);
        assertEquals(2, said.size(), "it is said already");
    }

    @Test
    void whoeverHearsItBreaksNoCall() {
        RecordRoom untold = new RecordRoom(
                1,
                8,
                10,
                warning -> {
                    throw new StackOverflowError("of a test");
                },
                START);
        untold.sayTooLarge("xx", "k", START);
        untold.dropped(1);
        untold.sayDropped(false, START);
        assertEquals(1, untold.dropped());
    }
}
