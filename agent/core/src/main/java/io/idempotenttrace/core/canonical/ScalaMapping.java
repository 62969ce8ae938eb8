package io.idempotenttrace.core.canonical;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Scala's types, of 2.12, 2.13 and 3. Case classes are objects of their elements ({@link ScalaProduct}), tuples lists, an Option what
 * it holds or null, {@code Left(1)} is {@code {"left":1}}, collections are maps, sorted sets and lists. What is evaluated only when it
 * is asked for (LazyList, Stream, views, iterators) is refused.
 */
final class ScalaMapping {

    private static final String COLLECTION = "scala.collection.";
    /** Its order depends on how it was filled. */
    private static final String HEAP = "scala.collection.mutable.PriorityQueue";

    private ScalaMapping() {}

    static ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        return switch (known.getName()) {
            case "scala.collection.Map" -> new ScalarMapping.Holder(ScalaMapping::map);
            case "scala.collection.Set" -> SORTED;
            case "scala.collection.Iterable" ->
                MappingRules.implementsNamed(type, HEAP) ? SORTED : new ScalarMapping.Holder(ScalaMapping::elements);
            case "scala.Option" -> option(known);
            case "scala.util.Either" -> either(known);
            case "scala.util.Try" -> attempt(known, type);
            case "scala.Enumeration$Value" -> new ScalarMapping.Text(Object::toString);
            case "scala.Symbol" -> text(LibraryMethod.of(known, "name"));
            case "scala.math.BigDecimal" -> decimal(LibraryMethod.of(known, "bigDecimal"));
            case "scala.math.BigInt" -> integer(LibraryMethod.of(known, "bigInteger"));
            case "scala.concurrent.duration.Duration" -> duration(known);
            case "scala.runtime.BoxedUnit" -> new ScalarMapping.Holder(value -> null);
            case "scala.reflect.Enum", "scala.Product" -> ScalaProduct.of(known, type);
            default ->
                new RefusedMapping(
                        type.getName() + " is evaluated when it is asked for its elements, which hashing would do; hand"
                                + " over a List, or mark the parameter @Unhashed");
        };
    }

    /** An {@code object} is its name, as an enum's constant is; null for any other class. */
    static @Nullable ValueMapping ofShape(Class<?> type) {
        if (!type.getName().endsWith("$")) {
            return null;
        }
        try {
            Field module = type.getDeclaredField("MODULE$");
            if (!Modifier.isStatic(module.getModifiers()) || module.getType() != type) {
                return null;
            }
        } catch (NoSuchFieldException e) {
            return null;
        }
        String simple = type.getSimpleName();
        String name = simple.substring(0, simple.length() - 1);
        return new ScalarMapping.Text(value -> name);
    }

    private static ValueMapping option(Class<?> known) throws NoSuchMethodException {
        LibraryMethod isEmpty = LibraryMethod.of(known, "isEmpty");
        LibraryMethod get = LibraryMethod.of(known, "get");
        return new ScalarMapping.Holder(value -> isEmpty.isTrue(value) ? null : get.read(value));
    }

    private static ValueMapping either(Class<?> known) throws NoSuchMethodException {
        LibraryMethod isLeft = LibraryMethod.of(known, "isLeft");
        LibraryMethod element = LibraryMethod.of(ScalaProduct.product(known), "productElement", int.class);
        return new OneOf(value -> isLeft.isTrue(value) ? "left" : "right", value -> element.call(value, 0));
    }

    private static ValueMapping attempt(Class<?> known, Class<?> type) throws NoSuchMethodException {
        LibraryMethod isSuccess = LibraryMethod.of(known, "isSuccess");
        LibraryMethod element = LibraryMethod.of(ScalaProduct.product(type), "productElement", int.class);
        return new OneOf(value -> isSuccess.isTrue(value) ? "success" : "failure", value -> element.call(value, 0));
    }

    private static ValueMapping text(LibraryMethod method) {
        return new ScalarMapping.Text(value -> (String) method.read(value));
    }

    private static ValueMapping decimal(LibraryMethod method) {
        return new ScalarMapping.Holder(value -> (BigDecimal) method.read(value));
    }

    private static ValueMapping integer(LibraryMethod method) {
        return new ScalarMapping.Holder(value -> (BigInteger) method.read(value));
    }

    /** ISO-8601, as java.time's; an endless one by its name. */
    private static ValueMapping duration(Class<?> known) throws NoSuchMethodException {
        LibraryMethod isFinite = LibraryMethod.of(known, "isFinite");
        LibraryMethod nanos = LibraryMethod.of(known, "toNanos");
        return new ScalarMapping.Text(value -> isFinite.isTrue(value)
                ? Duration.ofNanos((Long) nanos.read(value)).toString()
                : value.toString());
    }

    /** Not by a wrapper of Scala's own: those differ between its versions. */
    private static Iterator<Object> iterator(Object collection, String typeName) {
        Object elements = LibraryMethods.of(collection, typeName, "iterator").read(collection);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return (Boolean) LibraryMethods.of(elements, COLLECTION + "Iterator", "hasNext")
                        .read(elements);
            }

            @Override
            public Object next() {
                return LibraryMethods.of(elements, COLLECTION + "Iterator", "next")
                        .read(elements);
            }
        };
    }

    private static Iterable<Object> elements(Object value) {
        return new Elements(() -> iterator(value, COLLECTION + "Iterable"));
    }

    private static Map<Object, Object> map(Object value) {
        Map<Object, Object> members = new LinkedHashMap<>();
        Iterator<Object> entries = iterator(value, COLLECTION + "Map");
        while (entries.hasNext()) {
            Object entry = entries.next();
            members.put(
                    LibraryMethods.of(entry, "scala.Tuple2", "_1").read(entry),
                    LibraryMethods.of(entry, "scala.Tuple2", "_2").read(entry));
        }
        return members;
    }

    private static final ValueMapping SORTED = new ValueMapping() {
        @Override
        void write(CanonicalWriter writer, Object value) {
            List<Object> elements = new ArrayList<>();
            iterator(value, COLLECTION + "Iterable").forEachRemaining(elements::add);
            writer.set(elements);
        }
    };
}
