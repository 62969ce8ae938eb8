package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pointers that step into JSON which a payload carries as text or as bytes. */
class PointerIntoTextTest {

    private static final String ORDER =
            " {\"order_id\": 7, \"at\": 1, \"lines\": [{\"sku\": \"ä\", \"at\": 2}], \"none\": null}\n";
    private static final List<PayloadHasher> HASHERS =
            List.of(new PayloadHasher(CanonicalForm.PYTHON), new PayloadHasher(CanonicalForm.JCS));

    record Message(String topic, Object body) {}

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Stream<Object> bodies() {
        ByteBuffer direct = ByteBuffer.allocateDirect(500).put(utf8(ORDER)).flip();
        return Stream.of(
                ORDER,
                new StringBuilder(ORDER),
                ORDER.toCharArray(),
                utf8(ORDER),
                ByteBuffer.wrap(utf8(ORDER)),
                direct.asReadOnlyBuffer(),
                Optional.of(ORDER),
                new ObjectMapper().getNodeFactory().textNode(ORDER),
                new ObjectMapper().getNodeFactory().binaryNode(utf8(ORDER)));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void textAndBytesOfEachKindAreSteppedInto(Object body) {
        Message message = new Message("t", body);
        assertEquals("7", Pointer.parse("/body|json/order_id").textAt(message));
        assertEquals("ä", Pointer.parse("/body|json/lines/0/sku").textAt(message));
        assertEquals("7", Pointer.parse("|json/order_id").textAt(body));
        // Twice: the bytes stay as they are.
        assertEquals("7", Pointer.parse("|json/order_id").textAt(body));
        assertEquals(
                "[{\"at\":2,\"sku\":\"\\u00e4\"}]",
                Pointer.parse("/body|json/lines").textAt(message));
        assertNull(Pointer.parse("/body|json/none").textAt(message));
        assertTrue(Pointer.parse("/body|json/none").matches(message));
        assertFalse(Pointer.parse("/body|json/order").matches(message));
        assertTrue(Pointer.parse("/body|json/orderId")
                .describeMiss(message)
                .endsWith("did you mean '/body|json/order_id'?"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aPlaceInATextIsLeftOutOfTheHash(Object body) {
        Exclusions times = Exclusions.parse("/body|json/at", "/body|json/lines/*/at");
        String other = ORDER.replace("\"at\": 1", "\"at\": 10").replace("\"at\": 2", "\"at\": 20");
        Object changed = body instanceof byte[]
                        || body instanceof ByteBuffer
                        || body.getClass().getSimpleName().startsWith("Binary")
                ? utf8(other)
                : other;
        for (PayloadHasher hasher : HASHERS) {
            assertEquals(hasher.hash(new Message("t", body), times), hasher.hash(new Message("t", changed), times));
            assertNotEquals(
                    hasher.hash(new Message("t", body), Exclusions.NONE),
                    hasher.hash(new Message("t", changed), Exclusions.NONE));
            assertNotEquals(
                    hasher.hash(new Message("t", body), times),
                    hasher.hash(new Message("t", other.replace('7', '8')), times));
        }
    }

    @Test
    void aTextThatIsCutStaysATextAndEqualsNoObject() {
        Exclusions at = Exclusions.parse("/body|json/at");
        for (PayloadHasher hasher : HASHERS) {
            assertEquals(
                    "{\"body\":\"{\\\"b\\\":1}\",\"topic\":\"t\"}",
                    new String(hasher.canonical(new Message("t", "{\"at\":1,\"b\":1}"), at), StandardCharsets.UTF_8));
            assertNotEquals(
                    hasher.hash(new Message("t", "{\"b\":1}"), at), hasher.hash(new Message("t", Map.of("b", 1)), at));
            // Both are no JSON: they are hashed as they are, and differ.
            assertNotEquals(hasher.hash(new Message("t", "{at:1"), at), hasher.hash(new Message("t", "{at:2"), at));
            assertNotEquals(
                    hasher.hash(new Message("t", new byte[] {-1}), at),
                    hasher.hash(new Message("t", new byte[] {-2}), at));
            // Doubles would fold the two into one.
            assertNotEquals(
                    hasher.hash(new Message("t", "{\"at\":1,\"x\":0.12345678901234567891}"), at),
                    hasher.hash(new Message("t", "{\"at\":1,\"x\":0.12345678901234567892}"), at));
            assertEquals(hasher.hash(new Message("t", 5), at), hasher.hash(new Message("t", 5), Exclusions.NONE));
            assertEquals(hasher.hash(new Message("t", null), at), hasher.hash(new Message("t", null), Exclusions.NONE));
        }
    }

    @Test
    void theWholeDocumentMayBeTheText() {
        Exclusions at = Exclusions.parse("|json/at");
        assertEquals(
                HASHERS.get(0).hash("{\"at\":1,\"b\":2}", at), HASHERS.get(0).hash("{\"b\": 2, \"at\":3}", at));
    }

    @Test
    void jsonInsideOfJsonIsReachedByAStepForEach() {
        String inner = "{\"id\":\"x\"}";
        String outer = "\"" + inner.replace("\"", "\\\"") + "\"";
        assertEquals("x", Pointer.parse("/a|json/b|json/id").textAt(Map.of("a", "{\"b\":" + outer + "}")));
        assertEquals("x", Pointer.parse("/a|json|json/id").textAt(Map.of("a", outer)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a|json", "/|json/x", "/|", "/a|jsonx", "/a|json ", "/|json|b", "/a~1b|x"})
    void aBarElsewhereIsACharacterAsAnyOther(String pointer) {
        Map<String, Object> root =
                Map.of("a", "5", "", "{\"x\":5}", "|", 5, "a|jsonx", 5, "a|json ", 5, "|json|b", 5, "a/b|x", 5);
        assertEquals("5", Pointer.parse(pointer).textAt(root));
    }

    @Test
    void aNameThatEndsLikeAStepIsWrittenWithAnEscape() {
        assertEquals("1", Pointer.parse("/a~3json").textAt(Map.of("a|json", 1)));
        assertEquals("2", Pointer.parse("/a~3json|json/b").textAt(Map.of("a|json", "{\"b\":2}")));
        assertEquals("/a~3json|json/b", Pointer.parse("/a~3json|json/b").toString());
        assertEquals(
                "{}",
                new String(
                        HASHERS.get(0).canonical(Map.of("a|json", 1), Exclusions.parse("/a~3json")),
                        StandardCharsets.UTF_8));
        assertThrows(IllegalArgumentException.class, () -> Pointer.parse("/a~3"));
        assertThrows(IllegalArgumentException.class, () -> Pointer.parse("/a~3jsonx"));
    }

    @Test
    void whatHoldsNoJsonIsRefusedByItsPlaceAndNeverQuoted() {
        for (Object secret : Arrays.asList(
                "{\"secret\":hunter2}",
                utf8("hunter2"),
                new byte[] {'"', -1, '"'},
                "\uFEFF{}",
                "",
                "{\"a\":\\q}",
                7,
                List.of("hunter2"),
                Collections.singletonMap("hunter2", null))) {
            UnhashableException refusal = assertThrows(
                    UnhashableException.class,
                    () -> Pointer.parse("/body|json/id").textAt(new Message("t", secret)));
            assertTrue(refusal.getMessage().startsWith("at '/body': "), refusal.getMessage());
            assertFalse(
                    refusal.getMessage().contains("hunter2")
                            || refusal.getMessage().contains("\\q"),
                    refusal.getMessage());
            assertThrows(
                    UnhashableException.class,
                    () -> Pointer.parse("/body|json/id").matches(new Message("t", secret)));
        }
    }

    @Test
    void theRulesOfTheJsonReaderCount() {
        assertEquals("2", Pointer.parse("|json/a").textAt("{\"a\":1,\"a\":2}"));
        assertEquals(
                "123456789012345678901234567890",
                Pointer.parse("|json/a").textAt("{\"a\":123456789012345678901234567890}"));
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertTrue(Pointer.parse("|json/0/0/0").matches(deep));
        assertThrows(UnhashableException.class, () -> HASHERS.get(0).hash(deep, Exclusions.parse("|json/0/at")));
    }

    @Test
    void excludingAllOfATextIsRefusedWithAdvice() {
        for (String pointer : List.of("/body|json", "|json", "/a|json|json")) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> Exclusions.parse(pointer))
                    .getMessage()
                    .contains("leave |json out"));
        }
    }
}
