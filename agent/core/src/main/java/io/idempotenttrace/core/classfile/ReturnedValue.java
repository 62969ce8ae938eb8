package io.idempotenttrace.core.classfile;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a method without parameters returns.
 *
 * @param fields the fields that it may return whole, as {@code <class>.<field>}
 * @param inPlaceOf for each of these the fields that are null or empty where it is returned
 * @param made whether it may return something of which a field can't be had back: a part of a text, a sum, a comparison
 * @param unknown whether it may return something that was not understood
 * @param read every field that it reads, as far as its code was followed
 * @param tested the fields that decide which way it goes; with a null where other things decide too
 */
public record ReturnedValue(
        Set<String> fields,
        Map<String, Set<String>> inPlaceOf,
        boolean made,
        boolean unknown,
        Set<String> read,
        Set<@Nullable String> tested) {

    static ReturnedValue of(Set<Value.Source> sources, Getter.Met met) {
        Map<String, Set<String>> fields = new HashMap<>();
        boolean made = false;
        boolean unknown = false;
        for (Value.Source source : sources) {
            String field = source.field();
            if (source.kind() == Value.Kind.FIELD && field != null) {
                fields.put(field, source.absent());
            }
            made |= source.isMade();
            unknown |= source.kind() == Value.Kind.UNKNOWN || source.kind() == Value.Kind.THIS;
        }
        return new ReturnedValue(fields.keySet(), fields, made, unknown, met.read(), met.tested());
    }

    /** Whether it returns one constant or another, by what the field holds alone. */
    public boolean isDecidedBy(String field) {
        return !made && !unknown && fields.isEmpty() && tested.size() == 1 && tested.contains(field);
    }

    /** Whether it returns another field though this one holds something: then that is seen in no way. */
    public boolean prefersAnotherTo(String field) {
        for (Map.Entry<String, Set<String>> returned : inPlaceOf.entrySet()) {
            if (!returned.getKey().equals(field) && !returned.getValue().contains(field)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it returns what the field holds, and nothing else but a constant in its place. */
    public boolean isWhole(String field) {
        return !made && !unknown && fields.size() == 1 && fields.contains(field);
    }
}
