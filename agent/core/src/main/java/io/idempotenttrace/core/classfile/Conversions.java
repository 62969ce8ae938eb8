package io.idempotenttrace.core.classfile;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Methods of well-known classes that hand on what they are given whole, and such as make something lesser of it. */
final class Conversions {

    /** Of the object that they are called on. */
    private static final Set<String> OF_RECEIVER = Set.of(
            "java/lang/Boolean.booleanValue",
            "java/lang/Character.charValue",
            "java/lang/Byte.byteValue",
            "java/lang/Short.shortValue",
            "java/lang/Integer.intValue",
            "java/lang/Integer.longValue",
            "java/lang/Long.longValue",
            "java/lang/Float.floatValue",
            "java/lang/Float.doubleValue",
            "java/lang/Double.doubleValue",
            "java/lang/String.toString",
            "java/lang/String.toCharArray",
            "java/lang/String.intern",
            "java/lang/StringBuilder.toString",
            "java/lang/StringBuffer.toString",
            "java/lang/Enum.name",
            "java/util/UUID.toString",
            "java/net/URI.toString",
            "java/lang/Integer.toString",
            "java/lang/Long.toString",
            "java/math/BigInteger.toString",
            "java/math/BigDecimal.toPlainString",
            "java/util/Date.getTime",
            "java/util/Date.toInstant",
            "java/util/Date.clone",
            "java/util/concurrent/atomic/AtomicBoolean.get",
            "java/util/concurrent/atomic/AtomicInteger.get",
            "java/util/concurrent/atomic/AtomicLong.get",
            "java/util/concurrent/atomic/AtomicReference.get",
            "java/util/concurrent/atomic/AtomicInteger.intValue",
            "java/util/concurrent/atomic/AtomicLong.longValue",
            "java/util/concurrent/atomic/LongAdder.sum",
            "java/util/concurrent/atomic/LongAdder.longValue",
            "java/util/concurrent/atomic/DoubleAdder.sum",
            "java/lang/ref/Reference.get",
            "java/util/Optional.orElse",
            "java/util/Optional.get",
            "java/util/Optional.orElseThrow",
            "java/util/OptionalInt.getAsInt",
            "java/util/OptionalLong.getAsLong",
            "java/util/OptionalDouble.getAsDouble",
            "java/nio/ByteBuffer.duplicate",
            "java/nio/ByteBuffer.asReadOnlyBuffer",
            "kotlin/Lazy.getValue",
            "java/util/BitSet.toLongArray",
            "java/util/BitSet.clone",
            "java/util/Map.entrySet",
            "java/time/Instant.toString",
            "java/time/Duration.toString",
            "java/time/LocalDate.toString",
            "java/time/OffsetDateTime.toString",
            "java/time/ZonedDateTime.toString");

    /** Of their first argument; the rest of their arguments are constants or of no account. */
    private static final Set<String> OF_ARGUMENT = Set.of(
            "java/lang/Boolean.valueOf",
            "java/lang/Character.valueOf",
            "java/lang/Byte.valueOf",
            "java/lang/Short.valueOf",
            "java/lang/Integer.valueOf",
            "java/lang/Long.valueOf",
            "java/lang/Float.valueOf",
            "java/lang/Double.valueOf",
            "java/lang/String.valueOf",
            "java/lang/Integer.toString",
            "java/lang/Long.toString",
            "java/util/Objects.requireNonNull",
            "java/util/Optional.of",
            "java/util/Optional.ofNullable",
            "java/util/OptionalInt.of",
            "java/util/OptionalLong.of",
            "java/util/OptionalDouble.of",
            "java/util/List.copyOf",
            "java/util/Set.copyOf",
            "java/util/Map.copyOf",
            "java/util/List.of",
            "java/util/Arrays.asList",
            "java/util/Arrays.copyOf",
            "java/nio/ByteBuffer.wrap",
            "java/util/UUID.fromString",
            "java/net/URI.create",
            "java/time/Instant.ofEpochMilli",
            "java/time/Instant.ofEpochSecond",
            "java/time/Instant.parse",
            "java/time/Duration.ofMillis",
            "java/time/Duration.ofNanos",
            "java/time/Duration.ofSeconds",
            "java/sql/Timestamp.from",
            "java/util/Date.from",
            "kotlin/collections/CollectionsKt.toList",
            "kotlin/collections/MapsKt.toMap");

    /** Constructors that copy or wrap their first argument. */
    private static final Set<String> CONSTRUCTORS = Set.of(
            "java/lang/String",
            "java/util/Date",
            "java/sql/Timestamp",
            "java/util/ArrayList",
            "java/util/LinkedList",
            "java/util/ArrayDeque",
            "java/util/HashSet",
            "java/util/LinkedHashSet",
            "java/util/TreeSet",
            "java/util/HashMap",
            "java/util/LinkedHashMap",
            "java/util/TreeMap",
            "java/util/concurrent/ConcurrentHashMap",
            "java/util/concurrent/CopyOnWriteArrayList",
            "java/math/BigInteger",
            "java/math/BigDecimal",
            "java/util/concurrent/atomic/AtomicBoolean",
            "java/util/concurrent/atomic/AtomicInteger",
            "java/util/concurrent/atomic/AtomicLong",
            "java/util/concurrent/atomic/AtomicReference");

    /** What they return tells not all of what they were called with. */
    private static final Set<String> LESSER_OF_TEXT = Set.of(
            "substring",
            "subSequence",
            "trim",
            "strip",
            "stripLeading",
            "stripTrailing",
            "stripIndent",
            "toUpperCase",
            "toLowerCase",
            "replace",
            "replaceAll",
            "replaceFirst",
            "charAt",
            "codePointAt",
            "split",
            "format",
            "formatted",
            "join",
            "indexOf",
            "lastIndexOf",
            "startsWith",
            "endsWith",
            "contains",
            "equals",
            "equalsIgnoreCase",
            "matches",
            "concat",
            "repeat",
            "compareTo");

