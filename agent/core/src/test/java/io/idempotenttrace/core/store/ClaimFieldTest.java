package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ClaimFieldTest {

    private static final ClaimField NONE = new ClaimField(0, 0, 0, 0, "", "");

    @Test
    void aFirstClaimLeavesOutItsAttemptAndItsDeadline() {
        assertEquals(
                new ClaimField(1, 30_000, 1_764_252_000_000_005L, 1_764_252_030_000L, "", "AbC"),
                ClaimField.of(" 30000 1764252000 5   AbC"));
    }

    @Test
    void whatIsWrittenIsRead() {
        for (ClaimField claim : new ClaimField[] {
            new ClaimField(2, 30_000, 1_764_252_000_123_456L, 1_764_252_041_000L, "p", "AbC"),
            new ClaimField(3, 0, 1_764_252_000_000_000L, 0, "", "AbC"),
            new ClaimField(0, 30_000, 0, 1_764_252_041_000L, "s", ""),
            new ClaimField(0, 0, 0, 0, "", "AbC"),
            NONE
        }) {
            assertEquals(claim, ClaimField.of(claim.text()), claim.text());
        }
    }

    @Test
    void anotherTextSaysNothing() {
        for (String text : new String[] {
            null, "", "a b", "1 2 3 4 5 p", "x 30000 1764252000 5   AbC", " 99999999999999999999 1764252000 5   AbC"
        }) {
            assertEquals(NONE, ClaimField.of(text), text);
        }
    }
}
