package io.idempotenttrace.weaver;

import io.idempotenttrace.core.canonical.LibraryContainers;
import io.idempotenttrace.core.canonical.StateFields;
import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether what was read back from a result's JSON is what the body returned. JSON loses what it does not show and what nothing sets again:
 * the class of an element that is below the declared one, a field without getter, a property without setter, a Calendar's zone. A
 * duplicate would get another value than the first caller, so such a result is not stored.
 *
 * <p>Containers are compared by their content and arrays by their elements, since a {@code List.of()} comes back as another list. Values
 * of the JDK are compared by {@code equals}. Two objects of the application are the same if they are of one class and hold the
 * same in the fields that are their state. Most of these classes have no equals, or one that compares an id. One that its class keeps as a
 * constant is the same only as itself. Made for one comparison.
 */
final class ReadBack {

    /** To find a method takes longer than to compare two values. */
    private static final ClassValue<Boolean> HAVE_EQUALS = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return SuperTypes.overrides(type, "equals", Object.class);
        }
    };

    /** The comparators that a container without a comparator of its own stands for, or of which its order alone tells, by their classes. */
    private static final Set<String> NATURAL = Set.of(
            "java.util.Comparators$NaturalOrderComparator",
            "com.google.common.collect.NaturalOrdering",
            "kotlin.comparisons.NaturalOrderComparator");

    private static final Set<String> REVERSE = Set.of(
            "java.util.Collections$ReverseComparator",
            "com.google.common.collect.ReverseNaturalOrdering",
            "kotlin.comparisons.ReverseOrderComparator");

    /** In the names of containers of the JDK and of libraries that answer otherwise than others with the same content. */
    private static final List<String> OWN_ANSWERS =
            List.of("CaseInsensitive", "WithDefault", "DefaultedMap", "LazyMap", "LazyList", "IdentityHashMap");

    /** The usual containers, which are their content and nothing else. */
    private static final Set<Class<?>> USUAL = Set.of(
            ArrayList.class, LinkedList.class, HashSet.class, LinkedHashSet.class, HashMap.class, LinkedHashMap.class);

    private static final ClassValue<Boolean> ONLY_CONTENT = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return USUAL.contains(type) || HeldWork.isHolding(type);
        }
    };

    /** Two objects that are compared, by what they are. */
    private record Pair(Object value, Object back) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Pair pair && value == pair.value && back == pair.back;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(value) * 31 + System.identityHashCode(back);
        }
    }

    /** What is being compared, or was found the same: an object may contain itself. */
    private final Set<Pair> met = new HashSet<>();

    /** Whether also a collection that is neither list nor set must come back as one: the declared type does not say which it is. */
    private final boolean kindsCount;

    private ReadBack(boolean kindsCount) {
        this.kindsCount = kindsCount;
    }

    /** @param kindsCount whether a queue that comes back as a list is another value */
    static boolean isSame(@Nullable Object value, @Nullable Object back, boolean kindsCount) {
        return new ReadBack(kindsCount).same(value, back, /* part= */ false);
    }

    /** @param part whether the value is in a field of an object */
    private boolean same(@Nullable Object value, @Nullable Object back, boolean part) {
        if (value == back) {
            return true;
        }
        if (value == null || back == null) {
            return false;
        }
        if (value instanceof String || value instanceof Number && back.getClass() == value.getClass()) {
            return value.equals(back)
                    || !(value instanceof Comparable) && value.toString().equals(back.toString());
        }
        Pair pair = new Pair(value, back);
        if (!met.add(pair)) {
            return true;
        }
        boolean same = sameParts(value, back, part);
        if (!same) {
            // A set compares them anew if it looks for another order.
            met.remove(pair);
        }
        return same;
    }

    private boolean sameParts(Object value, Object back, boolean part) {
        if (value.getClass().isArray()) {
            return back.getClass().isArray() && sameArrays(value, back, part);
        }
        if (value instanceof Map<?, ?> map) {
            return back instanceof Map<?, ?> other && sameMaps(map, other, part) && sameBeside(value, back);
        }
        if (value instanceof Collection<?> collection) {
            return back instanceof Collection<?> other
                    && sameCollections(collection, other, part)
                    && sameBeside(value, back);
        }
        return SuperTypes.isPlatform(value.getClass()) ? samePlatform(value, back, part) : sameObjects(value, back);
    }

    private boolean sameArrays(Object value, Object back, boolean part) {
        if (value.getClass().getComponentType().isPrimitive()) {
            return Objects.deepEquals(value, back);
        }
        int length = Array.getLength(value);
        boolean same = length == Array.getLength(back);
        for (int i = 0; same && i < length; i++) {
            same = same(Array.get(value, i), Array.get(back, i), part);
        }
        return same;
    }

    private boolean sameCollections(Collection<?> value, Collection<?> back, boolean part) {
        // A set equals no list, which a declared Collection comes back as. A queue equals nothing but itself.
        boolean otherKind = value instanceof Set != back instanceof Set
                || value instanceof List != back instanceof List && (kindsCount || value instanceof List);
        if (value.size() != back.size() || otherKind) {
            return false;
        }
        Iterator<?> others = back.iterator();
        for (Object element : value) {
            if (!others.hasNext() || !same(element, others.next(), part)) {
                // A set in hash order may iterate otherwise than the one that was made of its elements.
                return value instanceof Set
                        && !(value instanceof SortedSet)
                        && back instanceof Set
                        && sameInAnyOrder(value, back, part);
            }
        }
        return true;
    }

    /** An element that only equals one of the other set may differ from it: the equals of the application may compare an id. */
    private boolean sameInAnyOrder(Collection<?> value, Collection<?> back, boolean part) {
        Map<Object, Object> others = byThemselves(back);
        for (Object element : value) {
            if (!others.containsKey(element) || !same(element, others.remove(element), part)) {
                return false;
            }
        }
        return others.isEmpty();
    }

    private static Map<Object, Object> byThemselves(Collection<?> elements) {
        Map<Object, Object> found = new HashMap<>();
        for (Object element : elements) {
            found.put(element, element);
        }
        return found;
    }

    private boolean sameMaps(Map<?, ?> value, Map<?, ?> back, boolean part) {
        if (value.size() != back.size()) {
            return false;
        }
        Iterator<? extends Map.Entry<?, ?>> others = back.entrySet().iterator();
        Map<Object, Object> otherKeys = null;
        for (Map.Entry<?, ?> entry : value.entrySet()) {
            Object key = entry.getKey();
            if (otherKeys == null && others.hasNext()) {
                Map.Entry<?, ?> other = others.next();
                if (same(key, other.getKey(), part)) {
                    if (!same(entry.getValue(), other.getValue(), part)) {
                        return false;
                    }
                    continue;
                }
            }
            if (otherKeys == null) {
                // From here on the other map iterates in another order.
                otherKeys = byThemselves(back.keySet());
            }
            if (value instanceof SortedMap
                    || !otherKeys.containsKey(key)
                    || !same(key, otherKeys.get(key), part)
                    || !same(entry.getValue(), back.get(key), part)) {
                return false;
            }
        }
        return true;
    }

    /** What a container is beside its content: its order, and what a class of the application adds to a container of the JDK. */
    private boolean sameBeside(Object value, Object back) {
        Class<?> level = value.getClass();
        if (!sameOrder(value, back)) {
            return false;
        }
        if (level != back.getClass()) {
            return !answersOtherwise(level) && !(kindsCount && isApplicationsOwn(level));
        }
        if (SuperTypes.isPlatform(level)) {
            return true;
        }
        while (!SuperTypes.isPlatform(level)) {
            level = level.getSuperclass();
        }
        // Below an abstract class the fields are what holds the content, with room to spare.
        return Modifier.isAbstract(level.getModifiers()) || level == Object.class || sameFields(value, back);
    }

    /** Whether it finds what the other finds: a map whose comparator ignores case finds more than one without a comparator. */
    private static boolean sameOrder(Object value, Object back) {
        Comparator<?> order = comparator(value);
        Comparator<?> other = comparator(back);
        if (isIn(NATURAL, order) ? isIn(NATURAL, other) : Objects.equals(order, other)) {
            return true;
        }
        if (isSorted(back)) {
            // The comparators of two objects of the application, each made by the same constructor.
            return order != null && other != null && order.getClass() == other.getClass();
        }
        return isIn(REVERSE, order);
    }

    private static boolean isIn(Set<String> names, @Nullable Comparator<?> comparator) {
        return comparator == null
                ? names == NATURAL
                : names.contains(comparator.getClass().getName());
    }

    private static boolean isSorted(Object container) {
        return container instanceof SortedMap
                || container instanceof SortedSet
                || container instanceof PriorityQueue
                || container instanceof PriorityBlockingQueue;
    }

    /** Null for the natural order, and for a container that is in none. */
    private static @Nullable Comparator<?> comparator(Object container) {
        if (container instanceof SortedMap<?, ?> map) {
            return map.comparator();
        }
        if (container instanceof SortedSet<?> set) {
            return set.comparator();
        }
        if (container instanceof PriorityQueue<?> queue) {
            return queue.comparator();
        }
        return container instanceof PriorityBlockingQueue<?> queue ? queue.comparator() : null;
    }

    /** Whether the container's elements are all that there is to it: it finds them by their equals, and is of one of the usual classes. */
    static boolean isOnlyContent(Object container) {
        return ONLY_CONTENT.get(container.getClass());
    }

    /** Whether a container finds its elements otherwise than by their equals, or has no place for all of them in another one. */
    static boolean isMoreThanContent(Object container) {
        return isSorted(container) || answersOtherwise(container.getClass());
    }

    private static boolean answersOtherwise(Class<?> type) {
        return OWN_ANSWERS.stream().anyMatch(type.getSimpleName()::contains)
                && (SuperTypes.isPlatform(type) || LibraryContainers.contains(type));
    }

    /** Whether the application has made the class for a reason: one without a name and without fields has a container filled where it is made. */
    private static boolean isApplicationsOwn(Class<?> type) {
        return !SuperTypes.isPlatform(type)
                && !LibraryContainers.contains(type)
                && !(type.isAnonymousClass() && StateFields.of(type).isEmpty());
    }

    @SuppressWarnings("JavaUtilDate") // Results hold Dates.
    private boolean samePlatform(Object value, Object back, boolean part) {
        if (value instanceof Optional<?> optional) {
            return back instanceof Optional<?> other && same(optional.orElse(null), other.orElse(null), part);
        }
        if (value instanceof AtomicReference<?> reference) {
            return back instanceof AtomicReference<?> other && same(reference.get(), other.get(), part);
        }
        if (value instanceof Map.Entry<?, ?> entry) {
            return back instanceof Map.Entry<?, ?> other
                    && same(entry.getKey(), other.getKey(), part)
                    && same(entry.getValue(), other.getValue(), part);
        }
        if (value instanceof Throwable thrown) {
            return sameThrowables(thrown, back, part);
        }
        if (value instanceof Pattern pattern) {
            return back instanceof Pattern other
                    && pattern.pattern().equals(other.pattern())
                    && pattern.flags() == other.flags();
        }
        if (value instanceof Date date && back.getClass() == Date.class) {
            // A driver's Timestamp in a place that is declared to hold milliseconds.
            return date.getTime() == ((Date) back).getTime();
        }
        if (hasEquals(value)) {
            return value.equals(back);
        }
        boolean text =
                value instanceof CharSequence || value.getClass().getName().startsWith("java.util.concurrent.atomic.");
        return text ? back.getClass() == value.getClass() && value.toString().equals(back.toString()) : part;
    }

    private boolean sameThrowables(Throwable value, Object back, boolean part) {
        return back.getClass() == value.getClass()
                && Objects.equals(value.getMessage(), ((Throwable) back).getMessage())
                && same(value.getCause(), ((Throwable) back).getCause(), part);
    }

    private boolean sameObjects(Object value, Object back) {
        Class<?> type = value.getClass();
        if (value instanceof Enum || isCode(value)) {
            return false;
        }
        if (!hasEquals(value) && (Singletons.isConstant(value) || Singletons.isConstant(back))) {
            // It is known by what it is, and the other one is another.
            return false;
        }
        if (type != back.getClass()) {
            // A proxy or generated class in place of the one that is read.
            return hasEquals(value) && value.equals(back);
        }
        if (value instanceof Throwable thrown) {
            return sameThrowables(thrown, back, /* part= */ true) && sameFields(value, back);
        }
        return sameFields(value, back);
    }

    /** Whether it is code, and no state of which JSON could tell. */
    private static boolean isCode(@Nullable Object value) {
        return value != null
                && (value.getClass().isHidden()
                        || java.lang.reflect.Proxy.isProxyClass(value.getClass())
                        || SuperTypes.named("kotlin.Lazy", value.getClass()) != null);
    }

    private boolean sameFields(Object value, Object back) {
        for (Field field : StateFields.of(value.getClass())) {
            try {
                Object part = field.get(value);
                Object other = field.get(back);
                // Code that an object works with, the constructor has given to the other one too.
                boolean code = isCode(part) && isCode(other);
                if (!code && !same(part, other, /* part= */ true)) {
                    return false;
                }
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(field + " can't be read", e);
            }
        }
        return true;
    }

    private static boolean hasEquals(Object value) {
        return HAVE_EQUALS.get(value.getClass());
    }
}
