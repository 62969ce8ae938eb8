package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.AbstractCollection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A collection with the order of a hash table or a heap is written sorted; one that has an order of its own keeps it. */
class UnorderedCollectionsTest {

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);

    private static final String SORTED = "[\"a\",\"b\",\"c\",\"d\"]";

    private static final List<Named<UnaryOperator<Collection<Object>>>> WRAPPERS = List.of(
            Named.of("itself", UnaryOperator.identity()),
            Named.of("unmodifiable", Collections::unmodifiableCollection),
            Named.of("synchronized", Collections::synchronizedCollection),
            Named.of("checked", collection -> Collections.checkedCollection(collection, Object.class)),
            Named.of(
                    "unmodifiable around synchronized",
                    collection -> Collections.unmodifiableCollection(Collections.synchronizedCollection(collection))));

    private static String python(Object value) {
        return new String(PYTHON.canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII);
    }

    /** Keys whose places in a hash table are in another order than the values. */
    private static Map<Object, Object> filled(Map<Object, Object> map) {
        map.put(3, "a");
        map.put(1, "d");
        map.put(2, "b");
        map.put(0, "c");
        return map;
    }

    @SuppressWarnings("unchecked")
    private static Stream<Named<Collection<Object>>> wrapped(String name, Collection<?> collection) {
        return WRAPPERS.stream()
                .map(wrapper -> Named.of(
                        name + ", " + wrapper.getName(), wrapper.getPayload().apply((Collection<Object>) collection)));
    }

    static Stream<Named<Collection<Object>>> unordered() {
        List<String> elements = List.of("d", "c", "b", "a");
        return Stream.of(
                        wrapped("HashMap", filled(new HashMap<>()).values()),
                        wrapped("Hashtable", filled(new Hashtable<>()).values()),
                        wrapped("Properties", filled(new Properties()).values()),
                        wrapped("WeakHashMap", filled(new WeakHashMap<>()).values()),
                        wrapped(
                                "IdentityHashMap",
                                filled(new IdentityHashMap<>()).values()),
                        wrapped(
                                "ConcurrentHashMap",
                                filled(new ConcurrentHashMap<>()).values()),
                        wrapped(
                                "Map.copyOf",
                                Map.copyOf(filled(new HashMap<>())).values()),
                        wrapped(
                                "unmodifiableMap",
                                Collections.unmodifiableMap(filled(new HashMap<>()))
                                        .values()),
                        wrapped(
                                "synchronizedMap",
                                Collections.synchronizedMap(Map.copyOf(filled(new HashMap<>())))
                                        .values()),
                        wrapped("PriorityQueue", new PriorityQueue<>(elements)),
                        wrapped("PriorityBlockingQueue", new PriorityBlockingQueue<>(elements)),
                        wrapped("HashSet", new HashSet<>(elements)),
                        wrapped("Set.of", Set.of("d", "c", "b", "a")))
                .flatMap(all -> all);
    }

    @ParameterizedTest
    @MethodSource("unordered")
    void theOrderOfAHashTableOrAHeapIsNoPayload(Collection<Object> collection) {
        assertEquals(SORTED, python(collection));
        assertNull(Pointer.parse("/0").textAt(collection));
        assertFalse(Pointer.parse("/0").matches(collection));
    }

    static Stream<Named<Collection<Object>>> ordered() {
        List<String> elements = List.of("a", "d", "b", "c");
        Map<Object, Object> byKey = new LinkedHashMap<>();
        elements.forEach(element -> byKey.put(byKey.size(), element));
        Map<TimeUnit, String> byUnit = new EnumMap<>(TimeUnit.class);
        elements.forEach(element -> byUnit.put(TimeUnit.values()[byUnit.size()], element));
        TreeMap<Object, Object> sorted = new TreeMap<>(byKey);
        return Stream.of(
                        wrapped("LinkedHashMap", byKey.values()),
                        wrapped("TreeMap", sorted.values()),
                        // Their values are of the class of those of Map.of.
                        wrapped("headMap", sorted.headMap(9).values()),
                        wrapped("ConcurrentSkipListMap", new ConcurrentSkipListMap<>(sorted).values()),
                        wrapped("EnumMap", byUnit.values()),
                        wrapped("ArrayList", new ArrayList<>(elements)),
                        wrapped("List.of", elements),
                        wrapped("ArrayDeque", new ArrayDeque<>(elements)),
                        wrapped("ConcurrentLinkedQueue", new ConcurrentLinkedQueue<>(elements)))
                .flatMap(all -> all);
    }

    @ParameterizedTest
    @MethodSource("ordered")
    void anOrderOfItsOwnIsKept(Collection<Object> collection) {
        assertEquals("[\"a\",\"d\",\"b\",\"c\"]", python(collection));
        assertEquals("d", Pointer.parse("/1").textAt(collection));
    }

    @Test
    void insertingInAnotherOrderMakesNoOtherPayload() {
        assertEquals(
                python(new PriorityQueue<>(List.of("c", "b", "a", "d"))),
                python(new PriorityQueue<>(List.of("a", "b", "d", "c"))));
        Map<String, String> one = new HashMap<>();
        one.put("Aa", "1");
        one.put("BB", "2");
        Map<String, String> other = new HashMap<>();
        other.put("BB", "2");
        other.put("Aa", "1");
        assertEquals(python(one.values()), python(other.values()));
        assertEquals("[\"x\",\"x\"]", python(new HashMap<>(Map.of(1, "x", 2, "x")).values()));
    }

    /** A set in an order that it keeps is no hash table behind a wrapper. */
    @Test
    void aLinkedSetBehindAWrapperKeepsItsOrder() {
        assertEquals(
                "[\"b\",\"a\"]", python(Collections.unmodifiableCollection(new LinkedHashSet<>(List.of("b", "a")))));
    }

    /** Gives its elements in an order, and looks for them in a table that refuses null. */
    private static final class Indexed extends AbstractCollection<Object> {

        private final List<String> elements;
        private final Map<String, Boolean> index;

        Indexed(List<String> elements) {
            this.elements = elements;
            index = elements.stream().collect(Collectors.toUnmodifiableMap(element -> element, element -> true));
        }

        @Override
        public Iterator<Object> iterator() {
            return List.<Object>copyOf(elements).iterator();
        }

        @Override
        public int size() {
            return elements.size();
        }

        @Override
        public boolean contains(Object element) {
            return index.containsKey(element);
        }
    }

    @Test
    void aTableInsideACollectionOfTheApplicationSaysNothingOfItsOrder() {
        assertEquals("[\"b\",\"a\"]", python(Collections.unmodifiableCollection(new Indexed(List.of("b", "a")))));
    }

    /** A class of the application with a state of its own. */
    static final class Jobs extends PriorityQueue<String> {

        private static final long serialVersionUID = 1;

        private final String tenant;

        Jobs(String tenant, List<String> jobs) {
            this.tenant = tenant;
            addAll(jobs);
        }

        public String getTenant() {
            return tenant;
        }
    }

    @Test
    void aQueueWithAStateOfItsOwnIsSortedToo() {
        assertEquals(
                "{\"elements\":" + SORTED + ",\"tenant\":\"t\"}", python(new Jobs("t", List.of("d", "c", "b", "a"))));
    }
}
