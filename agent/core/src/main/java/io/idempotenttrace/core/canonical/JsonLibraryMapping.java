package io.idempotenttrace.core.canonical;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The trees of JSON libraries as the JSON that they hold: org.json and Jettison, Gson, jakarta.json and javax.json, minimal-json,
 * Vert.x, fastjson, json-smart, json-simple, Groovy's, kotlinx.serialization. Equal JSON hashes alike in all of them, in Jackson's
 * trees and in maps and lists.
 */
final class JsonLibraryMapping {

    private JsonLibraryMapping() {}

    /** @return null for what is a map or list by itself */
    static @Nullable ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        return switch (known.getName()) {
            case "org.json.JSONObject", "org.codehaus.jettison.json.JSONObject" -> object(known);
            case "org.json.JSONArray", "org.codehaus.jettison.json.JSONArray" -> array(known);
            case "org.json.JSONObject$Null",
                    "org.codehaus.jettison.json.JSONObject$Null",
                    "org.codehaus.jettison.json.JSONObject$ExplicitNull" -> new ScalarMapping.Holder(value -> null);
            case "org.json.JSONString", "org.codehaus.jettison.json.JSONString" ->
                jsonText(LibraryMethod.of(known, "toJSONString"));
            case "com.google.gson.JsonElement" -> gson(type);
            case "com.google.gson.internal.LazilyParsedNumber" ->
                new ScalarMapping.Holder(value -> JsonNumber.of((Number) value));
            case "com.eclipsesource.json.JsonValue" -> minimalJson(known, type);
            case "io.vertx.core.json.JsonObject" -> new JsonTree(holder(LibraryMethod.of(known, "getMap")));
            case "io.vertx.core.json.JsonArray" -> new JsonTree(holder(LibraryMethod.of(known, "getList")));
            case "com.alibaba.fastjson2.JSONObject",
                    "com.alibaba.fastjson.JSONObject",
                    "net.minidev.json.JSONObject",
                    "org.json.simple.JSONObject",
                    "org.apache.groovy.json.internal.LazyMap",
                    "groovy.json.internal.LazyMap" -> new JsonTree(ContainerMapping.MAP);
            case "com.alibaba.fastjson2.JSONArray",
                    "com.alibaba.fastjson.JSONArray",
                    "net.minidev.json.JSONArray",
                    "org.json.simple.JSONArray" -> new JsonTree(ContainerMapping.ITERABLE);
            case "kotlinx.serialization.json.JsonElement" -> kotlinx(type);
            // jakarta.json and javax.json.
            default ->
                Map.class.isAssignableFrom(type) || List.class.isAssignableFrom(type) ? null : jsonValue(known, type);
        };
    }

    /** A tree that keeps its content in Java's maps, lists and numbers: a BigDecimal in them is the number that its text means. */
    private static final class JsonTree extends ValueMapping {

        private final ValueMapping content;

        JsonTree(ValueMapping content) {
            this.content = content;
        }

        @Override
        void write(CanonicalWriter writer, Object tree) {
            writer.beginTree();
            content.write(writer, tree);
            writer.endTree();
        }

        @Override
        @Nullable
        Object child(Object tree, String segment) {
            Object found = content.child(tree, segment);
            return found == null ? null : plain(found);
        }

        @Override
        boolean hasChild(Object tree, String segment) {
            return content.hasChild(tree, segment);
        }

        @Override
        List<String> childNames(Object tree) {
            return content.childNames(tree);
        }
    }

    private static ValueMapping holder(LibraryMethod content) {
        return new ScalarMapping.Holder(content::read);
    }

    private static ValueMapping jsonText(LibraryMethod text) {
        return new ScalarMapping.Holder(value -> JsonReader.read((String) text.read(value)));
    }

    /** A decimal that was parsed is a BigDecimal in org.json, and stands for the JSON that it was read from. */
    private static Object plain(Object value) {
        return value instanceof Number number ? JsonNumber.of(number) : value;
    }

    private static ValueMapping object(Class<?> known) throws NoSuchMethodException {
        LibraryMethod keys = LibraryMethod.of(known, "keys");
        LibraryMethod get = LibraryMethod.of(known, "opt", String.class);
        return new ScalarMapping.Holder(object -> {
            Map<String, Object> members = new LinkedHashMap<>();
            java.util.Iterator<?> names = (java.util.Iterator<?>) keys.read(object);
            while (names.hasNext()) {
                String name = (String) names.next();
                members.put(name, plain(get.call(object, name)));
            }
            return members;
        });
    }

    private static ValueMapping array(Class<?> known) throws NoSuchMethodException {
        LibraryMethod length = LibraryMethod.of(known, "length");
        LibraryMethod get = LibraryMethod.of(known, "opt", int.class);
        return new ScalarMapping.Holder(array -> {
            Object[] elements = new Object[(Integer) length.read(array)];
            for (int i = 0; i < elements.length; i++) {
                elements[i] = plain(get.call(array, i));
            }
            return elements;
        });
    }

    private static ValueMapping gson(Class<?> type) throws NoSuchMethodException {
        switch (type.getSimpleName()) {
            case "JsonNull":
                return new ScalarMapping.Holder(value -> null);
            case "JsonArray":
                return ContainerMapping.ITERABLE;
            case "JsonObject":
                LibraryMethod entries = LibraryMethod.of(type, "entrySet");
                return new ScalarMapping.Holder(object -> {
                    Map<Object, Object> members = new LinkedHashMap<>();
                    for (Object entry : (Iterable<?>) entries.read(object)) {
                        members.put(((Map.Entry<?, ?>) entry).getKey(), ((Map.Entry<?, ?>) entry).getValue());
                    }
                    return members;
                });
            default:
                LibraryMethod isNumber = LibraryMethod.of(type, "isNumber");
                LibraryMethod isBoolean = LibraryMethod.of(type, "isBoolean");
                LibraryMethod number = LibraryMethod.of(type, "getAsNumber");
                LibraryMethod flag = LibraryMethod.of(type, "getAsBoolean");
                LibraryMethod text = LibraryMethod.of(type, "getAsString");
                return new ScalarMapping.Holder(value -> isNumber.isTrue(value)
                        ? JsonNumber.of((Number) number.read(value))
                        : isBoolean.isTrue(value) ? flag.read(value) : text.read(value));
        }
    }

    private static ValueMapping minimalJson(Class<?> known, Class<?> type) throws NoSuchMethodException {
        if (LibraryMappings.supertype(type, known.getPackageName() + ".JsonArray") != null) {
            return ContainerMapping.ITERABLE;
        }
        if (LibraryMappings.supertype(type, known.getPackageName() + ".JsonObject") != null) {
            return new ScalarMapping.Holder(JsonLibraryMapping::minimalMembers);
        }
        LibraryMethod isString = LibraryMethod.of(known, "isString");
        LibraryMethod isNumber = LibraryMethod.of(known, "isNumber");
        LibraryMethod isBoolean = LibraryMethod.of(known, "isBoolean");
        LibraryMethod text = LibraryMethod.of(known, "asString");
        LibraryMethod flag = LibraryMethod.of(known, "asBoolean");
        return new ScalarMapping.Holder(value -> isString.isTrue(value)
                ? text.read(value)
                : isNumber.isTrue(value)
                        ? JsonNumber.of(value.toString())
                        : isBoolean.isTrue(value) ? flag.read(value) : null);
    }

    private static Map<String, Object> minimalMembers(Object object) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (Object member : (Iterable<?>) object) {
            String name = (String) LibraryMethods.of(member, member.getClass().getName(), "getName")
                    .read(member);
            // The last one is what the library gives for a name that comes twice.
            members.put(
                    name,
                    LibraryMethods.of(member, member.getClass().getName(), "getValue")
                            .read(member));
        }
        return members;
    }

    /** @param type kotlinx.serialization's objects and arrays are maps and lists by themselves */
    private static @Nullable ValueMapping kotlinx(Class<?> type) throws NoSuchMethodException {
        Class<?> primitive = LibraryMappings.supertype(type, "kotlinx.serialization.json.JsonPrimitive");
        if (primitive == null) {
            return null;
        }
        LibraryMethod isString = LibraryMethod.of(primitive, "isString");
        LibraryMethod content = LibraryMethod.of(primitive, "getContent");
        return new ScalarMapping.Holder(value -> {
            String text = (String) content.read(value);
            return isString.isTrue(value) ? text : JsonReader.read(text);
        });
    }

    private static ValueMapping jsonValue(Class<?> known, Class<?> type) throws NoSuchMethodException {
        LibraryMethod kind = LibraryMethod.of(known, "getValueType");
        Class<?> string = LibraryMappings.supertype(type, known.getPackageName() + ".JsonString");
        LibraryMethod text = string == null ? null : LibraryMethod.of(string, "getString");
        return new ScalarMapping.Holder(value -> switch (((Enum<?>) kind.read(value)).name()) {
            case "TRUE" -> true;
            case "FALSE" -> false;
            case "NULL" -> null;
            case "STRING" -> Objects.requireNonNull(text).read(value);
            case "NUMBER" -> JsonNumber.of(value.toString());
            default ->
                throw new UnhashableException(
                        "",
                        type.getName() + " is of a kind of JSON that is not known; mark the parameter @Unhashed",
                        null);
        });
    }
}
