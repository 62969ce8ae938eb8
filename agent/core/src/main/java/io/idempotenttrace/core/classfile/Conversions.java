package io.idempotenttrace.core.classfile;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Methods of well-known classes that hand on what they are given whole, and such as make something lesser of it. */
final class Conversions {

    /** Of the object that they are called on; with the types of their parameters, since overloads differ in what they keep. */
    private static final Set<String> OF_RECEIVER = Set.of(
            "java/lang/Boolean.booleanValue()",
            "java/lang/Character.charValue()",
            "java/lang/Byte.byteValue()",
            "java/lang/Byte.shortValue()",
            "java/lang/Byte.intValue()",
            "java/lang/Byte.longValue()",
            "java/lang/Short.shortValue()",
            "java/lang/Short.intValue()",
            "java/lang/Short.longValue()",
            "java/lang/Integer.doubleValue()",
            "java/util/concurrent/atomic/AtomicInteger.longValue()",
            "java/lang/Integer.intValue()",
            "java/lang/Integer.longValue()",
            "java/lang/Long.longValue()",
            "java/lang/Float.floatValue()",
            "java/lang/Float.doubleValue()",
            "java/lang/Double.doubleValue()",
            "java/lang/String.toCharArray()",
            "java/lang/String.intern()",
            "java/math/BigDecimal.toPlainString()",
            "java/util/Date.getTime()",
            "java/util/Date.toInstant()",
            "java/util/Date.clone()",
            "java/util/concurrent/atomic/AtomicBoolean.get()",
            "java/util/concurrent/atomic/AtomicInteger.get()",
            "java/util/concurrent/atomic/AtomicLong.get()",
            "java/util/concurrent/atomic/AtomicReference.get()",
            "java/util/concurrent/atomic/AtomicInteger.intValue()",
            "java/util/concurrent/atomic/AtomicLong.longValue()",
            "java/util/concurrent/atomic/LongAdder.sum()",
            "java/util/concurrent/atomic/LongAdder.longValue()",
            "java/util/concurrent/atomic/DoubleAdder.sum()",
            "java/lang/ref/Reference.get()",
            "java/util/Optional.orElse(Ljava/lang/Object;)",
            "java/util/Optional.get()",
            "java/util/Optional.orElseThrow()",
            "java/util/Optional.orElseThrow(Ljava/util/function/Supplier;)",
            "java/util/OptionalInt.getAsInt()",
            "java/util/OptionalLong.getAsLong()",
            "java/util/OptionalDouble.getAsDouble()",
            "java/nio/ByteBuffer.duplicate()",
            "java/nio/ByteBuffer.asReadOnlyBuffer()",
            "kotlin/Lazy.getValue()",
            "java/util/BitSet.toLongArray()",
            "java/util/BitSet.clone()",
            "java/util/Map.entrySet()");

