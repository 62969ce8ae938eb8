package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

    @Test
    void everyKindOfValueIsRead() {
        assertEquals(
                Map.of("a", Arrays.asList(1L, -0.5, 1e10, true, false, null, "x", List.of(), Map.of())),
                JsonReader.read(" {\"a\" : [1, -0.5, 1E+10, true, false, null, \"x\", [ ], { }] }\r\n\t"));
        assertEquals(List.of(0L, 0L, -0.0, Double.POSITIVE_INFINITY), JsonReader.read("[0,-0,-0.0,1e400]"));
        assertEquals(
                List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY),
                JsonReader.read("[NaN,Infinity,-Infinity]"));
        assertEquals(
                new BigInteger("123456789012345678901234567890"), JsonReader.read("123456789012345678901234567890"));
        assertEquals(
                "\"\\/\b\f\n\r\t\u00e9\uD83D\uDE02",
                JsonReader.read("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\\ud83d\\uDE02\""));
    }

    @Test
    void loneSurrogatesStayInNamesAndValues() {
        assertEquals(Map.of("\uDFFF", "\uD800"), JsonReader.read("{\"\\udfff\":\"\\ud800\"}"));
    }

    @Test
    void ofEqualNamesTheLastCounts() {
        assertEquals(Map.of("a", 2L), JsonReader.read("{\"a\":1,\"a\":2}"));
    }

    @Test
    void nestingDoesNotOverflowTheStack() {
        Object value = JsonReader.read("[".repeat(1_000_000) + "]".repeat(1_000_000));
        assertEquals(1, ((List<?>) value).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{1:1}",
                "\"",
                "\"\\",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\u١٢٣٤\"",
                "\"\n\"",
                "\"\u0000\"",
                "01",
                "-",
                "+1",
                ".5",
                "1.",
                "1e",
                "1e+",
                "-a",
                "nul",
                "truex",
                "TRUE",
                "nan",
                "+Infinity",
                "INF",
                "'a'",
                "[1]]",
                "{}{}",
                "// x\n1",
                "1,",
                "\u0000",
                "\uFEFF1",
                "١"
            })
    void whatIsNoJsonIsRefused(String text) {
        assertThrows(JsonReader.MalformedJsonException.class, () -> JsonReader.read(text));
    }

    @Test
    void whatRfc8785WroteForADoubleIsReadAsThatDoubleInItsForm() {
        assertEquals(295147905179352825856.0, JsonReader.read("295147905179352830000", CanonicalForm.JCS));
        assertEquals(
                new BigInteger("295147905179352825856"), JsonReader.read("295147905179352825856", CanonicalForm.JCS));
        assertEquals(-9223372036854775808.0, JsonReader.read("-9223372036854776000", CanonicalForm.JCS));
        assertEquals(9007199254740993L, JsonReader.read("9007199254740993", CanonicalForm.JCS));
        assertEquals(new BigInteger("9".repeat(400)), JsonReader.read("9".repeat(400), CanonicalForm.JCS));
        assertEquals(new BigInteger("295147905179352830000"), JsonReader.read("295147905179352830000"));
    }

    @Test
    void anErrorNamesItsPlaceInCharacters() {
        JsonReader.MalformedJsonException error =
                assertThrows(JsonReader.MalformedJsonException.class, () -> JsonReader.read("\n[\"\uD83D\uDE02\", x]"));
        assertEquals(List.of(2, 7), List.of(error.line(), error.column()));
        error = assertThrows(JsonReader.MalformedJsonException.class, () -> JsonReader.read("\uFEFF{}"));
        assertEquals(true, error.getMessage().contains("byte order mark"));
        error = assertThrows(JsonReader.MalformedJsonException.class, () -> JsonReader.read("[\"\\\u001b\"]"));
        assertEquals(true, error.getMessage().chars().noneMatch(Character::isISOControl));
    }

    @Test
    void anErrorNamesItsPlace() {
        JsonReader.MalformedJsonException error = assertThrows(
                JsonReader.MalformedJsonException.class, () -> JsonReader.read("{\n  \"a\": 1,\n  \"b\": x\n}"));
        assertEquals(List.of(3, 8), List.of(error.line(), error.column()));
    }
}
