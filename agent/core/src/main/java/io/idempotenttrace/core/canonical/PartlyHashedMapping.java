package io.idempotenttrace.core.canonical;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value of which the hash sees a part and pointers see all, such as a message's headers. */
final class PartlyHashedMapping extends ValueMapping {

    private final MembersMapping.Reader all;
    private final MembersMapping.Reader hashed;

    PartlyHashedMapping(MembersMapping.Reader all, MembersMapping.Reader hashed) {
        this.all = all;
        this.hashed = hashed;
    }

    @Override
    void write(CanonicalWriter writer, Object value) {
        // What an included place names is hashed, whichever part it belongs to.
        writer.held(value, (writer.namesMembers() ? all : hashed).read(value));
    }

    @Override
    @Nullable
    Object child(Object value, String segment) {
        Object content = all.read(value);
        return content == null ? null : ValueMapping.of(content).child(content, segment);
    }

    @Override
    boolean hasChild(Object value, String segment) {
        Object content = all.read(value);
        return content != null && ValueMapping.of(content).hasChild(content, segment);
    }

    @Override
    List<String> childNames(Object value) {
        Object content = all.read(value);
        return content == null ? List.of() : ValueMapping.of(content).childNames(content);
    }
}
