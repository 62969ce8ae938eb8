package io.idempotenttrace.core.canonical;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Spliterator;
import org.jspecify.annotations.Nullable;

/**
 * Collections that are no sets, and yet have an order that says nothing: that of a hash table, as the values of a HashMap, or of a heap,
 * as a PriorityQueue. Two that hold the same elements may give them in another order in another JVM, or after another history, so
 * they are hashed as sets are, by the order of their elements' canonical JSON.
 *
 * <p>They are known by the names of their classes. Where one class serves maps of both kinds, or hides the collection behind it, what the
 * collection is made of shows in the class of its iterator or spliterator; the packages of the JDK are closed to a look into its
 * fields. What shows nothing keeps the order that it gives.
 */
final class UnorderedCollections {

    /** Also what extends them. */
    private static final List<String> HEAPS = List.of(
            "java.util.PriorityQueue",
            "java.util.concurrent.PriorityBlockingQueue",
            "java.util.concurrent.DelayQueue",
            "com.google.common.collect.MinMaxPriorityQueue");

    /** In the names of the classes of a hash table or a heap, of which the views, iterators and spliterators are nested classes. */
    private static final List<String> UNORDERED = List.of(
            "HashMap",
            "Hashtable",
            "HashedMap",
            "UnifiedMap",
            "ReferenceMap",
            "MapMakerInternalMap",
            "PriorityQueue",
            "PriorityBlockingQueue");

    /** In the name of a hash table that keeps the order in which its entries came. */
    private static final String ORDERED = "Linked";

    /** The values of a map that is immutable, or of any other one that leaves its values to AbstractMap. */
    private static final Class<?> VALUES_OF_ABSTRACT_MAP = Map.of().values().getClass();

    /** What the JDK puts around a collection. */
    private static final Set<String> WRAPPERS = Set.of(
            "java.util.Collections$UnmodifiableCollection",
            "java.util.Collections$SynchronizedCollection",
            "java.util.Collections$CheckedCollection",
            "java.util.Collections$CheckedQueue");

    private UnorderedCollections() {}

    /** A collection's elements in no order: the agent's own view of what a class of the application extends. */
    static final class View extends AbstractCollection<Object> {

        private final Collection<?> elements;

        View(Collection<?> elements) {
            this.elements = elements;
        }

        @Override
        @SuppressWarnings("unchecked")
        public Iterator<Object> iterator() {
            return (Iterator<Object>) elements.iterator();
        }

        @Override
        public int size() {
            return elements.size();
        }
    }

    /** Of collections whose class does not tell whether they have an order. */
    static final ValueMapping AS_IT_IS_MADE = new ValueMapping() {
        @Override
        ValueMapping ofValue(Object value) {
            return mapping((Collection<?>) value);
        }

        @Override
        void write(CanonicalWriter writer, Object value) {
            mapping((Collection<?>) value).write(writer, value);
        }

        @Override
        @Nullable
        Object child(Object value, String segment) {
            return mapping((Collection<?>) value).child(value, segment);
        }

        @Override
        boolean hasChild(Object value, String segment) {
            return mapping((Collection<?>) value).hasChild(value, segment);
        }

        @Override
        List<String> childNames(Object value) {
            return List.of();
        }
    };

    /** @param type a class of collections, and neither of sets nor of bags */
    static ValueMapping mapping(Class<?> type) {
        if (List.class.isAssignableFrom(type) || type.isInterface()) {
            return ContainerMapping.ITERABLE;
        }
        if (type == View.class || HEAPS.stream().anyMatch(heap -> MappingRules.implementsNamed(type, heap))) {
            return ContainerMapping.SET;
        }
        if (SuperTypes.isPlatform(type)) {
            boolean hides = type == VALUES_OF_ABSTRACT_MAP || WRAPPERS.contains(type.getName());
            return hides ? AS_IT_IS_MADE : isUnordered(type) ? ContainerMapping.SET : ContainerMapping.ITERABLE;
        }
        return LibraryContainers.contains(type) ? AS_IT_IS_MADE : ContainerMapping.ITERABLE;
    }

    private static ValueMapping mapping(Collection<?> collection) {
        boolean unordered = SuperTypes.isPlatform(collection.getClass())
                ? hidesUnordered(collection)
                : isUnordered(collection.iterator().getClass()) || isOfHashMultimap(collection);
        return unordered ? ContainerMapping.SET : ContainerMapping.ITERABLE;
    }

    /** Whether the class is a part of a hash table or a heap of the JDK or of a library of containers. */
    private static boolean isUnordered(Class<?> part) {
        String name = part.getName();
        int nested = name.indexOf('$');
        String outer = name.substring(name.lastIndexOf('.') + 1, nested < 0 ? name.length() : nested);
        return !outer.contains(ORDERED)
                && UNORDERED.stream().anyMatch(outer::contains)
                && (SuperTypes.isPlatform(part) || LibraryContainers.isLibrarys(part));
    }

    /** The JDK's wrappers hand out the spliterator of what they wrap. That of a set is distinct. */
    private static boolean hidesUnordered(Collection<?> collection) {
        Spliterator<?> elements = collection.spliterator();
        if (elements.hasCharacteristics(Spliterator.ORDERED)) {
            return false;
        }
        return elements.hasCharacteristics(Spliterator.DISTINCT)
                || isUnordered(elements.getClass())
                || isOfTableWithoutNull(collection);
    }

    /**
     * The values of an immutable map and those of a Hashtable have a spliterator that tells nothing. But both refuse to look for null,
     * as is specified, and the failure's trace names the map.
     */
    private static boolean isOfTableWithoutNull(Collection<?> values) {
        try {
            // What the answer is does not matter, but whether there is one.
            boolean unused = values.contains(null);
            return false;
        } catch (NullPointerException e) {
            return isThrownByTable(e);
        } catch (RuntimeException e) {
            // A collection of the application that can't be asked.
            return false;
        }
    }

    /** Only code of the JDK's between the question and its failure: what a class of the application asks inside says nothing of it. */
    private static boolean isThrownByTable(NullPointerException failure) {
        boolean ofTable = false;
        for (StackTraceElement called : failure.getStackTrace()) {
            String name = called.getClassName();
            if (!name.startsWith("java.")) {
                return ofTable && name.equals(UnorderedCollections.class.getName());
            }
            ofTable |= name.startsWith("java.util.ImmutableCollections$Map") || name.equals("java.util.Hashtable");
        }
        return false;
    }

    /** Guava has one class of values for all its multimaps, which differ in their order. */
    private static boolean isOfHashMultimap(Collection<?> values) {
        if (!values.getClass().getName().equals("com.google.common.collect.AbstractMultimap$Values")) {
            return false;
        }
        try {
            for (Field field : values.getClass().getDeclaredFields()) {
                if (MappingRules.implementsNamed(field.getType(), "com.google.common.collect.Multimap")) {
                    field.setAccessible(true);
                    return field.get(values).getClass().getName().equals("com.google.common.collect.HashMultimap");
                }
            }
            return false;
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            // A module that is closed.
            return false;
        }
    }
}
