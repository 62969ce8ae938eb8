package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Results of types that say next to nothing: texts, numbers, booleans and characters come back as they were, of their own class. */
class OpenValueTest {

    private static final List<Object> SCALARS = Arrays.asList(
            "text",
            "",
            "long 5",
            "5",
            "true",
            "null",
            "{",
            "gr\u00f6\u00dfe \ud83d\ude02",
            true,
            false,
            0,
            -7,
            Integer.MAX_VALUE,
            5L,
            Long.MIN_VALUE,
            (short) 3,
            (byte) -1,
            1.5f,
            Float.NaN,
            2.5,
            -0.0,
            5e300,
            Double.MIN_VALUE,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            new BigDecimal("1.50"),
            new BigDecimal("1E+3"),
            BigInteger.ONE.shiftLeft(100),
            BigInteger.TEN,
            'x',
            ' ',
            '\ud83d');

    private static String written(ResultJson json, Object value) {
        ResultBytes bytes = new ResultBytes(10_000);
        json.write(value, bytes);
        return bytes.text();
    }

    static Stream<Arguments> typesAndValues() {
        return Stream.of(Object.class, Serializable.class, Comparable.class, CharSequence.class, Number.class)
                .flatMap(type -> SCALARS.stream().filter(type::isInstance).map(value -> Arguments.of(type, value)));
    }

    @ParameterizedTest
    @MethodSource("typesAndValues")
    void aScalarComesBackAsItWas(Class<?> type, Object value) {
        ResultJson json = new ResultJson(type, OpenValueTest.class, /* part= */ false);
        Object back = json.read(written(json, value));
        assertEquals(value, back);
        assertEquals(value.getClass(), back.getClass());
    }

    @ParameterizedTest
    @ValueSource(classes = {Object.class, Serializable.class, Comparable.class, CharSequence.class, Number.class})
    void nullComesBack(Class<?> type) {
        ResultJson json = new ResultJson(type, OpenValueTest.class, /* part= */ false);
        assertEquals("null", written(json, null));
        assertNull(json.read("null"));
    }

    @Test
    void otherValuesAreWrittenOnlyIfTheyComeBackEqual() {
        ResultJson json = new ResultJson(Object.class, OpenValueTest.class, /* part= */ false);
        Object tree = Map.of("a", List.of(1, "x", true));
        assertEquals(tree, json.read(written(json, tree)));
        assertThrows(RuntimeException.class, () -> written(json, List.of(5L)));
        ResultJson text = new ResultJson(CharSequence.class, OpenValueTest.class, /* part= */ false);
        assertThrows(RuntimeException.class, () -> written(text, new StringBuilder("not a String")));
    }

    @Test
    void whatIsStoredNamesNoClass() {
        for (String text : new String[] {"java.lang.Long 5", "Long 5", "class java.lang.Runtime", "longer 5"}) {
            assertNull(OpenValue.read(text));
        }
        for (String text : new String[] {"long x", "char xy", "char ", "short 70000", "decimal "}) {
            assertThrows(IllegalArgumentException.class, () -> OpenValue.read(text));
        }
        ResultJson number = new ResultJson(Number.class, OpenValueTest.class, /* part= */ false);
        assertThrows(ClassCastException.class, () -> number.read("\"text\""));
    }

    /** The items of a publisher stand in one list. */
    @Test
    void aPartOfALargerDocumentIsJson() {
        ResultJson item = new ResultJson(Object.class, OpenValueTest.class, /* part= */ true);
        assertEquals("5", written(item, 5));
        assertNotNull(item.read("\"text\""));
        assertThrows(RuntimeException.class, () -> written(item, 5L));
    }
}
