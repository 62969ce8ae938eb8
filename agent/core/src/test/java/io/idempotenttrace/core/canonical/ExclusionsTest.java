package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExclusionsTest {

    private static final PayloadHasher HASHER = new PayloadHasher(CanonicalForm.PYTHON);
    private static final Object DOCUMENT =
            JsonReader.read("{\"a\":{\"t\":1,\"x\":2},\"b\":[{\"t\":3},{\"t\":4,\"y\":5}],\"a/b\":6,\"m~n\":7,"
                    + "\"*\":{\"t\":8},\"\":9}");

    record Span(String id, Map<String, Integer> tags) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a|{\"\":9,\"*\":{\"t\":8},\"a/b\":6,\"b\":[{\"t\":3},{\"t\":4,\"y\":5}],\"m~n\":7}",
                "/a/t /b/0|{\"\":9,\"*\":{\"t\":8},\"a\":{\"x\":2},\"a/b\":6,\"b\":[{\"t\":4,\"y\":5}],\"m~n\":7}",
                "/*/t|{\"\":9,\"*\":{},\"a\":{\"x\":2},\"a/b\":6,\"b\":[{\"t\":3},{\"t\":4,\"y\":5}],\"m~n\":7}",
                "/b/*/t|{\"\":9,\"*\":{\"t\":8},\"a\":{\"t\":1,\"x\":2},\"a/b\":6,\"b\":[{},{\"y\":5}],\"m~n\":7}",
                "/~2|{\"\":9,\"a\":{\"t\":1,\"x\":2},\"a/b\":6,\"b\":[{\"t\":3},{\"t\":4,\"y\":5}],\"m~n\":7}",
                "/a~1b /m~0n /|{\"*\":{\"t\":8},\"a\":{\"t\":1,\"x\":2},\"b\":[{\"t\":3},{\"t\":4,\"y\":5}]}",
                "/none /a/t/deeper /b/x /b/7|{\"\":9,\"*\":{\"t\":8},\"a\":{\"t\":1,\"x\":2},\"a/b\":6,\"b\":[{\"t\":3},{\"t\":4,\"y\":5}],\"m~n\":7}",
                "/*|{}"
            })
    void whatPointersNameIsLeftOut(String pointers, String expected) {
        assertEquals(
                expected,
                new String(HASHER.canonical(DOCUMENT, Exclusions.parse(pointers.split(" "))), StandardCharsets.UTF_8));
    }

    @Test
    void beansAreCutAsTheirJsonIs() {
        assertEquals(
                "{\"tags\":{\"b\":2}}",
                new String(
                        HASHER.canonical(new Span("1", Map.of("a", 1, "b", 2)), Exclusions.parse("/id", "/tags/a")),
                        StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a/b", "/~", "/~3", "/a~"})
    void whatIsNoPointerIsRefused(String pointer) {
        assertThrows(IllegalArgumentException.class, () -> Exclusions.parse(pointer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "/~", "/~2"})
    void aPlainPointerHasNoWildcards(String pointer) {
        assertThrows(IllegalArgumentException.class, () -> Pointer.parse(pointer));
    }

    @Test
    void aPointerFindsTheTextOfAKeyPart() {
        Map<String, Object> root = Map.of(
                "text",
                "t:%",
                "number",
                1,
                "decimal",
                1.5,
                "flag",
                true,
                "list",
                List.of("a", Map.of("b", "c")),
                "span",
                new Span("s", Map.of("n", 7)),
                "*",
                "star",
                "set",
                Set.of(1),
                "é",
                "ü");
        assertEquals("t:%", Pointer.parse("/text").textAt(root));
        assertEquals("1", Pointer.parse("/number").textAt(root));
        assertEquals("1.5", Pointer.parse("/decimal").textAt(root));
        assertEquals("true", Pointer.parse("/flag").textAt(root));
        assertEquals("c", Pointer.parse("/list/1/b").textAt(root));
        assertEquals("s", Pointer.parse("/span/id").textAt(root));
        assertEquals("7", Pointer.parse("/span/tags/n").textAt(root));
        assertEquals("star", Pointer.parse("/*").textAt(root));
        assertEquals("ü", Pointer.parse("/é").textAt(root));
        assertEquals("{\"id\":\"s\",\"tags\":{\"n\":7}}", Pointer.parse("/span").textAt(root));
        assertEquals("whole", Pointer.parse("").textAt("whole"));
        for (String nothing : List.of("/none", "/text/x", "/list/2", "/list/-", "/list/01", "/set/0", "/span/none")) {
            assertNull(Pointer.parse(nothing).textAt(root), nothing);
        }
        assertNull(Pointer.parse("/x").textAt(null));
    }

    @Test
    void aPointerTellsTheNamesThatADeclaredTypeCanBeAskedFor() {
        assertEquals(List.of("a/b", "c"), Pointer.parse("/a~1b/c").names());
        assertEquals(List.of(), Pointer.parse("").names());
        assertEquals(List.of("text"), Pointer.parse("/text|json/id").names());
        assertTrue(Pointer.parse("/text|json/id").stepsIntoText());
        assertFalse(Pointer.parse("/text/id").stepsIntoText());
        assertFalse(Pointer.parse("").stepsIntoText());
    }

    @Test
    void onlyWhatNamesAPlaceLeavesOneOut() {
        assertTrue(Exclusions.parse("/a").hasPlaces());
        assertTrue(Exclusions.parse(List.of("/a"), List.of()).hasPlaces());
        assertFalse(Exclusions.NONE.hasPlaces());
        assertFalse(Exclusions.NONE.ofNullMembers(true).hasPlaces());
    }
}
