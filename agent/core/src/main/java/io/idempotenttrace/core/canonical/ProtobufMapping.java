package io.idempotenttrace.core.canonical;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A protobuf message: the fields that are set, by the names that protobuf's JSON gives them ({@link ProtobufNames}). A Struct, a Value, a
 * ListValue and the wrappers of one value, such as StringValue, are the JSON that they stand for. Everything is read by the message's
 * descriptor, so a message of a generated class and a DynamicMessage of the same type are one payload. protobuf-java-util is not used:
 * the hash must not depend on whether the application carries it, and it prints FieldMasks alike that are not, and refuses messages
 * that protobuf itself takes. Fields that the message's class does not know are hashed as bytes. protobuf's classes are known by name
 * alone.
 */
final class ProtobufMapping extends ValueMapping {

    private static final String MESSAGE = "com.google.protobuf.MessageOrBuilder";
    private static final String UNKNOWN = "com.google.protobuf.UnknownFieldSet";
    private static final String ENUM_CONSTANT = "com.google.protobuf.Descriptors$EnumValueDescriptor";

    private static final String LIST = "google.protobuf.ListValue";
    private static final String STRUCT = "google.protobuf.Struct";
    private static final String VALUE = "google.protobuf.Value";
    /** What has one field that is all of its JSON, also where the field is not set. */
    private static final Set<String> OF_ONE_FIELD = Set.of(
            LIST,
            "google.protobuf.DoubleValue",
            "google.protobuf.FloatValue",
            "google.protobuf.Int64Value",
            "google.protobuf.UInt64Value",
            "google.protobuf.Int32Value",
            "google.protobuf.UInt32Value",
            "google.protobuf.BoolValue",
            "google.protobuf.StringValue",
            "google.protobuf.BytesValue");

    /** Stands for what a Value is in which nothing is set: JSON has nothing that is not a Value's content already. */
    private static final Object NOTHING = new Object();

    private final ProtobufNames names = new ProtobufNames();

    private ProtobufMapping() {}

    /** The mapping of a message's class; null for any other class. */
    static @Nullable ValueMapping of(Class<?> type) {
        if (MappingRules.implementsNamed(type, MESSAGE)) {
            return PubSubMapping.over(new ProtobufMapping(), type);
        }
        return MappingRules.implementsNamed(type, "com.google.protobuf.MessageLite")
                ? new RefusedMapping(type.getName()
                        + " is a message of protobuf's lite runtime, which does not know its fields; hand over its bytes, or mark the parameter"
                        + " @Unhashed")
                : null;
    }

    @Override
    void write(CanonicalWriter writer, Object message) {
        writer.value(content(message));
    }

    @Override
    @Nullable
    Object child(Object message, String segment) {
        Object content = content(message);
        return content == null ? null : ValueMapping.of(content).child(content, segment);
    }

    /** Each field that the message declares is there: proto3 does not tell one that was never set from one at its default. */
    @Override
    boolean hasChild(Object message, String segment) {
        return childNames(message).contains(segment) || super.hasChild(message, segment);
    }

    @Override
    List<String> childNames(Object message) {
        Object descriptor = descriptor(message);
        if (isJson(ProtobufNames.fullName(descriptor))) {
            return super.childNames(message);
        }
        List<String> found = names.ofFields(descriptor);
        Map<Integer, String> own = names.ownNames(descriptor);
        for (Object field : fields(message).keySet()) {
            String name = names.of(field, own);
            if (!found.contains(name)) {
                // An extension.
                found.add(name);
            }
        }
        return found;
    }

    @Nullable
    Object content(Object message) {
        Object descriptor = descriptor(message);
        Map<String, Object> unknown = new LinkedHashMap<>();
        addUnknown("", message, unknown);
        String type = ProtobufNames.fullName(descriptor);
        Object content = isJson(type) ? json(type, message, unknown) : members(message, descriptor, unknown);
        if (unknown.isEmpty() && content != NOTHING) {
            return content;
        }
        Map<String, Object> members = new LinkedHashMap<>();
        if (content instanceof Map<?, ?> map) {
            map.forEach((name, value) -> members.put((String) name, value));
        } else if (content != NOTHING) {
            members.put("@value", content);
        }
        members.put(ProtobufNames.UNKNOWN_FIELDS, unknown);
        return members;
    }

