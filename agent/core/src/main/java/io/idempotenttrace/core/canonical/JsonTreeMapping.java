package io.idempotenttrace.core.canonical;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The application's own Jackson tree, of version 2 or 3, as the JSON that it holds. Its classes are known by name alone. */
final class JsonTreeMapping extends ValueMapping {

    private final Method nodeType;
    private final Method members;
    private final Method text;
    private final Method number;
    private final Method flag;
    private final Method binary;
    /** The kind of the nodes of this class, which is the same for all of them; found at the first one. */
    private volatile @Nullable Kind kind;

    /** Jackson's JsonNodeType, by name. */
    private enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        BOOLEAN,
        BINARY,
        POJO,
        NULL,
        MISSING
    }

    private JsonTreeMapping(Class<?> node) throws NoSuchMethodException {
        nodeType = node.getMethod("getNodeType");
        members = either(node, "properties", "fields");
        text = either(node, "stringValue", "textValue");
        number = node.getMethod("numberValue");
        flag = node.getMethod("booleanValue");
        binary = node.getMethod("binaryValue");
    }

    private static Method either(Class<?> type, String newer, String older) throws NoSuchMethodException {
        try {
            return type.getMethod(newer);
        } catch (NoSuchMethodException e) {
            return type.getMethod(older);
        }
    }

    /** The mapping of a node's class; null for any other class. */
    static @Nullable ValueMapping of(Class<?> type) {
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            String name = level.getName();
            if (name.equals("com.fasterxml.jackson.databind.JsonNode")
                    || name.equals("tools.jackson.databind.JsonNode")) {
                try {
                    return OwnState.besideLibrarys(type, level, new JsonTreeMapping(level));
                } catch (NoSuchMethodException e) {
                    return new RefusedMapping(
                            type.getName() + " is a JSON tree of a Jackson version that is not known (" + e.getMessage()
                                    + "); pass its text, or mark the parameter @Unhashed");
                }
            }
        }
        return null;
    }

    @Override
    void write(CanonicalWriter writer, Object node) {
        switch (kind(node)) {
            case OBJECT -> {
                int from = writer.beginMembers(node);
                Iterator<?> entries = entries(node);
                while (entries.hasNext()) {
                    Map.Entry<?, ?> entry = (Map.Entry<?, ?>) entries.next();
                    writer.addMember((String) entry.getKey(), entry.getValue());
                }
                writer.endMembers(from);
            }
            case ARRAY -> writer.elements((Iterable<?>) node);
            case BINARY -> writer.base64(ByteBuffer.wrap((byte[]) call(binary, node)));
            default -> writer.value(content(node));
        }
    }

    private Kind kind(Object node) {
        Kind known = kind;
        if (known == null) {
            known = Kind.valueOf(((Enum<?>) call(nodeType, node)).name());
            kind = known;
        }
        return known;
    }

    @Override
    @Nullable
    Object child(Object node, String segment) {
        if (kind(node) == Kind.OBJECT) {
            // Not by Jackson's own get: a node is found as the hash sees it, in every version.
            Iterator<?> entries = entries(node);
            while (entries.hasNext()) {
                Map.Entry<?, ?> entry = (Map.Entry<?, ?>) entries.next();
                if (segment.equals(entry.getKey())) {
                    return entry.getValue();
                }
            }
            return null;
        }
        Object content = content(node);
        return content == null ? null : ValueMapping.of(content).child(content, segment);
    }

    @Override
    boolean hasChild(Object node, String segment) {
        Object content = content(node);
        return content != null && ValueMapping.of(content).hasChild(content, segment);
    }

    @Override
    List<String> childNames(Object node) {
        Object content = content(node);
        return content == null ? List.of() : ValueMapping.of(content).childNames(content);
    }

    @Override
    @Nullable
    Object textOrBytes(Object node) {
        Object content = content(node);
        return content == null ? null : ValueMapping.of(content).textOrBytes(content);
    }

    @Override
    @Nullable
    String keyText(Object node) {
        Object content = content(node);
        return content == null ? null : ValueMapping.of(content).keyText(content);
    }

    /** The node's own level as a plain value: a map or list of nodes, a text, a number, a boolean, null. */
    private @Nullable Object content(Object node) {
        return switch (kind(node)) {
            case OBJECT -> members(node);
            case ARRAY -> elements(node);
            case STRING -> call(text, node);
            case NUMBER -> number(node);
            case BOOLEAN -> call(flag, node);
            case BINARY -> call(binary, node);
            case POJO -> pojo(node);
            case NULL, MISSING -> null;
        };
    }

    private Object number(Object node) {
        Object value = call(number, node);
        return value instanceof BigDecimal decimal ? JsonNumber.floating(decimal) : value;
    }

    private Iterator<?> entries(Object node) {
        Object all = call(members, node);
        return all instanceof Iterable<?> iterable ? iterable.iterator() : (Iterator<?>) all;
    }

    private Map<String, Object> members(Object node) {
        Map<String, Object> found = new LinkedHashMap<>();
        Iterator<?> entries = entries(node);
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = (Map.Entry<?, ?>) entries.next();
            found.put((String) entry.getKey(), entry.getValue());
        }
        return found;
    }

    private static List<Object> elements(Object node) {
        List<Object> found = new ArrayList<>();
        ((Iterable<?>) node).forEach(found::add);
        return found;
    }

    private static Object pojo(Object node) {
        try {
            return call(node.getClass().getMethod("getPojo"), node);
        } catch (NoSuchMethodException e) {
            throw new UnhashableException(
                    "",
                    node.getClass().getName() + " holds an object that can't be read; mark the parameter"
                            + " @Unhashed",
                    e);
        }
    }

    private static Object call(Method method, Object node) {
        try {
            return method.invoke(node);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new UnhashableException(
                    "",
                    method.getName() + " of " + node.getClass().getName() + " failed; mark the parameter"
                            + " @Unhashed",
                    e);
        }
    }
}
