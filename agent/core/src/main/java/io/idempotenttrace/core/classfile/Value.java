package io.idempotenttrace.core.classfile;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
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
        /** True where a field is null or empty, and only there. */
        ABSENT,
        /** False or 0 where a field is null or empty, and only there. */
        PRESENT,
        /** The same for all objects: a constant, a static field, a new empty object. */
        CONSTANT,
        /** The constant 0, or false. */
        ZERO,
        /** The constant 1, or true. */
        ONE,
        /** Made of something, such that different origins may become the same: a part of a text, a sum, a comparison. */
        MADE,
        /** Not understood. */
        UNKNOWN
    }

    /**
     * One origin.
     *
     * @param field {@code <class>.<field>}; null where the kind is of none
     * @param absent fields that are null or empty wherever the value comes from here
     */
    record Source(Kind kind, @Nullable String field, Set<String> absent) {

        boolean isSameBut(Source other) {
            return kind == other.kind && Objects.equals(field, other.field);
        }

        boolean isMade() {
            return kind == Kind.MADE || kind == Kind.LENGTH || kind == Kind.ABSENT || kind == Kind.PRESENT;
        }

        boolean isConstant() {
            return field == null && (kind == Kind.CONSTANT || isLiteral());
        }

        boolean isLiteral() {
            return kind == Kind.ZERO || kind == Kind.ONE;
        }

        Source with(Set<String> more) {
            Set<String> all = new HashSet<>(absent);
            all.addAll(more);
            return new Source(kind, field, Set.copyOf(all));
        }
    }

    static final Value THIS = of(Kind.THIS);
    static final Value CONSTANT = of(Kind.CONSTANT);
    static final Value ZERO = of(Kind.ZERO);
    static final Value ONE = of(Kind.ONE);
    static final Value MADE = of(Kind.MADE);
    static final Value UNKNOWN = of(Kind.UNKNOWN);

    private static Value of(Kind kind) {
        return new Value(Set.of(new Source(kind, null, Set.of())), false, null);
    }

    static Value of(Kind kind, String field) {
        return new Value(Set.of(new Source(kind, field, Set.of())), false, null);
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
        return sources.stream().allMatch(Source::isConstant);
    }

    /** Whether it tells less than a field holds, whichever of its sources it comes from. */
    boolean isMade() {
        for (Source source : sources) {
            if (!source.isMade()) {
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
        return new Value(merged(sources, other.sources), wide, null);
    }

    /** Of a source that both have, what is absent in either case. */
    static Set<Source> merged(Set<Source> first, Set<Source> second) {
        List<Source> merged = new ArrayList<>(first);
        for (Source source : second) {
            Source same = null;
            for (Source known : merged) {
                same = known.isSameBut(source) ? known : same;
            }
            if (same == null) {
                merged.add(source);
            } else {
                Set<String> absent = new HashSet<>(same.absent);
                absent.retainAll(source.absent);
                merged.set(merged.indexOf(same), new Source(same.kind, same.field, Set.copyOf(absent)));
            }
        }
        return Set.copyOf(merged);
    }

    /** The fields that are null or empty where this is. */
    Set<String> absentWithIt() {
        Set<String> absent = null;
        for (Source source : sources) {
            Set<String> ofSource = new HashSet<>(source.absent);
            if (source.kind == Kind.FIELD && source.field != null) {
                ofSource.add(source.field);
            }
            if (absent == null) {
                absent = ofSource;
            } else {
                absent.retainAll(ofSource);
            }
        }
        return absent == null ? Set.of() : absent;
    }

    /** The fields that are null or empty where this is zero or false, or where it is not, whichever of its sources it comes from. */
    Set<String> absentIf(boolean zero) {
        Set<String> absent = null;
        for (Source source : sources) {
            if (source.kind == (zero ? Kind.ONE : Kind.ZERO)) {
                // It is never so from there.
                continue;
            }
            boolean tells =
                    zero ? source.kind == Kind.PRESENT || source.kind == Kind.LENGTH : source.kind == Kind.ABSENT;
            Set<String> ofSource = new HashSet<>(source.absent);
            if (tells && source.field != null) {
                ofSource.add(source.field);
            }
            if (absent == null) {
                absent = ofSource;
            } else {
                absent.retainAll(ofSource);
            }
        }
        return absent == null ? Set.of() : absent;
    }

    /** The same value where these fields are null or empty. What is in one of them then is the same for all objects. */
    Value where(Set<String> fields) {
        Set<Source> tagged = Set.of();
        for (Source source : fields.isEmpty() ? Set.<Source>of() : sources) {
            Source here = source;
            if (source.kind == Kind.FIELD && fields.contains(source.field)) {
                here = CONSTANT.sources.iterator().next();
            } else if (source.kind == Kind.FIELD || source.isLiteral()) {
                here = source.with(fields);
            }
            tagged = merged(tagged, Set.of(here));
        }
        return tagged.isEmpty() || tagged.equals(sources) ? this : new Value(tagged, wide, made);
    }
}
