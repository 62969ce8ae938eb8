package io.idempotenttrace.core.canonical;

import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Kotlin's types. An {@code object} is its name; a value class is the value that it wraps, in a box or not; unsigned numbers are their
 * value; kotlin.time and kotlinx.datetime ISO-8601. A Result is its value, or an object with the failure. A range is its ends. Pair,
 * Triple and data classes are beans. A Sequence is refused.
 */
final class KotlinMapping {

    private static final BigInteger UNSIGNED_LONG = BigInteger.ONE.shiftLeft(Long.SIZE);

    private KotlinMapping() {}

    static ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        return switch (known.getName()) {
            case "kotlin.Unit" -> new ScalarMapping.Holder(value -> null);
            case "kotlin.UByte" -> unsigned(known, value -> (Byte) value & 0xff);
            case "kotlin.UShort" -> unsigned(known, value -> (Short) value & 0xffff);
            case "kotlin.UInt" -> unsigned(known, value -> Integer.toUnsignedLong((Integer) value));
            case "kotlin.ULong" -> unsigned(known, KotlinMapping::unsignedLong);
            case "kotlin.Result" -> new ScalarMapping.Holder(LibraryMethod.of(known, "unbox-impl")::read);
            case "kotlin.Result$Failure" -> new OneOf(value -> "failure", KotlinMapping::exception);
            case "kotlin.time.Duration" -> duration(known);
            case "kotlin.text.Regex" ->
                new MembersMapping()
                        .with("pattern", LibraryMethod.of(known, "getPattern"))
                        .with("options", LibraryMethod.of(known, "getOptions"));
            case "kotlin.ranges.IntProgression", "kotlin.ranges.LongProgression", "kotlin.ranges.CharProgression" ->
                progression(known);
            case "kotlin.ranges.UIntProgression", "kotlin.ranges.ULongProgression" -> unsignedProgression(known, type);
            case "kotlin.ranges.ClosedRange" -> range(known, "getEndInclusive");
            case "kotlin.ranges.OpenEndRange" -> range(known, "getEndExclusive");
            case "kotlin.sequences.Sequence" ->
                new RefusedMapping(type.getName() + " is evaluated when it is asked for its elements, which"
                        + " hashing would do; hand over a list, or mark the parameter @Unhashed");
            // kotlin.time.Instant, kotlin.uuid.Uuid and kotlinx.datetime, each with one specified text.
            default -> new ScalarMapping.Text(Object::toString);
        };
    }

    /** Objects and value classes of the application's own; null for any other class. */
    static @Nullable ValueMapping ofShape(Class<?> type) throws NoSuchMethodException {
        if (!isAnnotated(type, "kotlin.Metadata")) {
            return null;
        }
        if (isAnnotated(type, "kotlin.jvm.JvmInline")) {
            return new ScalarMapping.Holder(LibraryMethod.of(type, "unbox-impl")::read);
        }
        return isObject(type) ? new ScalarMapping.Text(value -> type.getSimpleName()) : null;
    }

    private static boolean isAnnotated(Class<?> type, String annotation) {
        for (Annotation found : type.getDeclaredAnnotations()) {
            if (found.annotationType().getName().equals(annotation)) {
                return true;
            }
        }
        return false;
    }

    /** Known by its name, as an enum's constant is, whatever properties it has. */
    private static boolean isObject(Class<?> type) {
        boolean instance = false;
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                // The properties of an object are static. A companion's INSTANCE is a constant of the class around it.
                return false;
            }
            instance |= field.getName().equals("INSTANCE") && field.getType() == type;
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (!Modifier.isPrivate(constructor.getModifiers())) {
                return false;
            }
        }
        return instance;
    }

    private static ValueMapping unsigned(Class<?> known, java.util.function.Function<Object, Object> value)
            throws NoSuchMethodException {
        LibraryMethod unbox = LibraryMethod.of(known, "unbox-impl");
        return new ScalarMapping.Holder(box -> value.apply(unbox.read(box)));
    }

    private static Object unsignedLong(Object value) {
        long bits = (Long) value;
        return bits >= 0 ? (Object) bits : BigInteger.valueOf(bits).add(UNSIGNED_LONG);
    }

    private static Object exception(Object failure) {
        try {
            return failure.getClass().getField("exception").get(failure);
        } catch (ReflectiveOperationException e) {
            throw new UnhashableException(
                    "", failure.getClass().getName() + " does not tell its exception; mark the parameter @Unhashed", e);
        }
    }

    private static ValueMapping duration(Class<?> known) throws NoSuchMethodException {
        LibraryMethod unbox = LibraryMethod.of(known, "unbox-impl");
        LibraryMethod text = LibraryMethod.of(known, "toIsoString-impl", long.class);
        return new ScalarMapping.Text(value -> (String) text.read(unbox.read(value)));
    }

    /** Not its elements: there may be many. All empty ones are equal. */
    private static ValueMapping progression(Class<?> known) throws NoSuchMethodException {
        return ends(
                LibraryMethod.of(known, "isEmpty"),
                "first",
                LibraryMethod.of(known, "getFirst"),
                "last",
                LibraryMethod.of(known, "getLast"),
                LibraryMethod.of(known, "getStep"));
    }

    /** Behind the names of the getters is a hash of the value class that they give. */
    private static ValueMapping unsignedProgression(Class<?> known, Class<?> type) throws NoSuchMethodException {
        boolean ints = known.getSimpleName().startsWith("UInt");
        MembersMapping.Reader first = unsignedEnd(mangled(known, "getFirst-"), ints);
        MembersMapping.Reader last = unsignedEnd(mangled(known, "getLast-"), ints);
        return ends(
                LibraryMethod.of(type, "isEmpty"), "first", first, "last", last, LibraryMethod.of(known, "getStep"));
    }

    private static LibraryMethod mangled(Class<?> known, String prefix) throws NoSuchMethodException {
        for (java.lang.reflect.Method method : known.getMethods()) {
            if (method.getName().startsWith(prefix) && method.getParameterCount() == 0) {
                return LibraryMethod.of(known, method.getName());
            }
        }
        throw new NoSuchMethodException(known.getName() + "." + prefix);
    }

    private static MembersMapping.Reader unsignedEnd(LibraryMethod method, boolean ints) {
        return value ->
                ints ? (Object) Integer.toUnsignedLong((Integer) method.read(value)) : unsignedLong(method.read(value));
    }

    private static ValueMapping range(Class<?> known, String end) throws NoSuchMethodException {
        return ends(
                LibraryMethod.of(known, "isEmpty"),
                "start",
                LibraryMethod.of(known, "getStart"),
                end.equals("getEndInclusive") ? "endInclusive" : "endExclusive",
                LibraryMethod.of(known, end),
                null);
    }

    private static ValueMapping ends(
            LibraryMethod isEmpty,
            String startName,
            MembersMapping.Reader start,
            String endName,
            MembersMapping.Reader end,
            @Nullable LibraryMethod step) {
        MembersMapping members = new MembersMapping()
                .withPresent("empty", value -> isEmpty.isTrue(value) ? true : null)
                .withPart(startName, start, value -> isEmpty.isTrue(value) ? null : start.read(value))
                .withPart(endName, end, value -> isEmpty.isTrue(value) ? null : end.read(value));
        return step == null
                ? members
                : members.withPart("step", step, value -> isEmpty.isTrue(value) ? null : step.read(value));
    }
}
