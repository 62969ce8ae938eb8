package io.idempotenttrace.weaver;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.idempotenttrace.core.canonical.StateFields;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.PropertyWriter;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.bean.BeanSerializerBase;

/**
 * Which getters are called to write a result. A getter is the application's code and may do work: that of a query runs it, that of a
 * connection sends its request, that of a resource opens a file. So one is called only if a constructor, a setter or a field takes its
 * value when the JSON is read. What the others would give is lost in any case, and whether the value comes back without it, the comparison
 * tells. Nothing at all is asked of an object of which no other can be made, or only by work that would be done once more, or which gives out
 * what is never written.
 */
final class WrittenParts extends ValueSerializerModifier {

    private static final long serialVersionUID = 1L;

    /** Of the members of other classes that tell by such a one of which class their value is. */
    private final Set<String> toldByMembers = ConcurrentHashMap.newKeySet();
    /** The names of the classes whose values a member of another class tells apart by the names of all that they have. */
    private final Set<String> deducedByMembers = ConcurrentHashMap.newKeySet();

    /** Null until the mapper is built, which this is a part of. */
    private transient @Nullable ResultReaders readers;

    void readBy(JsonMapper mapper) {
        readers = new ResultReaders(mapper);
    }

    /**
     * What finds the type information of members, and reads the classes that have one object only. A class is looked at for reading before its parts are written: when a method that
     * declares it is linked, or else by {@link #changeProperties}.
     */
    ValueDeserializerModifier membersReader() {
        return new MembersReader(toldByMembers, deducedByMembers);
    }

    private static final class MembersReader extends ValueDeserializerModifier {

        private static final long serialVersionUID = 1L;

        private final Set<String> told;
        private final Set<String> deduced;

        MembersReader(Set<String> told, Set<String> deduced) {
            this.told = told;
            this.deduced = deduced;
        }

        @Override
        public List<BeanPropertyDefinition> updateProperties(
                DeserializationConfig config, BeanDescription.Supplier bean, List<BeanPropertyDefinition> properties) {
            for (BeanPropertyDefinition property : properties) {
                AnnotatedMember member = property.getPrimaryMember();
                JsonTypeInfo.Value info = member == null
                        ? null
                        : config.getAnnotationIntrospector().findPolymorphicTypeInfo(config, member);
                if (info != null) {
                    add(config, member, property.getPrimaryType(), info);
                }
            }
            return properties;
        }

        @Override
        public ValueDeserializer<?> modifyDeserializer(
                DeserializationConfig config, BeanDescription.Supplier bean, ValueDeserializer<?> deserializer) {
            Class<?> type = bean.getBeanClass();
            return deserializer instanceof BeanDeserializerBase && Singletons.is(type)
                    ? Singletons.reader(type)
                    : deserializer;
        }

        private void add(DeserializationConfig config, AnnotatedMember member, JavaType type, JsonTypeInfo.Value info) {
            if (info.getIdType() == JsonTypeInfo.Id.DEDUCTION) {
                JavaType part = type.getContentType();
                config.getSubtypeResolver()
                        .collectAndResolveSubtypesByTypeId(config, member, part == null ? type : part)
                        .forEach(named -> deduced.add(named.getType().getName()));
            } else if (info.getInclusionType() == JsonTypeInfo.As.EXISTING_PROPERTY) {
                String name = info.getPropertyName();
                told.add(name == null ? info.getIdType().getDefaultPropertyName() : name);
            }
        }
    }

    @Override
    public List<BeanPropertyWriter> changeProperties(
            SerializationConfig config, BeanDescription.Supplier bean, List<BeanPropertyWriter> properties) {
        Class<?> type = bean.getBeanClass();
        ResultReaders.Members taken = membersOf(type);
        if (taken == null
                || isTypeTold(config, bean)
                || deducedByMembers.contains(type.getName())
                || givesOutResource(type, properties.iterator(), taken)) {
            // What is refused, modifySerializer() refuses as a whole.
            return properties;
        }
        return properties.stream()
                .filter(property -> taken.contain(property.getName())
                        || toldByMembers.contains(property.getName())
                        || isWork(property.getType()))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Override
    public ValueSerializer<?> modifySerializer(
            SerializationConfig config, BeanDescription.Supplier bean, ValueSerializer<?> serializer) {
        if (!(serializer instanceof BeanSerializerBase writer)) {
            return serializer;
        }
        Class<?> type = bean.getBeanClass();
        ResultReaders.Members taken = membersOf(type);
        if (taken == null && Objects.requireNonNull(readers).areReadByWork(type)) {
            return ResultIntrospector.refusalOfWork();
        }
        return taken == null || givesOutResource(type, writer.properties(), taken)
                ? ResultIntrospector.refusal()
                : serializer;
    }

    private ResultReaders.@Nullable Members membersOf(Class<?> type) {
        return Objects.requireNonNull(readers).membersOf(type);
    }

    /** Whether the object's members tell its class: one of them by its value, or all by their names. */
    private static boolean isTypeTold(SerializationConfig config, BeanDescription.Supplier bean) {
        JsonTypeInfo.Value told = config.getAnnotationIntrospector()
                .findPolymorphicTypeInfo(config, bean.get().getClassInfo());
        return told != null
                && (told.getInclusionType() == JsonTypeInfo.As.EXISTING_PROPERTY
                        || told.getIdType() == JsonTypeInfo.Id.DEDUCTION);
    }

    /** Whether a getter, which is more than the accessor of a field, gives a stream, a connection or the like. */
    private static boolean givesOutResource(
            Class<?> type, Iterator<? extends PropertyWriter> properties, ResultReaders.Members taken) {
        while (properties.hasNext()) {
            PropertyWriter property = properties.next();
            JavaType given = property.getType();
            if (given != null
                    && ResultIntrospector.isNeverWritten(given.getRawClass())
                    && !isWork(given)
                    && !taken.contain(property.getName())
                    && StateFields.of(type).stream()
                            .noneMatch(field -> field.getName().equals(property.getName()))) {
                return true;
            }
        }
        return false;
    }

    /** Whether it tells that the work of the call goes on, which has to be known. */
    private static boolean isWork(JavaType given) {
        return !AutoCloseable.class.isAssignableFrom(given.getRawClass())
                && ResultIntrospector.goesOn(given.getRawClass());
    }
}
