package io.idempotenttrace.weaver;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.TypeFactory;

/**
 * Writes a method's result as JSON and reads it back as the method's generic return type, never as a type that the JSON
 * names.
 */
final class ResultJson {

    private static final Set<Class<?>> PLAIN = Set.of(
            String.class,
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            BigInteger.class,
            BigDecimal.class,
            UUID.class);

    private static final Set<Class<?>> PLAIN_CONTAINERS = Set.of(
            List.class,
            Set.class,
            Map.class,
            ArrayList.class,
            LinkedHashSet.class,
            LinkedHashMap.class,
            Optional.class);

    /** Held by the woven class itself: what Jackson learns of the application's classes must go when they go. */
    private static final ClassValue<JsonMapper> MAPPER_OF_CLASS = new ClassValue<>() {
        @Override
        protected JsonMapper computeValue(Class<?> woven) {
            WrittenParts writtenParts = new WrittenParts();
            JsonMapper mapper = JsonMapper.builder()
                    .annotationIntrospector(new ResultIntrospector())
                    // A set comes back in the order in which it was written.
                    .addModule(new SimpleModule("sets")
                            .addAbstractTypeMapping(Set.class, LinkedHashSet.class)
                            .setSerializerModifier(writtenParts)
                            .setDeserializerModifier(writtenParts.membersReader()))
                    // A time comes back with the zone or offset that it had.
                    .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                    .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                    .build();
            writtenParts.readBy(mapper);
            return mapper;
        }
    };

    private final JsonMapper mapper;
    private final JavaType type;
    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final DeclaredParts declaredParts;
    private final VariableParts variableParts;
    /** Whether a type that says next to nothing is anywhere in it. */
    private final boolean open;
    /** Whether JSON tells all of each value, so that one that came back as it was speaks for the others: if its enums are told apart. */
    private final boolean plain;
    /** The enums that are anywhere in a plain type. */
    private final Set<Class<?>> enums = new HashSet<>();
    /** Whether the type itself says next to nothing: then texts, numbers and booleans are kept as what they are, see {@link OpenValue}. */
    private final boolean saysNothing;
    /** Set once a value came back as it was: from then on the type is known to be readable. */
    private volatile boolean proven;
    /** Null until the first value is written: an enum's constants and texts are the application's code. */
    private volatile @Nullable Boolean enumsToldApart;

    /**
     * @param generic the values' type, as the woven class declares it
     * @param part whether the values are written as parts of a larger JSON document, so that each has to be JSON itself
     */
    ResultJson(Type generic, Class<?> declaring, boolean part) {
        mapper = MAPPER_OF_CLASS.get(declaring);
        type = mapper.constructType(generic);
        reader = mapper.readerFor(type);
        writer = mapper.writerFor(type);
        declaredParts = new DeclaredParts(type, new ResultReaders(mapper));
        variableParts = VariableParts.of(generic);
        open = isOpen(type, new HashSet<>());
        plain = isPlain(type, enums, 0) && variableParts.isEmpty();
        saysNothing = !part && OpenValue.TYPES.contains(type.getRawClass());
    }

