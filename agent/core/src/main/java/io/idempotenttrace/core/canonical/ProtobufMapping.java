package io.idempotenttrace.core.canonical;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A protobuf message: by its JSON mapping if the application carries protobuf-java-util, else the fields that are set, by their
 * JSON names. The two differ (the mapping writes 64-bit integers as text), so a fleet should carry that library everywhere or
 * nowhere. Fields that the message's class does not know are hashed as bytes. protobuf's classes are known by name alone.
 */
final class ProtobufMapping extends ValueMapping {

    private static final String MESSAGE = "com.google.protobuf.MessageOrBuilder";

    private static final String UNKNOWN = "com.google.protobuf.UnknownFieldSet";
    private static final String DESCRIPTOR = "com.google.protobuf.Descriptors$FieldDescriptor";

    private final @Nullable Object printer;
    private final @Nullable Method print;

    private ProtobufMapping(@Nullable Object printer, @Nullable Method print) {
        this.printer = printer;
        this.print = print;
    }

    /** The mapping of a message's class; null for any other class. */
    static @Nullable ValueMapping of(Class<?> type) {
        if (!MappingRules.implementsNamed(type, MESSAGE)) {
            return MappingRules.implementsNamed(type, "com.google.protobuf.MessageLite")
                    ? new RefusedMapping(type.getName()
                            + " is a message of protobuf's lite runtime, which does not know its fields; hand over its bytes, or mark the parameter"
                            + " @Unhashed")
                    : null;
        }
        try {
            Class<?> format = Class.forName("com.google.protobuf.util.JsonFormat", true, type.getClassLoader());
            Object printer = format.getMethod("printer").invoke(null);
            Class<?> message = Class.forName(MESSAGE, true, format.getClassLoader());
            return new ProtobufMapping(printer, printer.getClass().getMethod("print", message));
        } catch (ReflectiveOperationException | LinkageError e) {
            return new ProtobufMapping(null, null);
        }
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
        List<String> names = new ArrayList<>();
        try {
            Object descriptor = call(message, "getDescriptorForType");
            for (Object field : (List<?>) call(descriptor, "getFields")) {
                names.add((String) call(field, "getJsonName"));
            }
            return names;
        } catch (ReflectiveOperationException e) {
            return super.childNames(message);
        }
    }

    private static Object call(Object target, String method) throws ReflectiveOperationException {
        return target.getClass().getMethod(method).invoke(target);
    }

    private @Nullable Object content(Object message) {
        try {
            return printer != null && print != null
                    ? withUnknown(
                            message, withExactFloats(message, JsonReader.read((String) print.invoke(printer, message))))
                    : withUnknown(message, fields(message));
        } catch (InvocationTargetException e) {
            throw new UnhashableException(
                    "",
                    message.getClass().getName() + " has no JSON ("
                            + e.getTargetException().getClass().getName() + "); mark the parameter @Unhashed",
                    e.getTargetException());
        } catch (ReflectiveOperationException e) {
            throw new UnhashableException(
                    "",
                    message.getClass().getName() + " is of a protobuf version that is not known (" + e.getMessage()
                            + "); mark the parameter @Unhashed",
                    e);
        }
    }

    /** Fields of a newer schema have no name here, but are part of the message: their bytes are a member of their own. */
    private @Nullable Object withUnknown(Object message, @Nullable Object content) {
        Map<String, Object> unknown = new LinkedHashMap<>();
        // Without a printer the messages inside are mapped when they are met.
        collectUnknown(message, "", /* nested= */ printer != null, unknown);
        if (unknown.isEmpty()) {
            return content;
        }
        Map<String, Object> members = new LinkedHashMap<>();
        if (content instanceof Map<?, ?> map) {
            map.forEach((name, value) -> members.put((String) name, value));
        } else {
            members.put("@value", content);
        }
        members.put("@unknownFields", unknown);
        return members;
    }

    private static void collectUnknown(Object message, String path, boolean nested, Map<String, Object> found) {
        Object fields = LibraryMethods.of(message, MESSAGE, "getUnknownFields").read(message);
        if ((Integer) LibraryMethods.of(fields, UNKNOWN, "getSerializedSize").read(fields) > 0) {
            found.put(path, LibraryMethods.of(fields, UNKNOWN, "toByteArray").read(fields));
        }
        if (!nested) {
            return;
        }
        for (Map.Entry<?, ?> field :
                ((Map<?, ?>) LibraryMethods.of(message, MESSAGE, "getAllFields").read(message)).entrySet()) {
            List<?> values = field.getValue() instanceof List<?> list ? list : List.of(field.getValue());
            for (int i = 0;
                    i < values.size()
                            && MappingRules.implementsNamed(values.get(i).getClass(), MESSAGE);
                    i++) {
                String name = (String) LibraryMethods.of(field.getKey(), DESCRIPTOR, "getJsonName")
                        .read(field.getKey());
                collectUnknown(values.get(i), path + "/" + name + "/" + i, /* nested= */ true, found);
            }
        }
    }

