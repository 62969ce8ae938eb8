package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collections;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The method's body gets its arguments as they were before they were hashed and asked for a key. */
class UntouchedPayloadTest {

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);

    private static String python(Object value) {
        return new String(PYTHON.canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII);
    }

    @Test
    void aCalendarIsNotComputed() {
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
        calendar.clear();
        calendar.set(2024, Calendar.AUGUST, 31);
        calendar.getTimeInMillis();
        calendar.set(Calendar.MONTH, Calendar.SEPTEMBER);
        // The 31st of September is the first of October.
        assertEquals("\"2024-10-01T00:00:00Z[UTC]\"", python(calendar));
        assertEquals("2024-10-01T00:00:00Z[UTC]", Pointer.parse("").textAt(calendar));
        calendar.set(Calendar.DAY_OF_MONTH, 30);
        assertEquals("2024-09-30T00:00:00Z", calendar.toInstant().toString());
    }

    // Maps

    /** As LazyMap of commons-collections and Groovy's withDefault do. */
    static class FillingItselfIn extends HashMap<String, String> {

        private static final long serialVersionUID = 1L;

        FillingItselfIn(Map<String, String> content) {
            super(content);
        }

        @Override
        public String get(Object key) {
            return computeIfAbsent((String) key, absent -> "none");
        }
    }

    static final class SayingThatItHasAll extends FillingItselfIn {

        private static final long serialVersionUID = 1L;

        SayingThatItHasAll(Map<String, String> content) {
            super(content);
        }

        @Override
        public boolean containsKey(Object key) {
            return true;
        }
    }

    static Stream<Map<String, String>> fillingThemselvesIn() {
        Map<String, String> content = Map.of("a", "1");
        return Stream.of(
                new FillingItselfIn(content),
                new SayingThatItHasAll(content),
                Collections.unmodifiableMap(new FillingItselfIn(content)),
                Collections.synchronizedMap(new SayingThatItHasAll(content)));
    }

    @ParameterizedTest
    @MethodSource("fillingThemselvesIn")
    void aMapDoesNotGetTheMemberThatAPointerAsksFor(Map<String, String> map) {
        Pointer id = Pointer.parse("/id");
        assertNull(id.textAt(map));
        assertFalse(id.matches(map));
        assertEquals("1", Pointer.parse("/a").textAt(map));
        assertEquals(Set.of("a"), map.keySet());
    }

    @Test
    void aMapInAccessOrderKeepsItsOrder() {
        Map<String, String> map = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);
        map.put("id", "o");
        map.put("a", "1");
        assertEquals("o", Pointer.parse("/id").textAt(map));
        assertEquals("o", Pointer.parse("/id").textAt(Collections.unmodifiableMap(map)));
        python(map);
        assertEquals(List.of("id", "a"), new ArrayList<>(map.keySet()));
    }

    /** As maps of HTTP headers are. */
    static final class WithoutCase extends AbstractMap<String, String> {

        private final TreeMap<String, String> content = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

        @Override
        public Set<Entry<String, String>> entrySet() {
            return content.entrySet();
        }

        @Override
        public String put(String key, String value) {
            return content.put(key, value);
        }

        @Override
        public boolean containsKey(Object key) {
            return content.containsKey(key);
        }
    }

    @Test
    void aMapIsAskedInItsOwnWay() {
        Map<String, String> headers = new WithoutCase();
        headers.put("Order-Id", "1");
        assertEquals("1", Pointer.parse("/order-id").textAt(headers));
        Map<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sorted.put("Order-Id", "2");
        assertEquals("2", Pointer.parse("/order-id").textAt(sorted));
        assertNull(Pointer.parse("/order-id").textAt(new LinkedHashMap<>(headers)));
        assertEquals("x", Pointer.parse("/7").textAt(new LinkedHashMap<>(Map.of(7, "x"))));
        assertNull(Pointer.parse("/a").textAt(new TreeMap<>(Map.of(7, "x"))));
    }

    // What can be read once

    static final class Once<T> implements Iterable<T> {

        private final Object source;

        Once(Object source) {
            this.source = source;
        }

        @Override
        @SuppressWarnings("unchecked")
        public Iterator<T> iterator() {
            return source instanceof Stream<?> stream ? (Iterator<T>) stream.iterator() : (Iterator<T>) source;
        }
    }

    /** By the field's declared type, though it is still closed. */
    static final class Lines implements Iterable<String> {

        private final String text;
        private BufferedReader reader;

        Lines(String text) {
            this.text = text;
        }

        @Override
        public Iterator<String> iterator() {
            if (reader == null) {
                reader = new BufferedReader(new StringReader(text));
            }
            return reader.lines().iterator();
        }
    }

    /** The iterator is out of reach of the fields. */
    static final class Hidden implements Iterable<String> {

        private final List<Iterator<String>> iterators;

        Hidden(Iterator<String> iterator) {
            iterators = List.of(iterator);
        }

        @Override
        public Iterator<String> iterator() {
            return iterators.get(0);
        }
    }

    static final class Around implements Iterable<Object> {

        private final Iterable<?> inner;

        Around(Iterable<?> inner) {
            this.inner = inner;
        }

        @Override
        @SuppressWarnings("unchecked")
        public Iterator<Object> iterator() {
            return (Iterator<Object>) inner.iterator();
        }
    }

    /** A bean beside its elements. */
    public static final class Page implements Iterable<String> {

        private final Iterator<String> elements;

        Page(Iterator<String> elements) {
            this.elements = elements;
        }

        public int getNumber() {
            return 1;
        }

        @Override
        public Iterator<String> iterator() {
            return elements;
        }
    }

    record Batch(String id, Iterable<String> spans) {}

    private static Iterable<String> lambda(Iterator<String> elements) {
        return () -> elements;
    }

    private static Iterable<String> anonymous(Iterator<String> elements) {
        return new Iterable<>() {
            @Override
            public Iterator<String> iterator() {
                return elements;
            }
        };
    }

    private static Arguments payload(String name, Function<Iterator<String>, Object> payload) {
        return Arguments.of(name, payload);
    }

    static Stream<Arguments> readOnce() {
        return Stream.of(
                payload("lambda", UntouchedPayloadTest::lambda),
                payload("in a record", elements -> new Batch("1", lambda(elements))),
                payload("anonymous", UntouchedPayloadTest::anonymous),
                payload("iterator", Once::new),
                payload("around one", elements -> new Around(new Around(new Once<>(elements)))),
                payload("around a lambda", elements -> new Around(lambda(elements))),
                payload("one iterator", Hidden::new),
                payload("bean", Page::new));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("readOnce")
    void whatCanBeReadOnceIsRefusedAndNotRead(String name, Function<Iterator<String>, Object> holder) {
        Iterator<String> elements = List.of("a", "b").iterator();
        Object payload = holder.apply(elements);
        assertRefused(payload);
        if (payload instanceof Iterable && !(payload instanceof Page)) {
            assertThrows(UnhashableException.class, () -> Pointer.parse("/0/0").matches(List.of(payload)));
        }
        assertEquals("a", elements.next());
        assertEquals("b", elements.next());
    }

    @Test
    void aStreamIsNotReadThroughAnIterable() {
        Stream<String> stream = Stream.of("a", "b");
        Iterable<String> byReference = stream::iterator;
        assertRefused(byReference);
        assertRefused(new Once<>(stream));
        assertEquals(List.of("a", "b"), stream.toList());
    }

    private static void assertRefused(Object payload) {
        UnhashableException refusal = assertThrows(UnhashableException.class, () -> python(List.of(payload)));
        assertTrue(refusal.getMessage().contains("may give its elements once only"), refusal.getMessage());
        assertTrue(refusal.pointer().startsWith("/0"), refusal.pointer());
    }

    @Test
    void aSourceThatIsStillToBeOpenedIsRefusedToo() {
        Lines lines = new Lines("a");
        assertThrows(UnhashableException.class, () -> python(lines));
        assertEquals("a", lines.iterator().next());
    }

    @Test
    void whatCanBeReadAgainIsHashed() {
        assertEquals("[\"a\"]", python(new Around(List.of("a"))));
        assertEquals("[\"a\"]", python(new Around(new Around(List.of("a")))));
        // One iterator for all that is empty.
        assertEquals("[]", python(new Around(Collections.emptyList())));
        assertEquals("a", Pointer.parse("/0").textAt(new Around(List.of("a"))));
    }
}