    /**
     * Writes the value, if a duplicate will get an equal one back.
     *
     * @throws RuntimeException if it can't be written, or not be read back as it is
     */
    void write(@Nullable Object value, ResultBytes to) {
        if (saysNothing) {
            if (OpenValue.isPlain(value)) {
                mapper.writeValue(to, value);
                return;
            }
            String text = OpenValue.text(value);
            if (text != null) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                to.write(bytes, 0, bytes.length);
                return;
            }
        }
        // A view that is copied is read for the copy alone, which shows its elements.
        boolean view = HeldWork.isView(value);
        if (!view) {
            HeldWork.refuse(value);
        }
        Object read = readOnce(value);
        if (view || read != value) {
            HeldWork.refuse(read);
        }
        writeAndCompare(read, to);
    }

    /**
     * A copy of a collection or map whose elements its own code brings, so that they are asked for once only; else the value itself. The
     * declared type must not tell the copy from the value.
     *
     * @throws IllegalArgumentException if it is an Iterable of its own kind, which never comes back as it was
     */
    private @Nullable Object readOnce(@Nullable Object value) {
        Class<?> declared = type.getRawClass();
        if (value instanceof Iterable
                && !(value instanceof Collection)
                && !SuperTypes.isPlatform(value.getClass())
                && (declared == Iterable.class || declared == Object.class)) {
            throw new IllegalArgumentException("a " + value.getClass().getName() + " is no value that is kept");
        }
        boolean known = value instanceof List || value instanceof Set || value instanceof Map;
        if (value == null
                || OpenValue.TYPES.contains(declared)
                || open && !known
                || !HeldWork.isComputed(value)
                || !variableParts.isEmpty()
                || ReadBack.isMoreThanContent(value)) {
            return value;
        }
        Object copy = value instanceof Map<?, ?> map
                ? new LinkedHashMap<>(map)
                : value instanceof Set<?> set ? new LinkedHashSet<>(set) : new ArrayList<>((Collection<?>) value);
        return declared.isInstance(copy) && !isSmaller(copy, value) ? copy : value;
    }

    /** Whether equal elements became one: the JDK's set of an identity map is a set by what its elements are. */
    private static boolean isSmaller(Object copy, Object value) {
        return SuperTypes.isPlatform(value.getClass())
                && value instanceof Set<?> set
                && ((Set<?>) copy).size() < set.size();
    }

    private void writeAndCompare(@Nullable Object value, ResultBytes to) {
        if (!declaredParts.canComeBack(value)) {
            throw notAsItWas(value);
        }
        writer.writeValue(to, value);
        String json = to.text();
        if (json == null) {
            return;
        }
        // Each one but those of plain types is read back and compared; an Optional that is null would come back empty.
        if (value == null || !plain || !proven || !isOnlyContent(value)) {
            Object back = reader.readValue(json);
            if (!ReadBack.isSame(value, back, open) && !isSameOnceWritten(value, back)
                    || !variableParts.areKnownAsBefore(value, back)) {
                throw notAsItWas(value);
            }
            proven |= value != null && plain && areEnumsToldApart();
        }
    }

    private IllegalArgumentException notAsItWas(@Nullable Object value) {
        return new IllegalArgumentException(
                (value == null ? "null" : "a " + value.getClass().getName())
                        + " does not come back as it was from JSON of type " + typeName());
    }

    /** Whether each container in a value of a plain type is all told by its elements. */
    private static boolean isOnlyContent(@Nullable Object value) {
        if (value instanceof Collection<?> collection) {
            return ReadBack.isOnlyContent(value) && areOnlyContent(collection);
        }
        if (value instanceof Map<?, ?> map) {
            return ReadBack.isOnlyContent(value) && areOnlyContent(map.keySet()) && areOnlyContent(map.values());
        }
        if (value instanceof Optional<?> optional) {
            return isOnlyContent(optional.orElse(null));
        }
        return !(value instanceof Object[] array) || areOnlyContent(Arrays.asList(array));
    }

    private static boolean areOnlyContent(Collection<?> elements) {
        for (Object element : elements) {
            if (!isOnlyContent(element)) {
                return false;
            }
        }
        return true;
    }

    private boolean areEnumsToldApart() {
        Boolean known = enumsToldApart;
        if (known == null) {
            known = enums.stream().allMatch(this::isToldApart);
            enumsToldApart = known;
        }
        return known;
    }

    /** Whether each of its constants comes back as itself, as a value and as a key: several may have one text, such as their toString(). */
    private boolean isToldApart(Class<?> anEnum) {
        TypeFactory types = mapper.getTypeFactory();
        JavaType asValue = mapper.constructType(anEnum);
        JavaType asKey = types.constructMapType(LinkedHashMap.class, asValue, mapper.constructType(Integer.class));
        try {
            for (Object constant : anEnum.getEnumConstants()) {
                String value = mapper.writerFor(asValue).writeValueAsString(constant);
                Map<Object, Integer> key = new LinkedHashMap<>();
                key.put(constant, 1);
                Object keyBack = mapper.readerFor(asKey)
                        .readValue(mapper.writerFor(asKey).writeValueAsString(key));
                if (mapper.readerFor(asValue).readValue(value) != constant || !key.equals(keyBack)) {
                    return false;
                }
            }
            return true;
        } catch (LinkageError | RuntimeException e) {
            return false;
        }
    }

    /** Getters may keep what they have computed in fields, which those of the value have done while it was written. */
    private boolean isSameOnceWritten(@Nullable Object value, @Nullable Object back) {
        if (value == null || back == null) {
            return false;
        }
        writer.writeValueAsBytes(back);
        return ReadBack.isSame(value, back, open);
    }

    /** @throws RuntimeException if the JSON is no value of the type */
    @Nullable
    Object read(String json) {
        if (!saysNothing) {
            return reader.readValue(json);
        }
        Object value = OpenValue.read(json);
        if (value == null) {
            // What the type alone has no reader for, such as Comparable, may be a text all the same.
            boolean scalar = !json.startsWith("{") && !json.startsWith("[");
            value = scalar ? mapper.readValue(json, Object.class) : reader.readValue(json);
        }
        return type.getRawClass().cast(value);
    }

    String typeName() {
        return type.toCanonical();
    }

    /** The type that the generic one gives the only parameter of that interface or class: what a stage or publisher brings. */
    static JavaType parameterOf(Type generic, Class<?> parametrized, Class<?> declaring) {
        JavaType[] found = MAPPER_OF_CLASS.get(declaring).constructType(generic).findTypeParameters(parametrized);
        return found.length == 1 ? found[0] : MAPPER_OF_CLASS.get(declaring).constructType(Object.class);
    }

    /** As {@link #parameterOf}, with the type variables that are in it, where the generic type itself names it. */
    static Type genericParameterOf(Type generic, Class<?> parametrized, Class<?> declaring) {
        JavaType found = parameterOf(generic, parametrized, declaring);
        return generic instanceof ParameterizedType type
                        && type.getActualTypeArguments().length == 1
                        && VariableParts.hasVariable(type.getActualTypeArguments()[0])
                        && MAPPER_OF_CLASS
                                .get(declaring)
                                .constructType(type.getActualTypeArguments()[0])
                                .equals(found)
                ? type.getActualTypeArguments()[0]
                : found;
    }

    static JavaType listOf(JavaType item, Class<?> declaring) {
        return MAPPER_OF_CLASS.get(declaring).getTypeFactory().constructCollectionType(java.util.List.class, item);
    }

    static Class<?> returnType(MethodSpecification method, Class<?> declaring) {
        return MethodType.fromMethodDescriptorString(method.descriptor(), declaring.getClassLoader())
                .returnType();
    }

    static Type genericReturnType(MethodSpecification method, Class<?> declaring) {
        MethodType methodType = MethodType.fromMethodDescriptorString(method.descriptor(), declaring.getClassLoader());
        try {
            Method declared = declaring.getDeclaredMethod(method.methodName(), methodType.parameterArray());
            // Two methods may differ in their return type alone; then the plain type has to do.
            return declared.getReturnType() == methodType.returnType()
                    ? declared.getGenericReturnType()
                    : methodType.returnType();
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            return methodType.returnType();
        }
    }

    /** What a suspend function's continuation is resumed with; Object where the class file does not say. */
    static Type typeOfSuspendFunction(MethodSpecification method, Class<?> declaring) {
        MethodType methodType = MethodType.fromMethodDescriptorString(method.descriptor(), declaring.getClassLoader());
        try {
            Type[] generic = declaring
                    .getDeclaredMethod(method.methodName(), methodType.parameterArray())
                    .getGenericParameterTypes();
            return generic[generic.length - 1] instanceof ParameterizedType continuation
                            && continuation.getActualTypeArguments()[0] instanceof WildcardType result
                            && result.getLowerBounds().length == 1
                    ? result.getLowerBounds()[0]
                    : Object.class;
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            return Object.class;
        }
    }

    /** Whether it is text, a number, a time or the like, or a container of these that keeps their order. */
    private static boolean isPlain(JavaType part, Set<Class<?>> enums, int depth) {
        Class<?> raw = part.getRawClass();
        if (part.isContainerType() || part.isReferenceType()) {
            JavaType content = part.getContentType();
            JavaType key = part.getKeyType();
            return depth < 8
                    && (raw.isArray() || PLAIN_CONTAINERS.contains(raw))
                    && content != null
                    && !content.isReferenceType()
                    && isPlain(content, enums, depth + 1)
                    && (key == null || isPlain(key, enums, depth + 1));
        }
        if (raw.isEnum()) {
            enums.add(raw);
            return true;
        }
        return raw.isPrimitive() && raw != void.class
                || PLAIN.contains(raw)
                || raw.getName().startsWith("java.time.");
    }

    /** Whether an open type is anywhere in it: as itself, as content, or as a part of a bean. */
    private boolean isOpen(JavaType part, Set<JavaType> seen) {
        if (OpenValue.TYPES.contains(part.getRawClass())) {
            return true;
        }
        if (!seen.add(part)) {
            return false;
        }
        if (part.isContainerType() || part.isReferenceType()) {
            return part.getContentType() != null && isOpen(part.getContentType(), seen)
                    || part.getKeyType() != null && isOpen(part.getKeyType(), seen);
        }
        Class<?> raw = part.getRawClass();
        if (raw.isPrimitive() || raw.isEnum() || raw.getName().startsWith("java.")) {
            return false;
        }
        if (raw.isSealed()) {
            for (Class<?> permitted : raw.getPermittedSubclasses()) {
                if (isOpen(mapper.constructType(permitted), seen)) {
                    return true;
                }
            }
        }
        return hasOpenPart(part, raw, seen);
    }

    private boolean hasOpenPart(JavaType part, Class<?> raw, Set<JavaType> seen) {
        try {
            if (raw.isRecord()) {
                for (RecordComponent component : raw.getRecordComponents()) {
                    if (isOpen(resolve(component.getGenericType(), part), seen)) {
                        return true;
                    }
                }
                return false;
            }
            for (Field field : raw.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())
                        && !field.isSynthetic()
                        && isOpen(resolve(field.getGenericType(), part), seen)) {
                    return true;
                }
            }
        } catch (LinkageError | RuntimeException e) {
            // Some part's class is missing: nothing is known, so each value is looked at.
            return true;
        }
        JavaType parent = part.getSuperClass();
        return parent != null && !parent.isJavaLangObject() && isOpen(parent, seen);
    }

    private JavaType resolve(Type memberType, JavaType owner) {
        return mapper.getTypeFactory().resolveMemberType(memberType, owner.getBindings());
    }
}