    /** The same of numbers and times. */
    private static final Set<String> LESSER_OF_NUMBERS_AND_TIMES = Set.of(
            "java/math/BigDecimal.setScale",
            "java/math/BigDecimal.round",
            "java/math/BigDecimal.abs",
            "java/math/BigDecimal.signum",
            "java/math/BigDecimal.toBigInteger",
            "java/math/BigDecimal.intValue",
            "java/math/BigDecimal.longValue",
            "java/math/BigInteger.abs",
            "java/math/BigInteger.signum",
            "java/math/BigInteger.mod",
            "java/math/BigInteger.intValue",
            "java/math/BigInteger.longValue",
            "java/lang/Double.intValue",
            "java/lang/Double.longValue",
            "java/lang/Double.floatValue",
            "java/lang/Float.intValue",
            "java/lang/Float.longValue",
            "java/lang/Long.intValue",
            "java/time/Duration.toDays",
            "java/time/Duration.toHours",
            "java/time/Duration.toMinutes",
            "java/time/Duration.getSeconds",
            "java/time/Duration.toSeconds",
            "java/time/Duration.toMillis",
            "java/time/Instant.toEpochMilli",
            "java/time/Instant.getEpochSecond");

    /** The same of the elements of a stream of whichever kind. */
    private static final Set<String> LESSER_OF_STREAMS = Set.of(
            "filter",
            "limit",
            "skip",
            "distinct",
            "takeWhile",
            "dropWhile",
            "findFirst",
            "findAny",
            "count",
            "min",
            "max",
            "sum",
            "average",
            "allMatch",
            "anyMatch",
            "noneMatch");

    /** The same of a list's and a map's. */
    private static final Set<String> LESSER_OF_ELEMENTS = Set.of(
            "java/util/List.subList",
            "java/util/ArrayList.subList",
            "java/util/Optional.filter",
            "java/util/Optional.isPresent",
            "java/util/Map.values",
            "java/util/Map.keySet");

    private Conversions() {}

    /** The value that the call hands on whole; null if it is none of those. */
    static @Nullable Value kept(ClassFile.Reference called, @Nullable Value receiver, Value[] arguments) {
        String name = called.owner() + '.' + called.name();
        if (receiver != null
                && (called.name().equals("clone") && called.owner().startsWith("[") || OF_RECEIVER.contains(name))) {
            return receiver;
        }
        if (receiver != null && isBuilder(called.owner()) && called.name().equals("append") && arguments.length == 1) {
            return joined(receiver, arguments[0].wide(false));
        }
        if (arguments.length == 0 || receiver != null) {
            return null;
        }
        boolean wrapper = called.owner().equals("java/util/Collections")
                && (called.name().startsWith("unmodifiable") || called.name().startsWith("synchronized"));
        boolean copy =
                called.name().equals("copyOf") && called.owner().startsWith("com/google/common/collect/Immutable");
        if (wrapper || copy || OF_ARGUMENT.contains(name)) {
            return restIsOfNoAccount(arguments) ? arguments[0] : null;
        }
        return null;
    }

    /** A new object that holds its constructor's argument whole; null if it is none of those. */
    static @Nullable Value constructed(String type, Value[] arguments) {
        if (isBuilder(type)) {
            return arguments.length == 0 || arguments[0].isConstant() ? Value.CONSTANT : Value.MADE;
        }
        if (arguments.length == 0) {
            return Value.CONSTANT;
        }
        return CONSTRUCTORS.contains(type) && restIsOfNoAccount(arguments) ? arguments[0] : null;
    }

    private static boolean isBuilder(String type) {
        return type.equals("java/lang/StringBuilder") || type.equals("java/lang/StringBuffer");
    }

    /** A text with one thing in it tells which; with several, their border is lost. */
    static Value joined(Value first, Value second) {
        if (second.isConstant()) {
            return first;
        }
        return first.isConstant() && second.field() != null ? second : Value.MADE;
    }

    /** Constants, and the length of the array itself. */
    private static boolean restIsOfNoAccount(Value[] arguments) {
        for (int i = 1; i < arguments.length; i++) {
            Value.Source only = arguments[i].sources().size() == 1
                    ? arguments[i].sources().iterator().next()
                    : null;
            boolean length = only != null
                    && only.kind() == Value.Kind.LENGTH
                    && Objects.equals(only.field(), arguments[0].field());
            if (!arguments[i].isConstant() && !length) {
                return false;
            }
        }
        return true;
    }

    static boolean isLesser(ClassFile.Reference called) {
        String owner = called.owner();
        String name = called.name();
        String method = owner + '.' + name;
        return owner.equals("java/lang/String") && LESSER_OF_TEXT.contains(name)
                || LESSER_OF_NUMBERS_AND_TIMES.contains(method)
                || LESSER_OF_ELEMENTS.contains(method)
                || owner.startsWith("java/util/stream/") && LESSER_OF_STREAMS.contains(name)
                || method.equals("java/text/Normalizer.normalize")
                || owner.startsWith("java/time/")
                        && (name.equals("truncatedTo") || name.startsWith("with") && !name.endsWith("SameInstant"))
                || owner.equals("java/lang/Math")
                || name.equals("hashCode")
                || name.equals("size")
                || name.equals("length")
                || name.equals("isEmpty")
                || isBuilder(owner);
    }
}
