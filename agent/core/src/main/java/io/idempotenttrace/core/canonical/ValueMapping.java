package io.idempotenttrace.core.canonical;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How values of one class become JSON. Found once for each class and kept with the class, so that it goes when the class's
 * loader goes.
 */
abstract class ValueMapping {

    private static final ClassValue<ValueMapping> OF_CLASS = new ClassValue<>() {
        @Override
        protected ValueMapping computeValue(Class<?> type) {
            return MappingRules.choose(type);
        }
    };

    /** The mapping of a value that is not null. */
    static ValueMapping of(Object value) {
        return OF_CLASS.get(value.getClass());
    }

    /** What the class is, without the id of its type. */
    static ValueMapping ofClass(Class<?> type) {
        return OF_CLASS.get(type).untyped();
    }

    /** The mapping without the id of the value's type. */
    ValueMapping untyped() {
        return this;
    }

    /** The mapping that this very value has, where its class alone does not tell. */
    ValueMapping ofValue(Object value) {
        return this;
    }

    /** Whether the value is written as an object to which a member can be added. */
    boolean isObject(Object value) {
        return false;
    }

    /** Whether the value is the only one of its class, known by its name. */
    boolean isConstant(Object value) {
        return false;
    }

    abstract void write(CanonicalWriter writer, Object value);

    /** The member or element of that name or index; null if there is none, or if it is null. */
    @Nullable
    Object child(Object value, String segment) {
        return null;
    }

    /** Whether there is such a member or element, though {@link #child} gave null for it. */
    boolean hasChild(Object value, String segment) {
        Object written = written(value);
        return written instanceof Map<?, ?> map
                ? map.containsKey(segment)
                : written instanceof List<?> list && index(segment) >= 0 && index(segment) < list.size();
    }

    /** The names of the members that are there, for people; empty for a value that has none, and for elements. */
    List<String> childNames(Object value) {
        List<String> names = new ArrayList<>();
        if (written(value) instanceof Map<?, ?> map) {
            map.keySet().forEach(name -> names.add((String) name));
        }
        return names;
    }

    /** The value as the hash sees it. */
    private static @Nullable Object written(Object value) {
        return JsonReader.read(new String(KEY_WRITER.canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII));
    }

    /** The value's text as a String, its bytes as a ByteBuffer: what may hold JSON; null for any other value. */
    @Nullable
    Object textOrBytes(Object value) {
        return null;
    }

    /** The value as the key of a map, as text; null where a value of this class can't be one. */
    @Nullable
    String memberName(Object value) {
        return null;
    }

    /** The value as a part of an idempotency key: text as it is, anything else as its canonical JSON. */
    @Nullable
    String keyText(Object value) {
        return new String(KEY_WRITER.canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII);
    }

    /** Keys are the same in either form, so that changing it does not change them. */
    private static final PayloadHasher KEY_WRITER = new PayloadHasher(CanonicalForm.PYTHON);

    /** The array index that a segment names; -1 if it names none (RFC 6901, 4). */
    static int index(String segment) {
        if (segment.isEmpty() || segment.length() > 9 || segment.length() > 1 && segment.charAt(0) == '0') {
            return -1;
        }
        int index = 0;
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            index = index * 10 + c - '0';
        }
        return index;
    }
}
