package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Vavr's types: an Option what it holds or null, {@code Left(1)} as {@code {"left":1}}, a Try its success or failure, tuples and
 * sequences lists, maps and sets as Java's. What is evaluated later or iterates in no order that tells all (Stream, Iterator, Lazy,
 * Future, Tree) is refused.
 */
final class VavrMapping {

    private VavrMapping() {}

    static ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        return switch (known.getName()) {
            case "io.vavr.Tuple" -> holder(LibraryMethod.of(known, "toSeq"));
            case "io.vavr.control.Option" -> {
                LibraryMethod isEmpty = LibraryMethod.of(known, "isEmpty");
                LibraryMethod get = LibraryMethod.of(known, "get");
                yield new ScalarMapping.Holder(value -> isEmpty.isTrue(value) ? null : get.read(value));
            }
            case "io.vavr.control.Either" -> oneOf(known, "isLeft", "left", "getLeft", "right");
            case "io.vavr.control.Try" -> oneOf(known, "isFailure", "failure", "getCause", "success");
            case "io.vavr.control.Validation" -> oneOf(known, "isInvalid", "invalid", "getError", "valid");
            case "io.vavr.collection.Map" -> holder(LibraryMethod.of(known, "toJavaMap"));
            case "io.vavr.collection.Multimap" -> multimap(LibraryMethod.of(known, "toJavaMap"));
            case "io.vavr.collection.Set", "io.vavr.collection.Multiset" -> new SortedElements();
            case "io.vavr.collection.Traversable" -> ContainerMapping.ITERABLE;
            default ->
                new RefusedMapping(
                        type.getName() + " is evaluated when it is asked for what it holds, or does not tell all of it;"
                                + " hand over a list or map, or mark the parameter @Unhashed");
        };
    }

    private static ValueMapping holder(LibraryMethod content) {
        return new ScalarMapping.Holder(content::read);
    }

    private static ValueMapping oneOf(Class<?> known, String isOther, String otherName, String other, String name)
            throws NoSuchMethodException {
        LibraryMethod isOtherMethod = LibraryMethod.of(known, isOther);
        LibraryMethod otherMethod = LibraryMethod.of(known, other);
        LibraryMethod get = LibraryMethod.of(known, "get");
        return new OneOf(
                value -> isOtherMethod.isTrue(value) ? otherName : name,
                value -> isOtherMethod.isTrue(value) ? otherMethod.read(value) : get.read(value));
    }

    /** A multimap of sets gives sets. */
    private static ValueMapping multimap(LibraryMethod toJavaMap) {
        return new ScalarMapping.Holder(value -> {
            Map<Object, Object> members = new LinkedHashMap<>();
            ((Map<?, ?>) toJavaMap.read(value))
                    .forEach((key, values) -> members.put(
                            key, values instanceof Set<?> ? values : new ArrayList<>((Collection<?>) values)));
            return members;
        });
    }

    /** Elements in an order that says nothing. */
    private static final class SortedElements extends ValueMapping {
        @Override
        void write(CanonicalWriter writer, Object value) {
            List<Object> elements = new ArrayList<>();
            ((Iterable<?>) value).forEach(elements::add);
            writer.set(elements);
        }
    }
}
