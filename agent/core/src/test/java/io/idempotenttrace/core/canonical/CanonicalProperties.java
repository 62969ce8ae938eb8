package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * What holds for every JSON value. A long run needs no other code, only more tries; this one took about ten minutes:
 *
 * <pre>mvn -pl agent/core -am test -Dtest=CanonicalProperties -Dsurefire.failIfNoSpecifiedTests=false \
 *     -DargLine=-Djqwik.tries.default=TRIES</pre>
 */
class CanonicalProperties {

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);
    private static final PayloadHasher JCS = new PayloadHasher(CanonicalForm.JCS);

    @Provide
    Arbitrary<Object> json() {
        return json(4);
    }

    /** Text with every kind of character: escapes, DEL, both sides of the surrogates, lone surrogates, pairs. */
    private static Arbitrary<String> text() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(6),
                Arbitraries.strings().ascii().ofMaxLength(12),
                Arbitraries.strings()
                        .withChars('\uD800', '\uDBFF', '\uDC00', '\uDFFF', '\uE000', '\uFFFF', 'a', '"')
                        .ofMaxLength(4),
                Arbitraries.of("\uD83D\uDE02", "\uFB33", "\u007f", "\u2028", "", "key"));
    }

    private static Arbitrary<Object> json(int depth) {
        Arbitrary<Object> scalar = Arbitraries.oneOf(
                text().map(value -> (Object) value),
                Arbitraries.longs().map(value -> (Object) value),
                Arbitraries.longs().map(Double::longBitsToDouble).map(CanonicalProperties::oneNaN),
                Arbitraries.doubles().map(value -> (Object) value),
                Arbitraries.bigIntegers()
                        .between(BigInteger.TEN.pow(20), BigInteger.TEN.pow(40))
                        .map(value -> (Object) value),
                Arbitraries.of(true, false),
                Arbitraries.just(null));
        if (depth == 0) {
            return scalar;
        }
        Arbitrary<Object> below = json(depth - 1);
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(3, scalar),
                net.jqwik.api.Tuple.of(1, below.list().ofMaxSize(5).map(value -> (Object) value)),
                net.jqwik.api.Tuple.of(
                        1, Arbitraries.maps(text(), below).ofMaxSize(30).map(value -> (Object) value)));
    }

    private static Object oneNaN(double value) {
        return Double.isNaN(value) ? (Object) Double.NaN : value;
    }

    private static String python(Object value) {
        return new String(PYTHON.canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII);
    }

    @Property(shrinking = ShrinkingMode.BOUNDED)
    void theStreamedFormIsTheNaiveOne(@ForAll("json") Object value) {
        assertEquals(NaiveCanonical.of(value), python(value));
    }

    @Property(shrinking = ShrinkingMode.BOUNDED)
    void theStreamedJcsFormIsTheNaiveOneAndRefusesTheSame(@ForAll("json") Object value) {
        String expected;
        try {
            expected = NaiveCanonical.jcs(value);
        } catch (IllegalArgumentException e) {
            assertThrows(UnhashableException.class, () -> JCS.canonical(value, Exclusions.NONE), e.getMessage());
            return;
        }
        assertEquals(expected, new String(JCS.canonical(value, Exclusions.NONE), StandardCharsets.UTF_8));
    }

    @Property(shrinking = ShrinkingMode.BOUNDED)
    void textIsReadAsTheValueThatItSaysHoweverItIsWritten(@ForAll("json") Object value, @ForAll long seed) {
        assertEquals(value, JsonReader.read(NaiveCanonical.loosely(value, new Random(seed))));
    }

    @Property(shrinking = ShrinkingMode.BOUNDED)
    void theCanonicalFormReadsBackAsTheSameValue(@ForAll("json") Object value) {
        assertEquals(value, JsonReader.read(python(value)));
    }

    @Property(shrinking = ShrinkingMode.BOUNDED)
    void twoValuesHashAlikeOnlyIfTheyAreEqual(@ForAll("json") Object a, @ForAll("json") Object b) {
        assertEquals(
                a == null ? b == null : a.equals(b),
                PYTHON.hash(a, Exclusions.NONE).equals(PYTHON.hash(b, Exclusions.NONE)));
    }

    @Property(shrinking = ShrinkingMode.BOUNDED)
    void theOrderOfMembersDoesNotMatter(@ForAll("json") Object value, @ForAll long seed) {
        Object shuffled = shuffled(value, new Random(seed));
        assertEquals(PYTHON.hash(value, Exclusions.NONE), PYTHON.hash(shuffled, Exclusions.NONE));
        assertEquals(PYTHON.digest(value, Exclusions.NONE), PYTHON.digest(shuffled, Exclusions.NONE));
    }

    private static Object shuffled(Object value, Random random) {
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(shuffled(element, random)));
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
            Collections.shuffle(entries, random);
            Map<Object, Object> copy = new LinkedHashMap<>();
            entries.forEach(entry -> copy.put(entry.getKey(), shuffled(entry.getValue(), random)));
            return copy;
        }
        return value;
    }

    @Property(shrinking = ShrinkingMode.BOUNDED)
    void theOrderOfASetDoesNotMatter(@ForAll("json") Object a, @ForAll("json") Object b, @ForAll("json") Object c) {
        assertEquals(
                PYTHON.hash(
                        new LinkedHashSet<>(List.of(List.of(), wrap(a), wrap(b), wrap(c)).stream()
                                .distinct()
                                .toList()),
                        Exclusions.NONE),
                PYTHON.hash(
                        new LinkedHashSet<>(List.of(wrap(c), wrap(a), List.of(), wrap(b)).stream()
                                .distinct()
                                .toList()),
                        Exclusions.NONE));
    }

    private static Object wrap(Object value) {
        return Collections.singletonList(value);
    }

    @Property(shrinking = ShrinkingMode.BOUNDED)
    void anExcludedMemberDoesNotMatterAndAnyOtherDoes(@ForAll("json") Object value, @ForAll("json") Object noise) {
        Map<String, Object> with = new HashMap<>();
        with.put("value", value);
        with.put("noise", noise);
        Map<String, Object> without = new HashMap<>();
        without.put("value", value);
        assertEquals(PYTHON.hash(without, Exclusions.NONE), PYTHON.hash(with, Exclusions.parse("/noise")));
        assertNotEquals(PYTHON.hash(without, Exclusions.NONE), PYTHON.hash(with, Exclusions.NONE));
    }

    @Property(shrinking = ShrinkingMode.BOUNDED)
    void jcsReadsBackAsTheSameTextWhereItDoesNotRefuse(@ForAll("json") Object value) {
        String written;
        try {
            written = new String(JCS.canonical(value, Exclusions.NONE), StandardCharsets.UTF_8);
        } catch (UnhashableException e) {
            return;
        }
        // Numbers come back as integers where they are; the text must not change by that.
        assertEquals(
                written,
                new String(
                        JCS.canonical(asDoubles(JsonReader.read(written)), Exclusions.NONE), StandardCharsets.UTF_8));
    }

    private static Object asDoubles(Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(asDoubles(element)));
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, member) -> copy.put(key, asDoubles(member)));
            return copy;
        }
        return value;
    }

    @Property(shrinking = ShrinkingMode.BOUNDED)
    void anyTextIsReadOrRefusedWithAPlace(@ForAll("almostJson") String text) {
        try {
            python(JsonReader.read(text));
        } catch (JsonReader.MalformedJsonException e) {
            assertEquals(
                    true, e.line() >= 1 && e.column() >= 1 && !e.getMessage().isEmpty(), text);
        } catch (UnhashableException e) {
            assertEquals(true, e.getMessage().contains("500 levels"), text);
        }
    }

    /** JSON with characters put in, taken out and doubled. */
    @Provide
    Arbitrary<String> almostJson() {
        return Arbitraries.oneOf(
                Arbitraries.strings()
                        .withChars("{}[]\",:0123456789.eE+-truefalsn\\u \nNIy".toCharArray())
                        .ofMaxLength(40),
                json().flatMap(value -> {
                    String good = python(value);
                    return Arbitraries.integers()
                            .between(0, good.length())
                            .flatMap(at -> Arbitraries.of("", "\"", "{", "]", ",", "\\", "0", "e", "\u0000")
                                    .map(put -> good.substring(0, at)
                                            + put
                                            + good.substring(Math.min(good.length(), at + 1))));
                }));
    }
}
