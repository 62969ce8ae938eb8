package io.idempotenttrace.core.canonical;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One of several alternatives, such as the left or the right of an Either: an object of one member, which names the alternative. Two
 * alternatives with the same content stay apart.
 */
final class OneOf extends ValueMapping {

    private final Function<Object, String> name;
    private final Function<Object, Object> content;

    OneOf(Function<Object, String> name, Function<Object, Object> content) {
        this.name = name;
        this.content = content;
    }

    @Override
    void write(CanonicalWriter writer, Object value) {
        int from = writer.beginMembers(value);
        writer.addMember(name.apply(value), content.apply(value));
        writer.endMembers(from);
    }

    @Override
    @Nullable
    Object child(Object value, String segment) {
        return name.apply(value).equals(segment) ? content.apply(value) : null;
    }
}