    /** Of their first argument, where the others are constants. */
    private static final Set<String> OF_ARGUMENT = Set.of(
            "java/lang/Boolean.valueOf(Z)",
            "java/lang/Character.valueOf(C)",
            "java/lang/Byte.valueOf(B)",
            "java/lang/Short.valueOf(S)",
            "java/lang/Integer.valueOf(I)",
            "java/lang/Long.valueOf(J)",
            "java/lang/Float.valueOf(F)",
            "java/lang/Double.valueOf(D)",
            "java/lang/String.valueOf(Z)",
            "java/lang/String.valueOf(C)",
            "java/lang/String.valueOf(I)",
            "java/lang/String.valueOf(J)",
            "java/lang/String.valueOf(F)",
            "java/lang/String.valueOf(D)",
            "java/lang/String.valueOf([C)",
            "java/lang/String.copyValueOf([C)",
            "java/lang/Integer.toString(I)",
            "java/lang/Integer.toString(II)",
            "java/lang/Long.toString(J)",
            "java/lang/Long.toString(JI)",
            "java/util/Objects.requireNonNull(Ljava/lang/Object;)",
            "java/util/Objects.requireNonNull(Ljava/lang/Object;Ljava/lang/String;)",
            "java/util/Optional.of(Ljava/lang/Object;)",
            "java/util/Optional.ofNullable(Ljava/lang/Object;)",
            "java/util/OptionalInt.of(I)",
            "java/util/OptionalLong.of(J)",
            "java/util/OptionalDouble.of(D)",
            "java/util/List.copyOf(Ljava/util/Collection;)",
            "java/util/Map.copyOf(Ljava/util/Map;)",
            "java/util/List.of(Ljava/lang/Object;)",
            "java/util/List.of([Ljava/lang/Object;)",
            "java/util/Arrays.asList([Ljava/lang/Object;)",
            "java/nio/ByteBuffer.wrap([B)",
            "java/net/URI.create(Ljava/lang/String;)",
            "java/time/Instant.ofEpochMilli(J)",
            "java/time/Instant.ofEpochSecond(J)",
            "java/time/Instant.ofEpochSecond(JJ)",
            "java/time/Duration.ofMillis(J)",
            "java/time/Duration.ofNanos(J)",
            "java/time/Duration.ofSeconds(J)",
            "java/time/Duration.ofSeconds(JJ)",
            "java/sql/Timestamp.from(Ljava/time/Instant;)",
            "kotlin/collections/CollectionsKt.toList(Ljava/lang/Iterable;)",
            "kotlin/collections/MapsKt.toMap(Ljava/util/Map;)",
            "kotlin/collections/MapsKt.toMap(Ljava/lang/Iterable;)");

    /** Constructors that copy or wrap their first argument, where the others are constants. */
    private static final Set<String> CONSTRUCTORS = Set.of(
            "java/lang/String(Ljava/lang/String;)",
            "java/lang/String(Ljava/lang/StringBuilder;)",
            "java/lang/String(Ljava/lang/StringBuffer;)",
            "java/lang/String([C)",
            "java/util/Date(J)",
            "java/sql/Timestamp(J)",
            "java/util/ArrayList(Ljava/util/Collection;)",
            "java/util/LinkedList(Ljava/util/Collection;)",
            "java/util/ArrayDeque(Ljava/util/Collection;)",
            "java/util/concurrent/CopyOnWriteArrayList(Ljava/util/Collection;)",
            "java/util/concurrent/CopyOnWriteArrayList([Ljava/lang/Object;)",
            "java/util/HashMap(Ljava/util/Map;)",
            "java/util/LinkedHashMap(Ljava/util/Map;)",
            "java/util/TreeMap(Ljava/util/Map;)",
            "java/util/TreeMap(Ljava/util/SortedMap;)",
            "java/util/concurrent/ConcurrentHashMap(Ljava/util/Map;)",
            "java/math/BigDecimal(I)",
            "java/math/BigDecimal(J)",
            "java/math/BigDecimal(D)",
            "java/math/BigDecimal(Ljava/math/BigInteger;)",
            "java/math/BigDecimal(Ljava/math/BigInteger;I)",
            "java/util/concurrent/atomic/AtomicBoolean(Z)",
            "java/util/concurrent/atomic/AtomicInteger(I)",
            "java/util/concurrent/atomic/AtomicLong(J)",
            "java/util/concurrent/atomic/AtomicReference(Ljava/lang/Object;)");

    /** What keeps all of a set: of a list it loses the order, and how often an element is there. */
    private static final Set<String> OF_SETS = Set.of(
            "java/util/Set.copyOf(Ljava/util/Collection;)",
            "java/util/HashSet(Ljava/util/Collection;)",
            "java/util/LinkedHashSet(Ljava/util/Collection;)",
            "java/util/TreeSet(Ljava/util/Collection;)",
            "java/util/TreeSet(Ljava/util/SortedSet;)");

