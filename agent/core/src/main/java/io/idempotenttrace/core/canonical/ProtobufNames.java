package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.regex.Pattern;

/**
 * The names of a message's fields in JSON. No two fields of a message have one name here, else the value of one would be lost: an
 * extension is {@code [its.full.name]}, as in protobuf's JSON, and fields whose JSON names are equal, as those of {@code _foo} and
 * {@code Foo} are, have their own names. What else is asked of descriptors is here too.
 */
final class ProtobufNames {

    /** The member of the fields that have no name. */
    static final String UNKNOWN_FIELDS = "@unknownFields";

    /** With more of the sign before it too: else two names would become one. */
    private static final Pattern RESERVED = Pattern.compile("@+(unknownFields|value)");

    private static final Set<String> UNSIGNED = Set.of("UINT32", "UINT64", "FIXED32", "FIXED64");

    private static final String MESSAGE_TYPE = "com.google.protobuf.Descriptors$Descriptor";
    private static final String FIELD = "com.google.protobuf.Descriptors$FieldDescriptor";

    /**
     * Of each type of message that was met, the names of the fields that can't have their JSON names, by number. It holds no descriptor:
     * those of DynamicMessages come and go.
     */
    private final Map<Object, Map<Integer, String>> ownNames = Collections.synchronizedMap(new WeakHashMap<>());

    /** Of each field of that type which can't have its JSON name the name that it has, by number; asked for once for a message. */
    Map<Integer, String> ownNames(Object descriptor) {
        return ownNames.computeIfAbsent(descriptor, ProtobufNames::findOwnNames);
    }

    /** @param own of the type of the field's message */
    String of(Object field, Map<Integer, String> own) {
        if ((Boolean) LibraryMethods.of(field, FIELD, "isExtension").read(field)) {
            return "[" + LibraryMethods.of(field, FIELD, "getFullName").read(field) + "]";
        }
        String name = own.isEmpty() ? null : own.get(number(field));
        return name == null ? jsonName(field) : name;
    }

    /** The names of all fields that the message declares, in a list that may be added to. */
    List<String> ofFields(Object descriptor) {
        List<String> names = new ArrayList<>();
        Map<Integer, String> own = ownNames(descriptor);
        for (Object field : fields(descriptor)) {
            names.add(of(field, own));
        }
        return names;
    }

    /** The members of a Struct are the application's own, so one may be named as the members beside the unknown fields. */
    static String ofStructMember(String name) {
        return RESERVED.matcher(name).matches() ? "@" + name : name;
    }

    private static Map<Integer, String> findOwnNames(Object descriptor) {
        Set<String> claimed = new HashSet<>();
        Set<String> shared = new HashSet<>();
        for (Object field : fields(descriptor)) {
            String jsonName = jsonName(field);
            if (!claimed.add(jsonName)) {
                shared.add(jsonName);
            }
        }
        Map<Integer, String> own = new HashMap<>();
        Map<Integer, String> allOwn = new HashMap<>();
        Set<String> given = new HashSet<>();
        for (Object field : fields(descriptor)) {
            String name = (String) LibraryMethods.of(field, FIELD, "getName").read(field);
            String jsonName = jsonName(field);
            allOwn.put(number(field), name);
            // A schema may give any JSON name, also one that looks like an extension's.
            if (shared.contains(jsonName) || jsonName.startsWith("[") || jsonName.equals(UNKNOWN_FIELDS)) {
                own.put(number(field), name);
                given.add(name);
            } else {
                given.add(jsonName);
            }
        }
        // A field's own name may be the JSON name of another one. All own names differ.
        return given.size() == allOwn.size() ? Map.copyOf(own) : allOwn;
    }

    private static List<?> fields(Object descriptor) {
        return (List<?>)
                LibraryMethods.of(descriptor, MESSAGE_TYPE, "getFields").read(descriptor);
    }

    private static String jsonName(Object field) {
        return (String) LibraryMethods.of(field, FIELD, "getJsonName").read(field);
    }

    static String fullName(Object descriptor) {
        return (String)
                LibraryMethods.of(descriptor, MESSAGE_TYPE, "getFullName").read(descriptor);
    }

    static Object field(Object descriptor, int number) {
        return LibraryMethods.of(descriptor, MESSAGE_TYPE, "findFieldByNumber", int.class)
                .call(descriptor, number);
    }

    static int number(Object field) {
        return (Integer) LibraryMethods.of(field, FIELD, "getNumber").read(field);
    }

    /** Whether the field's integers have no sign. */
    static boolean isUnsigned(Object field) {
        return UNSIGNED.contains(
                LibraryMethods.of(field, FIELD, "getType").read(field).toString());
    }

    static boolean isMap(Object field) {
        return (Boolean) LibraryMethods.of(field, FIELD, "isMapField").read(field);
    }
}
