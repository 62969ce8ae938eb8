package io.idempotenttrace.core.canonical;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Another mapping, with the id of the value's type, as Jackson's JsonTypeInfo says. What wraps a value has no place of its own:
 * pointers of keys and of what is left out lead through it, since they name the parts of an object of whichever class.
 *
 * <p>No id have enums, texts, numbers, types of the JDK and of libraries, trees of JSON, protobuf messages and what a user has mapped:
 * each is what its content says.
 */
final class TypedMapping extends ValueMapping {

    /**
     * A value of which a property's annotations say how it is written.
     *
     * @param info how its type is: what the annotation of its class says does not count then; null if that counts
     * @param ignored the members that are left out
     */
    record Typed(Object value, @Nullable JacksonTypeInfo info, Set<String> ignored) {}

    /** The class of the value, be its type told by a property or not. */
    static Class<?> classOf(Object value) {
        return value instanceof Typed typed ? typed.value.getClass() : value.getClass();
    }

    /** Of {@link Typed}. */
    static final ValueMapping OF_PROPERTY = new ValueMapping() {
        private ValueMapping content(Object typed) {
            ValueMapping mapping = ValueMapping.of(((Typed) typed).value);
            return ((Typed) typed).info == null ? mapping : mapping.untyped();
        }

        @Override
        void write(CanonicalWriter writer, Object typed) {
            Typed known = (Typed) typed;
            ValueMapping content = content(typed);
            writer.without(known.ignored, () -> {
                if (known.info == null) {
                    content.write(writer, known.value);
                } else {
                    TypedMapping.write(writer, content, known.value, known.info);
                }
            });
        }

        @Override
        @Nullable
        Object child(Object typed, String segment) {
            Typed known = (Typed) typed;
            if (known.ignored.contains(segment)) {
                return null;
            }
            return known.info == null
                    ? content(typed).child(known.value, segment)
                    : TypedMapping.child(content(typed), known.value, known.info, segment);
        }

        @Override
        boolean hasChild(Object typed, String segment) {
            return !((Typed) typed).ignored.contains(segment)
                    && (childNames(typed).contains(segment) || content(typed).hasChild(((Typed) typed).value, segment));
        }

        @Override
        List<String> childNames(Object typed) {
            Typed known = (Typed) typed;
            List<String> names = known.info == null
                    ? new ArrayList<>(content(typed).childNames(known.value))
                    : TypedMapping.childNames(content(typed), known.value, known.info);
            names.removeAll(known.ignored);
            return names;
        }

        @Override
        @Nullable
        Object textOrBytes(Object typed) {
            return content(typed).textOrBytes(((Typed) typed).value);
        }

        @Override
        @Nullable
        String keyText(Object typed) {
            return textOrBytes(typed) == null
                    ? super.keyText(typed)
                    : content(typed).keyText(((Typed) typed).value);
        }
    };

