package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members that are null, in whichever way Java says so, are left out on demand; elements never are. */
class NullMembersTest {

    private static final Exclusions DROP = Exclusions.NONE.ofNullMembers(true);

    record Before(String id, Inner inner) {}

    record Inner(int amount) {}

    record After(String id, InnerAfter inner, String note, Optional<String> reason, AtomicReference<String> by) {}

    record InnerAfter(int amount, Map<String, Object> more, Optional<Object> no) {}

    static final class Bean {

        public String getA() {
            return "a";
        }

        public Object getNothing() {
            return null;
        }
    }

    /** The form may differ: it says whether nulls were left out. */
    private static void assertSame(PayloadDigest expected, PayloadDigest digest, String... what) {
        assertEquals(expected.hash(), digest.hash(), () -> String.join("", what));
        assertEquals(expected.digestsFor("record"), digest.digestsFor("record"), () -> String.join("", what));
    }

    private static String canonical(Object value, CanonicalForm form) {
        return new String(new PayloadHasher(form).canonical(value, DROP), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void aClassThatGetsNullableMembersKeepsItsHashes(CanonicalForm form) {
        PayloadHasher hasher = new PayloadHasher(form);
        Before before = new Before("1", new Inner(5));
        After after = new After(
                "1", new InnerAfter(5, null, Optional.empty()), null, Optional.empty(), new AtomicReference<>());
        assertSame(hasher.digest(before, Exclusions.NONE), hasher.digest(after, DROP));
        assertSame(hasher.digest(before, DROP), hasher.digest(after, DROP));
        assertNotEquals(hasher.hash(before, Exclusions.NONE), hasher.hash(after, Exclusions.NONE));
        After more = new After(
                "1", new InnerAfter(5, null, Optional.empty()), "n", Optional.empty(), new AtomicReference<>());
        assertNotEquals(hasher.hash(before, DROP), hasher.hash(more, DROP));
    }

    @Test
    void nullsOfEachKindAreLeftOutAtEachDepthAndElementsStay() throws Exception {
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put("list", Arrays.asList(null, Optional.empty(), new HashMap<>(Map.of("x", Optional.empty()))));
        map.put("none", null);
        map.put("entry", new java.util.AbstractMap.SimpleEntry<>("k", null));
        map.put("bean", new Bean());
        map.put("text", "null");
        map.put("nulls", new Object[] {null});
        JsonNode tree = new ObjectMapper().readTree("{\"n\":null,\"o\":{\"n\":null,\"l\":[null,{\"n\":null}]}}");
        map.put("tree", tree);
        map.put("nullNode", tree.get("n"));
        assertEquals(
                "{\"bean\":{\"a\":\"a\"},\"entry\":{},\"list\":[null,null,{}],\"nulls\":[null],\"text\":\"null\","
                        + "\"tree\":{\"o\":{\"l\":[null,{}]}}}",
                canonical(map, CanonicalForm.PYTHON));
        assertEquals("null", canonical(null, CanonicalForm.PYTHON));
        assertEquals("null", canonical(Optional.empty(), CanonicalForm.PYTHON));
        assertEquals("{}", canonical(tree.get("o").get("l").get(1), CanonicalForm.PYTHON));
    }

    /** What is null is no key either: the others are sorted as if it were not there. */
    @Test
    void theKeysOfNullsDoNotCount() {
        Map<Object, Object> map = new HashMap<>();
        map.put(2, "b");
        map.put(10, "c");
        map.put("a", null);
        assertEquals("{\"2\":\"b\",\"10\":\"c\"}", canonical(map, CanonicalForm.PYTHON));
        map.remove(10);
        map.remove(2);
        assertEquals("{}", canonical(map, CanonicalForm.PYTHON));
        Map<Object, Object> same = new HashMap<>();
        same.put(1, null);
        same.put("1", "x");
        assertEquals("{\"1\":\"x\"}", canonical(same, CanonicalForm.PYTHON));
    }

    /** The writer passes what it has written on, 8 KB at a time: a null must be found wherever the border is. */
    @ParameterizedTest
    @EnumSource
    void nullsAreLeftOutOfLargeDocumentsToo(CanonicalForm form) {
        PayloadHasher hasher = new PayloadHasher(form);
        for (int length : new int[] {1, 100, 1350, 1363, 1400, 9000}) {
            Map<String, Object> with = new LinkedHashMap<>();
            Map<String, Object> without = new LinkedHashMap<>();
            for (int i = 0; i < 60; i++) {
                String name = i + (i % 7 == 0 ? "ü" : "n").repeat(length);
                Object value = i % 3 == 0
                        ? Optional.empty()
                        : i % 5 == 0 ? Map.of("deep", Optional.empty(), name, "v".repeat(i * 40)) : "value" + i;
                with.put(name, value);
                if (i % 3 != 0) {
                    without.put(name, i % 5 == 0 ? Map.of(name, "v".repeat(i * 40)) : value);
                }
                if (i % 20 == 0) {
                    assertSame(hasher.digest(without, Exclusions.NONE), hasher.digest(with, DROP), length + " " + i);
                }
            }
            assertSame(hasher.digest(without, Exclusions.NONE), hasher.digest(with, DROP), "names of " + length);
            with.put(
                    "inner",
                    new ArrayList<>(with.values().stream().map(Optional::of).toList()));
            without.put(
                    "inner",
                    new ArrayList<>(with.entrySet().stream()
                            .filter(entry -> !entry.getKey().equals("inner"))
                            .map(entry -> entry.getValue() instanceof Map<?, ?>
                                    ? without.get(entry.getKey())
                                    : entry.getValue())
                            .toList()));
            assertSame(hasher.digest(without, Exclusions.NONE), hasher.digest(with, DROP), "names of " + length);
        }
    }

    /** A text that a pointer steps into is JSON; any other stays as it is. */
    @Test
    void textsAreJsonOnlyWherePointersStepIn() {
        Map<String, Object> message = Map.of("body", "{\"a\": 1, \"b\": null, \"t\": 5}", "other", "{\"b\":null}");
        assertEquals(
                "{\"body\":\"{\\\"a\\\":1}\",\"other\":\"{\\\"b\\\":null}\"}",
                new String(
                        new PayloadHasher(CanonicalForm.PYTHON)
                                .canonical(
                                        message,
                                        Exclusions.parse("/body|json/t").ofNullMembers(true)),
                        StandardCharsets.UTF_8));
    }

    /** A worker that drops nulls, one that keeps them, and a record of either. */
    @ParameterizedTest
    @EnumSource
    void aRecordOfAWorkerThatKeepsNullsIsOfTheSamePayload(CanonicalForm form) {
        PayloadHasher hasher = new PayloadHasher(form);
        Inner without = new Inner(5);
        InnerAfter with = new InnerAfter(5, null, Optional.empty());
        for (Exclusions worker : List.of(Exclusions.NONE, DROP)) {
            for (Exclusions writer : List.of(Exclusions.NONE, DROP)) {
                PayloadDigest written = hasher.digest(with, writer);
                PayloadDigest compared = worker.comparableWith(
                        written.form(), written.hash(), exclusions -> hasher.digest(with, exclusions));
                assertEquals(written.hash(), compared.hash());
                assertEquals(written.form(), compared.form());
            }
        }
        PayloadDigest written = hasher.digest(without, Exclusions.NONE);
        assertEquals(
                written.hash(),
                DROP.comparableWith(written.form(), written.hash(), exclusions -> hasher.digest(with, exclusions))
                        .hash());
        assertNotEquals(
                written.hash(),
                Exclusions.NONE
                        .comparableWith(written.form(), written.hash(), exclusions -> hasher.digest(with, exclusions))
                        .hash());
        Inner other = new Inner(6);
        assertEquals(
                hasher.digest(other, DROP).hash(),
                DROP.comparableWith(written.form(), written.hash(), exclusions -> hasher.digest(other, exclusions))
                        .hash());
    }
}
