package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.testkit.FuzzInput;
import io.idempotenttrace.testkit.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Texts of other people: JSON, and pointers into it. Each is read, or refused in the way that is promised. */
class TextFuzzTest {

    private static final List<String> JSON = List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\\u00e9",
            "\\ud800",
            "null",
            "true",
            "NaN",
            "-Infinity",
            "1e400",
            "-0.0",
            "1E-7",
            "18446744073709551616",
            "[[[[[[[[",
            "{\"a\":",
            "\"a\":1",
            "\"b\":[]",
            "7777777777777777777777777777777777777777");

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);

    @Test
    void jsonIsReadOrMalformed() {
        Fuzzing.run("json", JSON, TextFuzzTest::readJson);
    }

    private static void readJson(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        for (CanonicalForm form : CanonicalForm.values()) {
            PayloadHasher hasher = new PayloadHasher(form);
            byte[] canonical;
            try {
                canonical = hasher.canonical(JsonReader.read(text, form), Exclusions.NONE);
            } catch (JsonReader.MalformedJsonException | UnhashableException refused) {
                continue;
            }
            String again = new String(canonical, StandardCharsets.UTF_8);
            assertArrayEquals(
                    canonical, hasher.canonical(JsonReader.read(again, form), Exclusions.NONE), "canonical JSON stays");
        }
    }

    /** As a payload that carries it: {@code |json} reads it exactly, and what is left out of it is left out of the hash. */
    @Test
    void jsonInATextIsReadOrKept() {
        Fuzzing.run("json-in-text", JSON, TextFuzzTest::readJsonInText);
    }

    private static void readJsonInText(byte[] data) {
        Object payload = Map.of("body", new String(data, StandardCharsets.UTF_8), "bytes", data);
        for (String pointer : List.of("/body|json/a", "/bytes|json/a", "/body|json/*/a|json/b", "/bytes|json/0")) {
            try {
                PYTHON.hash(payload, Exclusions.parse(pointer));
                Pointer.parsePlaces(pointer).textAt(payload);
            } catch (UnhashableException refused) {
                // Named with its place.
            }
        }
    }

    @Test
    void pointersAreReadOrRefused() {
        Fuzzing.run(
                "pointers",
                List.of("/a", "/", "~0", "~1", "~2", "~3json", "|json", "*", "/a/0/b|json/c/1/d"),
                TextFuzzTest::readPointer);
    }

    private static void readPointer(byte[] data) {
        FuzzInput input = new FuzzInput(data);
        boolean places = input.flag();
        String text = input.restAsText();
        Pointer pointer;
        try {
            pointer = places ? Pointer.parsePlaces(text) : Pointer.parse(text);
            Exclusions.parse(text);
        } catch (IllegalArgumentException refused) {
            return;
        }
        if (!places) {
            assertEquals(pointer.toString(), Pointer.parse(pointer.toString()).toString());
        }
        Object payload = Map.of("a", List.of(Map.of("b", "{\"c\":[1,{\"d\":2}]}")), "", 1, "0", List.of());
        try {
            pointer.textAt(payload);
            pointer.describeMiss(payload);
            PYTHON.hash(payload, Exclusions.parse(text));
        } catch (UnhashableException refused) {
            // Named with its place.
        }
    }

    @Test
    void formsAndSecretsAreReadOrRefused() {
        Fuzzing.run(
                "forms",
                List.of("python", "python-str", "python-unicode", "jcs", "+nonulls", "+hmac:", "k1"),
                TextFuzzTest::readForm);
    }

    private static void readForm(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        HashForm form = HashForm.named(text);
        if (form != null) {
            assertEquals(form, HashForm.named(form.text()));
        }
    }
}