    /** What keeps all of an array where the last argument is the array's own length; the offset is 0 then, or the call fails. */
    private static final Set<String> OF_ARRAY_AND_LENGTH = Set.of(
            "java/lang/String([CII)",
            "java/lang/String.valueOf([CII)",
            "java/lang/String.copyValueOf([CII)",
            "java/nio/ByteBuffer.wrap([BII)",
            "java/util/Arrays.copyOf([ZI)",
            "java/util/Arrays.copyOf([BI)",
            "java/util/Arrays.copyOf([CI)",
            "java/util/Arrays.copyOf([SI)",
            "java/util/Arrays.copyOf([II)",
            "java/util/Arrays.copyOf([JI)",
            "java/util/Arrays.copyOf([FI)",
            "java/util/Arrays.copyOf([DI)",
            "java/util/Arrays.copyOf([Ljava/lang/Object;I)");

    /**
     * Methods and constructors of which each overload that is not listed above makes something lesser of its first argument: text of
     * bytes, where malformed ones are replaced; a number of text, which may be written in several ways; a part of an array.
     */
    private static final Set<String> LESSER_OF_ARGUMENT = lesserOfArgument();

    private static Set<String> lesserOfArgument() {
        Set<String> names = new HashSet<>(Set.of(
                "java/util/Arrays.copyOfRange",
                "java/util/UUID.fromString",
                "java/time/Instant.parse",
                "java/util/Date.from",
                "java/math/BigInteger"));
        for (Set<String> kept : List.of(OF_ARGUMENT, CONSTRUCTORS, OF_SETS, OF_ARRAY_AND_LENGTH)) {
            for (String method : kept) {
                names.add(method.substring(0, method.indexOf('(')));
            }
        }
        // Of several elements, the others are none of the first.
        names.removeAll(Set.of("java/util/List.of", "java/util/Objects.requireNonNull"));
        names.removeIf(name -> name.startsWith("kotlin/"));
        return Set.copyOf(names);
    }

    /** Types whose text tells each of their values from each other. */
    private static final Set<String> TEXTS = Set.of(
            "Z",
            "B",
            "C",
            "S",
            "I",
            "J",
            "F",
            "D",
            "Ljava/lang/Boolean;",
            "Ljava/lang/Byte;",
            "Ljava/lang/Character;",
            "Ljava/lang/Short;",
            "Ljava/lang/Integer;",
            "Ljava/lang/Long;",
            "Ljava/lang/Float;",
            "Ljava/lang/Double;",
            "Ljava/lang/String;",
            "Ljava/lang/CharSequence;",
            "Ljava/lang/StringBuilder;",
            "Ljava/lang/StringBuffer;",
            "Ljava/math/BigInteger;",
            "Ljava/math/BigDecimal;",
            "Ljava/util/UUID;",
            "Ljava/util/Currency;",
            "Ljava/net/URI;",
            "Ljava/io/File;",
            "Ljava/time/Instant;",
            "Ljava/time/Duration;",
            "Ljava/time/Period;",
            "Ljava/time/LocalDate;",
            "Ljava/time/LocalTime;",
            "Ljava/time/LocalDateTime;",
            "Ljava/time/OffsetDateTime;",
            "Ljava/time/OffsetTime;",
            "Ljava/time/ZonedDateTime;",
            "Ljava/time/Year;",
            "Ljava/time/YearMonth;",
            "Ljava/time/MonthDay;",
            "Ljava/time/ZoneId;",
            "Ljava/time/ZoneOffset;",
            "Ljava/util/concurrent/atomic/AtomicBoolean;",
            "Ljava/util/concurrent/atomic/AtomicInteger;",
            "Ljava/util/concurrent/atomic/AtomicLong;");

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

    /** What makes a number of another type, but for those of {@link #OF_RECEIVER}. */
    private static final Pattern OTHER_NUMBER = Pattern.compile("(byte|short|int|long|float|double)Value");

