package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A set without order is written in the order of its elements' bytes, each from 0 to 255. */
class SetOrderTest {

    private static String canonical(CanonicalForm form, Object document) {
        return new String(
                new PayloadHasher(form).canonical(document, Exclusions.parse(new String[0])), StandardCharsets.UTF_8);
    }

    /** The bytes of UTF-8 are above 127, which a signed byte would sort before all letters. */
    @Test
    void bytesAbove127ComeAfterTheOthers() {
        assertEquals(
                "[\"a\",\"z\",\"\u00e9\",\"\u20ac\"]",
                canonical(CanonicalForm.JCS, Set.of("\u20ac", "z", "\u00e9", "a")));
        assertEquals("[\"z\",\"\u00e9\"]", canonical(CanonicalForm.JCS, Set.of("\u00e9", "z")));
    }

    @Test
    void theFirstByteThatDiffersDecidesAndThenTheLength() {
        assertEquals(
                "[\"\",\"a\",\"a#\",\"aa\",1,10,2]",
                canonical(CanonicalForm.PYTHON, Set.of(10, "aa", 2, "a", 1, "a#", "")));
        assertEquals(
                "[[1,\"z\"],[1,\"\u00e9\"]]",
                canonical(CanonicalForm.JCS, Set.of(List.of(1, "\u00e9"), List.of(1, "z"))));
    }
}