    private static boolean isJson(String type) {
        return OF_ONE_FIELD.contains(type) || type.equals(STRUCT) || type.equals(VALUE);
    }

    private static @Nullable Object json(String type, Object message, Map<String, Object> unknown) {
        if (type.equals(VALUE)) {
            Map<?, ?> kinds = fields(message);
            if (kinds.isEmpty()) {
                return NOTHING;
            }
            Map.Entry<?, ?> kind = kinds.entrySet().iterator().next();
            return ProtobufNames.number(kind.getKey()) == 1 ? null : plain(kind.getKey(), kind.getValue());
        }
        Object field = ProtobufNames.field(descriptor(message), 1);
        Object content = value(message, field);
        if (type.equals(STRUCT)) {
            Map<String, Object> members = new LinkedHashMap<>();
            entries("fields", (List<?>) content, unknown)
                    .forEach((name, value) -> members.put(ProtobufNames.ofStructMember(name), value));
            return members;
        }
        return plain(field, content);
    }

    private Map<String, Object> members(Object message, Object descriptor, Map<String, Object> unknown) {
        Map<String, Object> members = new LinkedHashMap<>();
        Map<Integer, String> own = names.ownNames(descriptor);
        for (Map.Entry<?, ?> field : fields(message).entrySet()) {
            String name = names.of(field.getKey(), own);
            members.put(
                    name,
                    ProtobufNames.isMap(field.getKey())
                            ? entries(name, (List<?>) field.getValue(), unknown)
                            : plain(field.getKey(), field.getValue()));
        }
        return members;
    }

    /**
     * A map: a list of messages, each with a key and a value. Those of a DynamicMessage have no other methods than every message has. Of
     * several with one key the last counts, as for protobuf.
     */
    private static Map<String, Object> entries(String name, List<?> entries, Map<String, Object> unknown) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Object entry : entries) {
            Object descriptor = descriptor(entry);
            String key = of(entry, descriptor, 1).toString();
            map.put(key, of(entry, descriptor, 2));
            addUnknown("/" + name + "/" + key, entry, unknown);
        }
        return map;
    }

    private static Object of(Object entry, Object descriptor, int number) {
        Object field = ProtobufNames.field(descriptor, number);
        return plain(field, value(entry, field));
    }

    /** Enum constants by name, unsigned integers as they are; messages and bytes are mapped when they are met. */
    private static Object plain(Object field, Object value) {
        if (value instanceof List<?> list) {
            List<Object> plain = new ArrayList<>();
            for (Object element : list) {
                plain.add(plain(field, element));
            }
            return plain;
        }
        if (value instanceof Integer || value instanceof Long) {
            return ProtobufNames.isUnsigned(field) ? unsigned((Number) value) : value;
        }
        return value.getClass().getName().equals(ENUM_CONSTANT)
                ? LibraryMethods.of(value, ENUM_CONSTANT, "getName").read(value)
                : value;
    }

    /** Java has a signed number of the same bits, which is negative from half of the range on. */
    private static Number unsigned(Number bits) {
        if (bits instanceof Integer) {
            return Integer.toUnsignedLong(bits.intValue());
        }
        return bits.longValue() >= 0 ? bits : new BigInteger(Long.toUnsignedString(bits.longValue()));
    }

    /** Fields of a newer schema have no name here, but are part of the message: their bytes are a member of their own. */
    private static void addUnknown(String place, Object message, Map<String, Object> unknown) {
        Object fields = LibraryMethods.of(message, MESSAGE, "getUnknownFields").read(message);
        if ((Integer) LibraryMethods.of(fields, UNKNOWN, "getSerializedSize").read(fields) > 0) {
            unknown.put(place, LibraryMethods.of(fields, UNKNOWN, "toByteArray").read(fields));
        }
    }

    private static Object descriptor(Object message) {
        return LibraryMethods.of(message, MESSAGE, "getDescriptorForType").read(message);
    }

    /** The fields that are set. */
    private static Map<?, ?> fields(Object message) {
        return (Map<?, ?>) LibraryMethods.of(message, MESSAGE, "getAllFields").read(message);
    }

    /** The field's value, or its default. */
    private static Object value(Object message, Object field) {
        return LibraryMethods.of(message, MESSAGE, "getField", field.getClass()).call(message, field);
    }
}
