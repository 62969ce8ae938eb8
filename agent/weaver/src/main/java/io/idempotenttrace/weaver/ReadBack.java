package io.idempotenttrace.weaver;

import io.idempotenttrace.core.canonical.StateFields;
import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Date;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
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
 * same in the fields that are their state. Most of these classes have no equals, or one that compares an id. Made for one comparison.
 */
final class ReadBack {

    /** To find a method takes longer than to compare two values. */
    private static final ClassValue<Boolean> HAVE_EQUALS = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return SuperTypes.overrides(type, "equals", Object.class);
        }
    };

    /** What was met already: an object may contain itself. */
    private final IdentityHashMap<Object, Object> met = new IdentityHashMap<>();

    /** Whether a collection must come back as the kind of collection that it was: the declared type does not say which it is. */
    private final boolean kindsCount;

    private ReadBack(boolean kindsCount) {
        this.kindsCount = kindsCount;
    }

    /** @param kindsCount whether a set that comes back as a list is another value */
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
        if (met.put(value, back) != null) {
            return true;
        }
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
        boolean otherKind =
                value instanceof Set != back instanceof Set || value instanceof List != back instanceof List;
        if (value.size() != back.size() || kindsCount && otherKind) {
            return false;
        }
        Iterator<?> others = back.iterator();
        for (Object element : value) {
            if (!others.hasNext() || !same(element, others.next(), part)) {
                // A set in hash order may iterate otherwise than the one that was made of its elements.
                return value instanceof Set<?> set
                        && !(value instanceof SortedSet)
                        && back instanceof Set<?> other
                        && set.equals(other);
            }
        }
        return true;
    }

    private boolean sameMaps(Map<?, ?> value, Map<?, ?> back, boolean part) {
        if (value.size() != back.size()) {
            return false;
        }
        Iterator<? extends Map.Entry<?, ?>> others = back.entrySet().iterator();
        boolean inOrder = true;
        for (Map.Entry<?, ?> entry : value.entrySet()) {
            Map.Entry<?, ?> other = others.next();
            if (inOrder && same(entry.getKey(), other.getKey(), part)) {
                if (!same(entry.getValue(), other.getValue(), part)) {
                    return false;
                }
                continue;
            }
            // From here on the other map iterates in another order.
            inOrder = false;
            if (value instanceof SortedMap
                    || !back.containsKey(entry.getKey())
                    || !same(entry.getValue(), back.get(entry.getKey()), part)) {
                return false;
            }
        }
        return true;
    }

    /** What a class of the application adds to a container of the JDK. Where it comes back as another class, that is no part of the type. */
    private boolean sameBeside(Object value, Object back) {
        Class<?> level = value.getClass();
        if (SuperTypes.isPlatform(level) || level != back.getClass()) {
            return true;
        }
        while (!SuperTypes.isPlatform(level)) {
            level = level.getSuperclass();
        }
        // Below an abstract class the fields are what holds the content, with room to spare.
        return Modifier.isAbstract(level.getModifiers()) || level == Object.class || sameFields(value, back);
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
        if (value instanceof Enum) {
            return false;
        }
        if (type.isHidden()
                || java.lang.reflect.Proxy.isProxyClass(type)
                || SuperTypes.named("kotlin.Lazy", type) != null) {
            // Code, and no state of which JSON could tell.
            return true;
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

    private boolean sameFields(Object value, Object back) {
        for (Field field : StateFields.of(value.getClass())) {
            try {
                if (!same(field.get(value), field.get(back), /* part= */ true)) {
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