    /**
     * Puts floats back in place of what was read as a double: the printer writes them as the JVM does, whose digits differ between
     * JDK 17 and later ones.
     */
    @SuppressWarnings("unchecked")
    private static @Nullable Object withExactFloats(Object message, @Nullable Object json)
            throws ReflectiveOperationException {
        if (json instanceof Double && message.getClass().getName().startsWith("com.google.protobuf.FloatValue")) {
            return message.getClass().getMethod("getValue").invoke(message);
        }
        if (!(json instanceof Map<?, ?>)) {
            return json;
        }
        Map<String, Object> members = (Map<String, Object>) json;
        for (Map.Entry<?, ?> field :
                ((Map<?, ?>) message.getClass().getMethod("getAllFields").invoke(message)).entrySet()) {
            String name =
                    (String) field.getKey().getClass().getMethod("getJsonName").invoke(field.getKey());
            Object member = members.get(name);
            if (member == null) {
                // A type with a form of its own, such as Struct: its numbers are doubles.
                continue;
            }
            boolean map =
                    (Boolean) field.getKey().getClass().getMethod("isMapField").invoke(field.getKey());
            members.put(
                    name,
                    map
                            ? mapWithExactFloats((List<?>) field.getValue(), (Map<String, Object>) member)
                            : exact(field.getValue(), member));
        }
        return members;
    }

    private static Object mapWithExactFloats(List<?> entries, Map<String, Object> members)
            throws ReflectiveOperationException {
        for (Object entry : entries) {
            String key = entry.getClass().getMethod("getKey").invoke(entry).toString();
            Object value = entry.getClass().getMethod("getValue").invoke(entry);
            members.computeIfPresent(key, (name, member) -> exactOrFail(value, member));
        }
        return members;
    }

    private static @Nullable Object exactOrFail(Object value, Object json) {
        try {
            return exact(value, json);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param json what was printed for the value */
    private static @Nullable Object exact(Object value, Object json) throws ReflectiveOperationException {
        if (value instanceof Float && json instanceof Double) {
            return value;
        }
        if (value instanceof List<?> list && json instanceof List<?> printed && printed.size() == list.size()) {
            List<Object> exact = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                exact.add(exact(list.get(i), printed.get(i)));
            }
            return exact;
        }
        return MappingRules.implementsNamed(value.getClass(), MESSAGE) ? withExactFloats(value, json) : json;
    }

    private static Map<String, Object> fields(Object message) throws ReflectiveOperationException {
        Map<String, Object> members = new LinkedHashMap<>();
        Map<?, ?> set = (Map<?, ?>) message.getClass().getMethod("getAllFields").invoke(message);
        for (Map.Entry<?, ?> field : set.entrySet()) {
            String name =
                    (String) field.getKey().getClass().getMethod("getJsonName").invoke(field.getKey());
            boolean map =
                    (Boolean) field.getKey().getClass().getMethod("isMapField").invoke(field.getKey());
            members.put(name, map ? entries((List<?>) field.getValue()) : plain(field.getValue()));
        }
        return members;
    }

    private static Map<Object, Object> entries(List<?> entries) throws ReflectiveOperationException {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Object entry : entries) {
            map.put(
                    entry.getClass().getMethod("getKey").invoke(entry).toString(),
                    plain(entry.getClass().getMethod("getValue").invoke(entry)));
        }
        return map;
    }

    /** Enum constants by name, bytes as bytes; messages are mapped when they are met. */
    private static Object plain(Object value) throws ReflectiveOperationException {
        if (value instanceof List<?> list) {
            List<Object> plain = new ArrayList<>();
            for (Object element : list) {
                plain.add(plain(element));
            }
            return plain;
        }
        String type = value.getClass().getName();
        if (type.equals("com.google.protobuf.Descriptors$EnumValueDescriptor")) {
            return value.getClass().getMethod("getName").invoke(value);
        }
        for (Class<?> level = value.getClass(); level != null; level = level.getSuperclass()) {
            if (level.getName().equals("com.google.protobuf.ByteString")) {
                return level.getMethod("toByteArray").invoke(value);
            }
        }
        return value;
    }
}
