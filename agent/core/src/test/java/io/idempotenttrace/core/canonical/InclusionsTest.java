package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where places are included, the hash sees these and what is around them. */
class InclusionsTest {

    private static final PayloadHasher HASHER = new PayloadHasher(CanonicalForm.PYTHON);
    private static final Object DOCUMENT =
            JsonReader.read("{\"id\":\"o-1\",\"at\":5,\"items\":[{\"sku\":1,\"n\":2},{\"sku\":3},"
                    + "{\"n\":4}],\"none\":null,\"to\":{\"zip\":\"1\",\"city\":\"x\"},\"*\":6,\"a/b\":7}");

    /** What is shown is a part of the state; the rest may be excluded, or not included. */
    static final class Half {

        private final String hidden = String.valueOf(System.nanoTime());

        public String getId() {
            return "h" + hidden.length() / 100;
        }
    }

    static final class Failing {

        public int getId() {
            return 1;
        }

        public int getLazy() {
            throw new IllegalStateException("not loaded");
        }
    }

    private static String canonical(Object document, String... include) {
        return new String(
                HASHER.canonical(document, Exclusions.parse(List.of(include), List.of())), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/id|{\"id\":\"o-1\"}",
                "/id /to/zip|{\"id\":\"o-1\",\"to\":{\"zip\":\"1\"}}",
                "/to /to/zip|{\"to\":{\"city\":\"x\",\"zip\":\"1\"}}",
                "/none|{\"none\":null}",
                "/items/1|{\"items\":[null,{\"sku\":3}]}",
                "/items/0/n /items/2/n|{\"items\":[{\"n\":2},null,{\"n\":4}]}",
                "/items/*/sku|{\"items\":[{\"sku\":1},{\"sku\":3},{}]}",
                "/items/*/n /items/1|{\"items\":[{\"n\":2},{\"sku\":3},{\"n\":4}]}",
                "/items/7 /id|{\"id\":\"o-1\",\"items\":[]}",
                "/items/01 /id|{\"id\":\"o-1\",\"items\":[]}",
                "/id /at/deeper /none/deeper|{\"at\":5,\"id\":\"o-1\",\"none\":null}",
                "/to/street /id|{\"id\":\"o-1\",\"to\":{}}",
                "/~2 /a~1b|{\"*\":6,\"a/b\":7}",
                "/missing /id|{\"id\":\"o-1\"}"
            })
    void whatPointersNameIsKept(String pointers, String expected) {
        assertEquals(expected, canonical(DOCUMENT, pointers.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ID", "/items/7", "/id/x", "/none/x", "/items/first", "/to/street", "/items/*/sku/x"})
    void aDocumentWithoutAnIncludedPlaceIsRefused(String pointer) {
        UnhashableException refused = assertThrows(UnhashableException.class, () -> canonical(DOCUMENT, pointer));
        assertTrue(refused.reason().contains("include=" + pointer), refused.getMessage());
        assertThrows(UnhashableException.class, () -> canonical("text", pointer));
        assertThrows(UnhashableException.class, () -> canonical(null, pointer));
    }

    /** Those who leave null members out see none: a place that is null is a place that is not there. */
    @Test
    void aNullMemberThatIsDroppedIsNoIncludedPlace() {
        Exclusions exclusions = Exclusions.parse(List.of("/none"), List.of()).ofNullMembers(true);
        assertThrows(UnhashableException.class, () -> HASHER.hash(DOCUMENT, exclusions));
        assertThrows(UnhashableException.class, () -> HASHER.hash(Map.of("none", Optional.empty()), exclusions));
    }

    @Test
    void exclusionsCountInsideOfWhatIsIncluded() {
        Exclusions exclusions =
                Exclusions.parse(List.of("/items", "/to"), List.of("/items/*/n", "/to/city", "/items/1"));
        assertEquals(
                "{\"items\":[{\"sku\":1},{}],\"to\":{\"zip\":\"1\"}}",
                new String(HASHER.canonical(DOCUMENT, exclusions), StandardCharsets.UTF_8));
        assertThrows(
                UnhashableException.class,
                () -> HASHER.hash(DOCUMENT, Exclusions.parse(List.of("/id"), List.of("/id"))));
    }

    @Test
    void anElementThatIsNullIsNotOneThatIsNotThere() {
        String place = "/items/1";
        Map<String, Object> missing = Map.of("items", List.of(1), "id", 1);
        Map<String, Object> isNull = Map.of("items", Arrays.asList(1, null, 2), "id", 1);
        Map<String, Object> other = Map.of("items", List.of(1, 3, 2), "id", 1);
        assertEquals("{\"id\":1,\"items\":[]}", canonical(missing, place, "/id"));
        assertEquals("{\"id\":1,\"items\":[null,null]}", canonical(isNull, place, "/id"));
        assertEquals("{\"id\":1,\"items\":[null,3]}", canonical(other, place, "/id"));
    }

    @Test
    void elementsOfASetHaveNoPosition() {
        Set<Object> set = Set.of(Map.of("a", 1, "b", 2), Map.of("a", 0), Map.of("b", 3));
        assertEquals("{\"set\":[{\"a\":0},{\"a\":1},{}]}", canonical(Map.of("set", set), "/set/*/a"));
        assertThrows(UnhashableException.class, () -> canonical(Map.of("set", set), "/set/0"));
    }

    @Test
    void aTextIsReducedAsTheJsonThatItHolds() {
        Map<String, Object> message = Map.of("body", "{\"id\": 1, \"at\": 2}", "offset", 3);
        assertEquals("{\"body\":\"{\\\"id\\\":1}\"}", canonical(message, "/body|json/id"));
        assertEquals("{\"body\":\"{\\\"at\\\":2,\\\"id\\\":1}\"}", canonical(message, "/body|json"));
        assertEquals("{\"body\":\"{\\\"id\\\": 1, \\\"at\\\": 2}\"}", canonical(message, "/body"));
        assertEquals("\"{\\\"id\\\":1}\"", canonical("{\"id\":1,\"at\":2}", "|json/id"));
        assertEquals("{\"body\":\"no JSON\"}", canonical(Map.of("body", "no JSON"), "/body|json/id"));
        assertThrows(UnhashableException.class, () -> canonical(message, "/body|json/ID"));
        Exclusions both = Exclusions.parse(List.of("/body"), List.of("/body|json/at"));
        assertEquals(
                "{\"body\":\"{\\\"id\\\":1}\"}", new String(HASHER.canonical(message, both), StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNotIncludedIsNotReadAndNeedNotBeSeen() {
        assertEquals("{\"id\":\"h0\"}", canonical(new Half(), "/id"));
        assertEquals("{\"id\":1}", canonical(new Failing(), "/id"));
        assertThrows(UnhashableException.class, () -> canonical(new Half(), "/id", "/hidden"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/~", "/~3", "/a~"})
    void whatIsNoPointerIsRefused(String pointer) {
        assertThrows(IllegalArgumentException.class, () -> Exclusions.parse(List.of(pointer), List.of()));
    }
}
