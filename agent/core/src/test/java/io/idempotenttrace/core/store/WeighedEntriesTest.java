package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class WeighedEntriesTest {

    private static final RecordId ID = new RecordId("t", null, "k");
    private static final RecordId OTHER = new RecordId("t", null, "other");

    private final WeighedEntries<String> entries = new WeighedEntries<>(100, () -> 0);

    @Test
    void whatFitsToTheByteIsRememberedAndDrivesOutTheOldest() {
        entries.add(ID, "old", 1, 1);
        entries.add(OTHER, "all", 100, 1);
        assertEquals("all", entries.find(OTHER));
        assertNull(entries.find(ID));
        assertEquals(1, entries.size());
    }

    /** What was remembered before is no longer so: to remember that would be to answer wrongly. */
    @Test
    void ofWhatDoesNotFitNothingIsRemembered() {
        entries.add(ID, "old", 1, 1);
        entries.add(ID, "too large", 101, 1);
        assertNull(entries.find(ID));
        assertEquals(0, entries.size());
    }

    @Test
    void whenAllIsForgottenAllTheRoomIsThereAgain() {
        entries.add(ID, "1", 60, 1);
        entries.forgetAll();
        assertNull(entries.find(ID));
        entries.add(OTHER, "2", 60, 1);
        entries.add(ID, "3", 40, 1);
        assertEquals("2", entries.find(OTHER));
        assertEquals("3", entries.find(ID));
    }
}