    private static final ClassValue<Boolean> HAS_ID = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return !SuperTypes.isPlatform(type)
                    && !type.isArray()
                    && !UserMappings.isNamed(type)
                    && !MappingRules.isScalar(type)
                    && !LibraryContainers.contains(type)
                    && !LibraryMappings.isLibrarys(type)
                    && JsonTreeMapping.of(type) == null
                    && ProtobufMapping.of(type) == null;
        }
    };

    private final ValueMapping content;
    private final JacksonTypeInfo info;

    private TypedMapping(ValueMapping content, JacksonTypeInfo info) {
        this.content = content;
        this.info = info;
    }

    /** The mapping of a class, with the id of the class where an annotation wants it. */
    static ValueMapping of(Class<?> type, ValueMapping content) {
        if (content instanceof RefusedMapping || SuperTypes.isPlatform(type)) {
            return content;
        }
        JacksonTypeInfo info = JacksonTypeInfo.ofClass(type);
        return info == null || info.shape() == JacksonTypeInfo.Shape.NONE || !hasId(type)
                ? content
                : new TypedMapping(content, info);
    }

    /** Whether values of the class have an id of their type where an annotation wants it. */
    static boolean hasId(Class<?> type) {
        return HAS_ID.get(type);
    }

    /** Whether an object of the class is something though it has no properties. */
    static boolean isWritten(Class<?> type) {
        JacksonTypeInfo info = JacksonTypeInfo.ofClass(type);
        return info != null && info.shape() != JacksonTypeInfo.Shape.NONE;
    }

    @Override
    ValueMapping untyped() {
        return content;
    }

    @Override
    void write(CanonicalWriter writer, Object value) {
        write(writer, content, value, info);
    }

    private static void write(CanonicalWriter writer, ValueMapping content, Object value, JacksonTypeInfo info) {
        if (!hasId(value.getClass())) {
            content.write(writer, value);
            return;
        }
        String id = info.id(value.getClass());
        switch (info.shape()) {
            case NONE, BESIDE -> content.write(writer, value);
            case PROPERTY -> property(writer, content, value, info.property(), id);
            case WRAPPER_OBJECT -> {
                writer.ascii("{");
                writer.string(id);
                writer.ascii(":");
                valueAlone(writer, content, value);
                writer.ascii("}");
            }
            case WRAPPER_ARRAY -> array(writer, content, value, id);
        }
    }

    private static void property(CanonicalWriter writer, ValueMapping content, Object value, String name, String id) {
        if (content.isConstant(value)) {
            writer.beginTyped(name, id);
            valueAlone(writer, content, value);
        } else if (content.isObject(value) && !holdsKey(content, value, name)) {
            writer.beginTyped(name, id);
            content.write(writer, value);
        } else {
            array(writer, content, value, id);
        }
    }

    /** Whether the id could be taken for an entry of the map, or an entry for the id. */
    private static boolean holdsKey(ValueMapping content, Object value, String name) {
        if (content != ContainerMapping.MAP) {
            return false;
        }
        List<String> keys = content.childNames(value);
        return keys.contains(name) || keys.contains(CanonicalWriter.TYPE_BESIDE + name);
    }

    private static void array(CanonicalWriter writer, ValueMapping content, Object value, String id) {
        writer.ascii("[");
        writer.string(id);
        writer.ascii(",");
        valueAlone(writer, content, value);
        writer.ascii("]");
    }

    /** An object of Kotlin or Scala, which is its name elsewhere, is told by the id: Jackson writes it as an object without members. */
    private static void valueAlone(CanonicalWriter writer, ValueMapping content, Object value) {
        if (content.isConstant(value)) {
            writer.members(new String[0], new Object[0]);
        } else {
            content.write(writer, value);
        }
    }

    @Override
    @Nullable
    Object child(Object value, String segment) {
        return child(content, value, info, segment);
    }

    private static @Nullable Object child(ValueMapping content, Object value, JacksonTypeInfo info, String segment) {
        Object found = content.child(value, segment);
        boolean isId = found == null && isMember(value, info) && segment.equals(info.property());
        // Other mappings look for a member in what they write, and that has the id.
        boolean isNull = isId
                && (content instanceof BeanMapping || content instanceof MembersMapping)
                && content.hasChild(value, segment);
        return isId && !isNull ? info.id(value.getClass()) : found;
    }

    private static boolean isMember(Object value, JacksonTypeInfo info) {
        return info.shape() == JacksonTypeInfo.Shape.PROPERTY && hasId(value.getClass());
    }

    @Override
    boolean hasChild(Object value, String segment) {
        return content.hasChild(value, segment) || isMember(value, info) && segment.equals(info.property());
    }

    @Override
    List<String> childNames(Object value) {
        return childNames(content, value, info);
    }

    private static List<String> childNames(ValueMapping content, Object value, JacksonTypeInfo info) {
        List<String> names = new ArrayList<>(content.childNames(value));
        if (isMember(value, info) && !names.contains(info.property())) {
            names.add(info.property());
        }
        return names;
    }

    @Override
    boolean isObject(Object value) {
        return info.shape() != JacksonTypeInfo.Shape.WRAPPER_ARRAY && content.isObject(value);
    }

    @Override
    @Nullable
    Object textOrBytes(Object value) {
        return content.textOrBytes(value);
    }

    @Override
    @Nullable
    String memberName(Object value) {
        return content.memberName(value);
    }

    @Override
    @Nullable
    String keyText(Object value) {
        return content.textOrBytes(value) == null ? super.keyText(value) : content.keyText(value);
    }
}
