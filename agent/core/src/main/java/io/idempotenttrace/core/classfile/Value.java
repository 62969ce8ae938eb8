package io.idempotenttrace.core.classfile;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a value on the stack or in a local variable: one or several sources that it may come from.
 *
 * @param wide whether it is a long or a double, which some instructions treat as two
 * @param made the class, with slashes, of an object whose constructor is still to be called; else null
 */
record Value(Set<Source> sources, boolean wide, @Nullable String made) {

    enum Kind {
        /** The object itself. */
        THIS,
        /** What a field of the object holds, whole: as it is, or in another type that tells values apart as well. */
        FIELD,
        /** How long the array in a field is. */
        LENGTH,
        /** The same for all objects: a constant, a static field, a new empty object. */
        CONSTANT,
        /** Made of something, such that different origins may become the same: a part of a text, a sum, a comparison. */
        MADE,
        /** Not understood. */
        UNKNOWN
    }

    /** @param field {@code <class>.<field>}; null where the kind is of none */
    record Source(Kind kind, @Nullable String field) {}

    static final Value THIS = of(Kind.THIS);
    static final Value CONSTANT = of(Kind.CONSTANT);
    static final Value MADE = of(Kind.MADE);
    static final Value UNKNOWN = of(Kind.UNKNOWN);

    private static Value of(Kind kind) {
        return new Value(Set.of(new Source(kind, null)), false, null);
    }

    static Value of(Kind kind, String field) {
        return new Value(Set.of(new Source(kind, field)), false, null);
    }

    static Value newObject(String type) {
        return new Value(UNKNOWN.sources, false, type);
    }

    Value wide(boolean isWide) {
        return isWide == wide ? this : new Value(sources, isWide, made);
    }

    boolean isThis() {
        return equals(THIS);
    }

    /** The one field that it holds whole; null if it may be anything else. */
    @Nullable
    String field() {
        Source only = sources.size() == 1 ? sources.iterator().next() : null;
        return only != null && only.kind == Kind.FIELD ? only.field : null;
    }

    boolean isConstant() {
        return sources.equals(CONSTANT.sources);
    }

    /** Whether it tells less than a field holds, whichever of its sources it comes from. */
    boolean isMade() {
        for (Source source : sources) {
            if (source.kind != Kind.MADE && source.kind != Kind.LENGTH) {
                return false;
            }
        }
        return made == null;
    }

    boolean isUnknown() {
        for (Source source : sources) {
            if (source.kind == Kind.UNKNOWN) {
                return true;
            }
        }
        return false;
    }

    Value or(Value other) {
        if (equals(other)) {
            return this;
        }
        Set<Source> both = new HashSet<>(sources);
        both.addAll(other.sources);
        return new Value(both, wide, null);
    }
}
