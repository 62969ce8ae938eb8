package io.idempotenttrace.survey;

import java.time.DayOfWeek;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.jar.Attributes;

/** Containers of the JDK. */
final class JdkContainers {

    private interface Filler<C> {
        C empty() throws Exception;
    }

    private JdkContainers() {}

    static void add(Survey survey) {
        Library lists = survey.library("java.util lists and queues", "in every program");
        for (Map.Entry<String, Filler<Collection<Object>>> kind : Map.<String, Filler<Collection<Object>>>of(
                        "ArrayList",
                        ArrayList::new,
                        "LinkedList",
                        LinkedList::new,
                        "Vector",
                        Vector::new,
                        "Stack",
                        Stack::new,
                        "ArrayDeque",
                        ArrayDeque::new,
                        "CopyOnWriteArrayList",
                        CopyOnWriteArrayList::new,
                        "ConcurrentLinkedQueue",
                        ConcurrentLinkedQueue::new,
                        "LinkedBlockingQueue",
                        LinkedBlockingQueue::new,
                        "LinkedBlockingDeque",
                        LinkedBlockingDeque::new,
                        "ArrayBlockingQueue",
                        () -> new ArrayBlockingQueue<>(9))
                .entrySet()) {
            list(lists, kind.getKey(), kind.getValue());
        }
        lists.type("List.of", () -> List.of("a", "b"))
                .same(() -> Arrays.asList("a", "b"))
                .part("order", () -> List.of("b", "a"))
                .part("one text for two", () -> List.of("ab"))
                .part("nothing", List::of);
        lists.type("List.subList", () -> new ArrayList<>(List.of("x", "a", "b")).subList(1, 3))
                .same(() -> List.of("a", "b"))
                .part("bounds", () -> new ArrayList<>(List.of("x", "a", "b")).subList(0, 2));
        lists.type("Collections.nCopies", () -> Collections.nCopies(2, "a"))
                .same(() -> List.of("a", "a"))
                .part("count", () -> Collections.nCopies(3, "a"));
        lists.type("PriorityQueue", () -> new PriorityQueue<>(List.of(3, 1, 2)))
                .same(() -> new PriorityQueue<>(List.of(1, 2, 3)))
                .part("element", () -> new PriorityQueue<>(List.of(3, 1, 4)))
                .part("one more", () -> new PriorityQueue<>(List.of(3, 1, 2, 2)));
        lists.type("PriorityBlockingQueue", () -> new PriorityBlockingQueue<>(List.of(3, 1, 2)))
                .same(() -> new PriorityBlockingQueue<>(List.of(1, 2, 3)))
                .part("element", () -> new PriorityBlockingQueue<>(List.of(3, 1, 4)));
        sets(survey);
        maps(survey);
    }

    private static void list(Library library, String name, Filler<Collection<Object>> empty) {
        library.type(name, () -> filled(empty, "a", "b"))
                .part("element", () -> filled(empty, "a", "c"))
                .part("order", () -> filled(empty, "b", "a"))
                .part("one more", () -> filled(empty, "a", "b", "b"))
                .part("nothing", empty::empty)
                .part("kind of element", () -> filled(empty, "a", 1))
                .part("kind of element, as text", () -> filled(empty, "a", "1"));
    }

    private static Collection<Object> filled(Filler<Collection<Object>> empty, Object... elements) throws Exception {
        Collection<Object> collection = empty.empty();
        collection.addAll(Arrays.asList(elements));
        return collection;
    }

    private static void sets(Survey survey) {
        Library sets = survey.library("java.util sets", "in every program");
        for (Map.Entry<String, Filler<Collection<Object>>> kind : Map.<String, Filler<Collection<Object>>>of(
                        "HashSet",
                        HashSet::new,
                        "LinkedHashSet",
                        LinkedHashSet::new,
                        "TreeSet",
                        TreeSet::new,
                        "ConcurrentSkipListSet",
                        ConcurrentSkipListSet::new,
                        "CopyOnWriteArraySet",
                        CopyOnWriteArraySet::new,
                        "ConcurrentHashMap.newKeySet",
                        ConcurrentHashMap::newKeySet,
                        "Collections.newSetFromMap",
                        () -> Collections.newSetFromMap(new IdentityHashMap<>()))
                .entrySet()) {
            Filler<Collection<Object>> empty = kind.getValue();
            sets.type(kind.getKey(), () -> filled(empty, "a", "b"))
                    .same(() -> filled(empty, "b", "a"))
                    .part("element", () -> filled(empty, "a", "c"))
                    .part("one more", () -> filled(empty, "a", "b", "c"))
                    .part("nothing", empty::empty);
        }
        sets.type("Set.of", () -> Set.of("a", "b", "c"))
                .same(() -> new LinkedHashSet<>(List.of("c", "b", "a")))
                .part("element", () -> Set.of("a", "b", "d"));
        sets.type("EnumSet", () -> EnumSet.of(DayOfWeek.MONDAY))
                .part("element", () -> EnumSet.of(DayOfWeek.FRIDAY))
                .part("all", () -> EnumSet.allOf(DayOfWeek.class));
        sets.type("BitSet", () -> bits(1, 70)).part("bit", () -> bits(2, 70)).part("high bit", () -> bits(1, 71));
        sets.type("set of lists", () -> Set.of(List.of(1, 2), List.of(3)))
                .part("element", () -> Set.of(List.of(2, 1), List.of(3)));
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }

