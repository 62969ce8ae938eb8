package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Below a type variable, a result is stored only if the caller can cast what comes back to what it was. */
class VariablePartsTest {

    static class Page<E> {
        public String name = "a";
        public List<E> items;
        public List<String> names = List.of("a");

        static <E> Page<E> of(List<E> items) {
            Page<E> page = new Page<>();
            page.items = items;
            return page;
        }
    }

    record Pair<A, B>(A first, B second) {}

    /** As applications declare results. */
    @SuppressWarnings({"unused", "TypeParameterUnusedInFormals"})
    interface Methods<K> {
        <T> T any();

        <C extends Collection<String>> C collection();

        <L extends List<String>> L list();

        <M extends Map<String, Integer>> M map();

        <D extends Date> D date();

        <P extends Page<String>> P page();

        <T> List<T> listOfAny();

        <T> Optional<T> optional();

        <T> Map<String, List<? extends T>> lists();

        <T extends Collection<String>> T[] array();

        <T extends List<String>> Page<T> pageOfAny();

        <T extends List<String>> Pair<List<String>, T> pair();

        K ofClass();

        <T extends Collection<String>> CompletableFuture<T> future();
    }

    private static ResultJson json(String method) throws Exception {
        Method declared = Methods.class.getDeclaredMethod(method);
        Type type = declared.getReturnType() == CompletableFuture.class
                ? ResultJson.genericParameterOf(declared.getGenericReturnType(), CompletableFuture.class, Methods.class)
                : declared.getGenericReturnType();
        return new ResultJson(type, Methods.class, /* part= */ false);
    }

    private static Object back(ResultJson json, Object value) {
        ResultBytes bytes = new ResultBytes(100_000);
        json.write(value, bytes);
        return json.read(bytes.text());
    }

    private static List<String> linked() {
        return new LinkedList<>(List.of("a"));
    }

    static Stream<Arguments> whatTheCallerCouldNotCast() {
        return Stream.of(
                Arguments.of("any", linked()),
                Arguments.of("any", new TreeMap<>(Map.of("a", 1))),
                Arguments.of("any", List.of(linked())),
                Arguments.of("collection", new LinkedHashSet<>(List.of("a"))),
                Arguments.of("collection", linked()),
                Arguments.of("list", linked()),
                Arguments.of("map", new TreeMap<>(Map.of("a", 1))),
                Arguments.of("date", new Timestamp(5)),
                Arguments.of("listOfAny", List.of(linked())),
                Arguments.of("optional", Optional.of(linked())),
                Arguments.of("lists", Map.of("a", List.of(linked()))),
                Arguments.of("array", new Collection<?>[] {linked()}),
                Arguments.of("pageOfAny", Page.of(List.of(linked()))),
                Arguments.of("pair", new Pair<>(linked(), linked())),
                Arguments.of("ofClass", linked()),
                Arguments.of("future", linked()));
    }

    @ParameterizedTest
    @MethodSource("whatTheCallerCouldNotCast")
    void whatTheCallerCouldNotCastIsNotStored(String method, Object value) throws Exception {
        ResultJson json = json(method);
        // One that comes back does not speak for those that follow.
        for (Object usual : List.of(new ArrayList<>(List.of("a")), new LinkedHashMap<>(Map.of("a", 1)), new Date(5))) {
            try {
                back(json, usual);
            } catch (RuntimeException anotherType) {
                // Of another of the methods.
            }
        }
        assertThrows(RuntimeException.class, () -> back(json, value));
    }

    static Stream<Arguments> whatTheCallerCanCast() {
        return Stream.of(
                Arguments.of("any", "text"),
                Arguments.of("any", 5L),
                // Of classes that nobody can name.
                Arguments.of("any", List.of("a")),
                Arguments.of("any", Arrays.asList("a", "b")),
                Arguments.of("any", Map.of("a", List.of(1))),
                Arguments.of("any", new HashMap<>(Map.of("a", 1))),
                Arguments.of("collection", new ArrayList<>(List.of("a"))),
                Arguments.of("map", Map.of("a", 1)),
                Arguments.of("date", new Date(5)),
                Arguments.of("listOfAny", linked()),
                Arguments.of("optional", Optional.of("a")),
                Arguments.of("lists", new TreeMap<>(Map.of("a", linked()))),
                Arguments.of("pair", new Pair<>(linked(), new ArrayList<>(List.of("a")))),
                Arguments.of("future", new ArrayList<>(List.of("a"))));
    }

    @ParameterizedTest
    @MethodSource("whatTheCallerCanCast")
    void whatTheCallerCanCastIsStored(String method, Object value) throws Exception {
        ResultJson json = json(method);
        assertEquals(value, back(json, value));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void anObjectIsStoredWithTheListsThatItsClassDeclares(String method, Page<?> page) throws Exception {
        assertEquals(page.items, ((Page<?>) back(json(method), page)).items);
    }

    static Stream<Arguments> pages() {
        return Stream.of(
                Arguments.of("page", Page.of(List.of("a"))), Arguments.of("pageOfAny", Page.of(List.of(List.of("a")))));
    }
}
