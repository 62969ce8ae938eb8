package io.idempotenttrace.core.canonical;

import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import org.jspecify.annotations.Nullable;

/**
 * Finds an Iterable that gives its elements once only. Hashing would read them, the method's body would find none and complete, and the
 * message would count as done. An Iterable is taken for one that can be read again unless something shows the contrary: it is a lambda,
 * whose code may hand out one iterator again and again ({@code stream::iterator}); a field of its state is an iterator, a stream or
 * another source that is used up; or its iterator is the same object when it is asked again.
 *
 * <p>A Collection is not asked: its contract is that it can be read again.
 */
final class OneTimeSources {

    private static final Class<?>[] USED_UP = {
        Iterator.class,
        Spliterator.class,
        Enumeration.class,
        java.util.stream.BaseStream.class,
        java.io.Reader.class,
        java.io.InputStream.class,
        java.nio.channels.Channel.class
    };

    /** Known by name: their modules and libraries may be absent. */
    private static final List<String> USED_UP_BY_NAME =
            List.of("java.sql.ResultSet", "kotlin.sequences.ConstrainedOnceSequence");

    /** How many Iterables, each in a field of the one around it, are looked into. */
    private static final int DEEPEST = 5;

    private OneTimeSources() {}

    /** Why objects of the class are refused; null where the class alone does not show that. */
    static @Nullable String reason(Class<?> type) {
        if (MappingRules.isLambda(type)) {
            return reasonFor(type);
        }
        for (Field field : StateFields.of(type)) {
            if (isUsedUp(field.getType())) {
                return reasonFor(type);
            }
        }
        return null;
    }

    /** @throws UnhashableException if the elements can be read once only; they are not read for that */
    static void refuse(Iterable<?> elements) {
        if (elements instanceof Collection || elements instanceof Elements) {
            return;
        }
        if (holdsOne(elements, 0) || givesOneIterator(elements)) {
            throw new UnhashableException("", reasonFor(elements.getClass()), null);
        }
    }

    /** An iterator without elements may be one for all. */
    private static boolean givesOneIterator(Iterable<?> elements) {
        Iterator<?> first = elements.iterator();
        return first == elements.iterator() && first.hasNext();
    }

    private static boolean holdsOne(Object holder, int depth) {
        for (Field field : StateFields.of(holder.getClass())) {
            Object held = field.getType().isPrimitive() ? null : read(field, holder);
            if (held == null || held == holder) {
                continue;
            }
            Class<?> type = held.getClass();
            boolean nested = held instanceof Iterable && !(held instanceof Collection)
                    || MappingRules.implementsNamed(type, "kotlin.sequences.Sequence");
            if (isUsedUp(type) || nested && (reason(type) != null || depth < DEEPEST && holdsOne(held, depth + 1))) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Object read(Field field, Object holder) {
        try {
            return field.get(holder);
        } catch (IllegalAccessException e) {
            // StateFields gives only such as can be read.
            throw new IllegalStateException(field.toString(), e);
        }
    }

    private static boolean isUsedUp(Class<?> type) {
        return MappingRules.isOneOf(type, USED_UP)
                || USED_UP_BY_NAME.stream().anyMatch(name -> MappingRules.implementsNamed(type, name));
    }

    private static String reasonFor(Class<?> type) {
        return type.getName() + " may give its elements once only, and hashing would use them up; hand over a list of"
                + " them, or mark the parameter @Unhashed";
    }
}