    private static void maps(Survey survey) {
        Library maps = survey.library("java.util maps", "in every program");
        for (Map.Entry<String, Filler<Map<Object, Object>>> kind : Map.<String, Filler<Map<Object, Object>>>of(
                        "HashMap",
                        HashMap::new,
                        "LinkedHashMap",
                        LinkedHashMap::new,
                        "TreeMap",
                        TreeMap::new,
                        "Hashtable",
                        Hashtable::new,
                        "ConcurrentHashMap",
                        ConcurrentHashMap::new,
                        "ConcurrentSkipListMap",
                        ConcurrentSkipListMap::new,
                        "WeakHashMap",
                        WeakHashMap::new,
                        "IdentityHashMap",
                        IdentityHashMap::new,
                        "Properties",
                        Properties::new,
                        "Collections.unmodifiableMap",
                        LinkedHashMap::new)
                .entrySet()) {
            Filler<Map<Object, Object>> empty = kind.getValue();
            maps.type(kind.getKey(), () -> mapOf(empty, "a", "1", "b", "2"))
                    .same(() -> mapOf(empty, "b", "2", "a", "1"))
                    .part("value", () -> mapOf(empty, "a", "1", "b", "3"))
                    .part("name", () -> mapOf(empty, "a", "1", "c", "2"))
                    .part("exchanged", () -> mapOf(empty, "a", "2", "b", "1"))
                    .part("nothing", empty::empty);
        }
        maps.type("EnumMap", () -> new EnumMap<>(Map.of(DayOfWeek.MONDAY, 1)))
                .part("key", () -> new EnumMap<>(Map.of(DayOfWeek.FRIDAY, 1)))
                .part("value", () -> new EnumMap<>(Map.of(DayOfWeek.MONDAY, 2)));
        maps.type("Map.of", () -> Map.of("a", 1, "b", 2))
                .same(() -> new LinkedHashMap<>(Map.of("b", 2, "a", 1)))
                .part("value", () -> Map.of("a", 1, "b", 3))
                .partOfPayload("null", () -> Collections.singletonMap("a", null));
        maps.type("Map by records", () -> Map.of(new Pair("a", "b"), 1))
                .part("key", () -> Map.of(new Pair("a", "c"), 1));
        maps.type("SimpleEntry", () -> new AbstractMap.SimpleEntry<>("a", 1))
                .same(() -> Map.entry("a", 1))
                .part("key", () -> Map.entry("b", 1))
                .part("value", () -> Map.entry("a", 2));
        maps.type("java.util.jar.Attributes", () -> attributes("a")).part("value", () -> attributes("b"));
        maps.type("Properties with defaults", () -> withDefaults("a"))
                .partBesideEquals("default", () -> withDefaults("b"));
        maps.type("ResourceBundle", () -> bundle("a")).part("value", () -> bundle("b"));
        maps.type("map of lists of maps", () -> Map.of("a", List.of(Map.of("b", 1))))
                .part("leaf", () -> Map.of("a", List.of(Map.of("b", 2))));
    }

    private record Pair(String first, String second) {}

    private static Map<Object, Object> mapOf(Filler<Map<Object, Object>> empty, Object... namesAndValues)
            throws Exception {
        Map<Object, Object> map = empty.empty();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    private static Attributes attributes(String value) {
        Attributes attributes = new Attributes();
        attributes.putValue("Name", value);
        return attributes;
    }

    private static Properties withDefaults(String value) {
        Properties defaults = new Properties();
        defaults.setProperty("a", value);
        Properties properties = new Properties(defaults);
        properties.setProperty("b", "c");
        return properties;
    }

    private static ListResourceBundle bundle(String value) {
        return new ListResourceBundle() {
            @Override
            protected Object[][] getContents() {
                return new Object[][] {{"a", value}};
            }
        };
    }
}
