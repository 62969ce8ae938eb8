package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NameLimitsTest {

    private static final String LONG = "order-".repeat(200);

    @Test
    void aKeyOfUsualLengthIsLeftAlone() {
        assertFalse(NameLimits.isTooLong("k".repeat(1024)));
        assertFalse(NameLimits.isTooLong(null));
        assertTrue(NameLimits.isTooLong("k".repeat(1025)));
    }

    @Test
    void differentKeysStayDifferentAndEqualOnesEqual() {
        String shortened = NameLimits.shortened(LONG);
        assertEquals(shortened, NameLimits.shortened(new String(LONG)));
        assertNotEquals(shortened, NameLimits.shortened(LONG + " "));
        assertNotEquals(
                NameLimits.shortened(LONG + "\ud800"), NameLimits.shortened(LONG + "\udc00"), "lone surrogates");
        assertTrue(shortened.startsWith("order-order-"), shortened);
        assertTrue(shortened.length() < 256, shortened);
    }

    @Test
    void aPairIsNotCutInHalf() {
        String shortened = NameLimits.shortened("x".repeat(127) + "\ud83d\ude00" + LONG);
        assertTrue(shortened.startsWith("x".repeat(127) + "...sha256:"), shortened);
    }
}