    /** The same of numbers and times. */
    private static final Set<String> LESSER_OF_NUMBERS_AND_TIMES = Set.of(
            "java/math/BigDecimal.setScale",
            "java/math/BigDecimal.round",
            "java/math/BigDecimal.abs",
            "java/math/BigDecimal.max",
            "java/math/BigDecimal.min",
            "java/math/BigDecimal.signum",
            "java/math/BigDecimal.toBigInteger",
            "java/math/BigInteger.abs",
            "java/math/BigInteger.max",
            "java/math/BigInteger.min",
            "java/math/BigInteger.signum",
            "java/math/BigInteger.mod",
            "java/lang/Integer.max",
            "java/lang/Integer.min",
            "java/lang/Integer.sum",
            "java/lang/Long.max",
            "java/lang/Long.min",
            "java/lang/Long.sum",
            "java/lang/Float.max",
            "java/lang/Float.min",
            "java/lang/Float.sum",
            "java/lang/Double.max",
            "java/lang/Double.min",
            "java/lang/Double.sum",
            "java/util/Collections.max",
            "java/util/Collections.min",
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

    /**
     * The value that the call hands on, whole or as something lesser; null if it is none of those.
     *
     * @param type whose fields the values come from
     */
    static @Nullable Value kept(
            CompiledClass type, ClassFile.Reference called, @Nullable Value receiver, Value[] arguments) {
        String name = called.owner() + '.' + called.name();
        List<String> parameters = parameters(called.descriptor());
        String method = name + '(' + String.join("", parameters) + ')';
        if (receiver != null
                && (called.name().equals("clone") && called.owner().startsWith("[") || OF_RECEIVER.contains(method))) {
            boolean orOther = called.name().equals("orElse") && !arguments[0].isConstant();
            return orOther ? Presence.orElse(receiver, arguments[0]) : receiver;
        }
        if (receiver != null && parameters.isEmpty() && called.name().equals("toString")) {
            return text(type, 'L' + called.owner() + ';', receiver);
        }
        if (receiver != null && parameters.isEmpty() && called.name().equals("name") && isEnum(type, receiver)) {
            return receiver;
        }
        if (receiver != null && isBuilder(called.owner()) && called.name().equals("append") && arguments.length == 1) {
            boolean characters = parameters.get(0).equals("[C");
            return joined(receiver, characters ? arguments[0] : text(type, parameters.get(0), arguments[0]));
        }
        if (arguments.length == 0 || receiver != null) {
            return null;
        }
        if (name.equals("java/util/Objects.requireNonNullElse")) {
            return Presence.orElse(arguments[0], arguments[1]);
        }
        if (method.equals("java/lang/String.valueOf(Ljava/lang/Object;)")) {
            return text(type, parameters.get(0), arguments[0]);
        }
        boolean wrapper = called.owner().equals("java/util/Collections")
                && (called.name().startsWith("unmodifiable") || called.name().startsWith("synchronized"));
        if (wrapper && arguments.length == 1) {
            return arguments[0];
        }
        if (called.name().equals("copyOf") && called.owner().startsWith("com/google/common/collect/Immutable")) {
            boolean set = called.owner().endsWith("Set") || called.owner().endsWith("Multiset");
            return set && !isSet(type, arguments[0])
                    ? lesser(arguments[0])
                    : restIsConstant(arguments) ? arguments[0] : null;
        }
        return ofArgument(type, name, method, arguments);
    }

    /** A new object that holds its constructor's argument, whole or as something lesser; null if it is none of those. */
    static @Nullable Value constructed(CompiledClass type, String made, String descriptor, Value[] arguments) {
        if (isBuilder(made)) {
            return arguments.length == 0 || arguments[0].isConstant() ? Value.CONSTANT : Value.MADE;
        }
        if (arguments.length == 0) {
            return Value.CONSTANT;
        }
        return ofArgument(type, made, made + '(' + String.join("", parameters(descriptor)) + ')', arguments);
    }

    private static @Nullable Value ofArgument(CompiledClass type, String name, String method, Value[] arguments) {
        boolean whole = (OF_ARGUMENT.contains(method) || CONSTRUCTORS.contains(method)) && restIsConstant(arguments)
                || OF_SETS.contains(method) && isSet(type, arguments[0])
                || OF_ARRAY_AND_LENGTH.contains(method) && endsWithItsLength(arguments);
        return whole ? arguments[0] : LESSER_OF_ARGUMENT.contains(name) ? lesser(arguments[0]) : null;
    }

    /** What is made of it tells less; of a constant it is one, and of what is not understood nothing is known. */
    private static Value lesser(Value argument) {
        return argument.isConstant()
                ? Value.CONSTANT
                : argument.isUnknown() || argument.isThis() ? Value.UNKNOWN : Value.MADE;
    }

    /** Its text, which tells the values of a few types only: toString of any other may leave something out. */
    static Value text(CompiledClass type, String parameter, Value value) {
        boolean tellsAll = TEXTS.contains(parameter);
        if (!tellsAll) {
            List<Class<?>> fields = fieldTypes(type, value);
            tellsAll = !fields.isEmpty();
            for (Class<?> field : fields) {
                tellsAll &= TEXTS.contains(field.descriptorString()) || isNamed(field);
            }
        }
        return (tellsAll ? value : lesser(value)).wide(false);
    }

    /** Whether it is an enum whose text is its name: no constant has a class of its own, where another could be given. */
    private static boolean isNamed(Class<?> field) {
        try {
            return field.isEnum()
                    && Modifier.isFinal(field.getModifiers())
                    && field.getMethod("toString").getDeclaringClass() == Enum.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(field + " has no toString", e);
        }
    }

    private static boolean isEnum(CompiledClass type, Value value) {
        List<Class<?>> fields = fieldTypes(type, value);
        return !fields.isEmpty() && fields.stream().allMatch(Class::isEnum);
    }

    /** Whether it comes from sets, or from maps, whose entries are one. */
    private static boolean isSet(CompiledClass type, Value value) {
        for (Class<?> field : fieldTypes(type, value)) {
            if (!Set.class.isAssignableFrom(field)
                    && !Map.class.isAssignableFrom(field)
                    && SuperTypes.named("com.google.common.collect.Multiset", field) == null) {
                return false;
            }
        }
        return true;
    }

    /** The declared types of the fields that it may come from. */
    private static List<Class<?>> fieldTypes(CompiledClass type, Value value) {
        List<Class<?>> types = new ArrayList<>();
        for (Value.Source source : value.sources()) {
            Class<?> field = source.field() == null ? null : type.typeOf(source.field());
            if (field != null) {
                types.add(field);
            }
        }
        return types;
    }

    /** The types of a method's parameters, each as in its descriptor. */
    static List<String> parameters(String descriptor) {
        List<String> types = new ArrayList<>();
        int end = 1;
        while (descriptor.charAt(end) != ')') {
            int start = end;
            while (descriptor.charAt(end) == '[') {
                end++;
            }
            end = descriptor.charAt(end) == 'L' ? descriptor.indexOf(';', end) + 1 : end + 1;
            types.add(descriptor.substring(start, end));
        }
        return types;
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

    private static boolean restIsConstant(Value[] arguments) {
        for (int i = 1; i < arguments.length; i++) {
            if (!arguments[i].isConstant()) {
                return false;
            }
        }
        return true;
    }

    /** Whether the last argument is the length of the array that is the first. */
    private static boolean endsWithItsLength(Value[] arguments) {
        Set<Value.Source> sources = arguments[arguments.length - 1].sources();
        String field = arguments[0].field();
        return field != null && sources.equals(Set.of(new Value.Source(Value.Kind.LENGTH, field, Set.of())));
    }

    static boolean isLesser(ClassFile.Reference called) {
        String owner = called.owner();
        String name = called.name();
        String method = owner + '.' + name;
        return owner.equals("java/lang/String") && LESSER_OF_TEXT.contains(name)
                || owner.startsWith("java/") && OTHER_NUMBER.matcher(name).matches()
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
