package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object of named members that are read from a library's value. Some members are no part of the hash, because they tell of the
 * delivery and not of what is delivered: another delivery of the same message must hash alike. JSON Pointers reach those too, and one that
 * includes such a member by its name has it hashed.
 */
final class MembersMapping extends ValueMapping {

    /** Reads something from a value that is not null. */
    interface Reader {
        @Nullable
        Object read(Object value);
    }

    /**
     * @param all what pointers see
     * @param hashed what is hashed; null where the member is no part of the hash
     * @param omitNull whether the member is left out where it is null
     */
    private record Member(String name, Reader all, @Nullable Reader hashed, boolean omitNull) {}

    private final List<Member> members = new ArrayList<>();

    /** A member that is hashed, null as null. */
    MembersMapping with(String name, Reader reader) {
        members.add(new Member(name, reader, reader, /* omitNull= */ false));
        return this;
    }

    /** A member that is hashed; none where it is null. */
    MembersMapping withPresent(String name, Reader reader) {
        members.add(new Member(name, reader, reader, /* omitNull= */ true));
        return this;
    }

    /** A member of which a part is hashed. */
    MembersMapping withPart(String name, Reader all, Reader hashed) {
        members.add(new Member(name, all, hashed, /* omitNull= */ false));
        return this;
    }

    /** A member that only pointers see; none if the library's version has no such method. */
    MembersMapping unhashed(String name, @Nullable Reader reader) {
        if (reader != null) {
            members.add(new Member(name, reader, null, /* omitNull= */ true));
        }
        return this;
    }

    /** The names of the members that are a part of the hash. */
    List<String> hashedNames() {
        return members.stream()
                .filter(member -> member.hashed != null)
                .map(Member::name)
                .toList();
    }

    @Override
    void write(CanonicalWriter writer, Object value) {
        int from = writer.beginMembers(value);
        for (Member member : members) {
            Reader reader = reader(writer, member);
            if (reader == null || writer.excludes(member.name)) {
                continue;
            }
            writer.reading(member.name);
            Object content = reader.read(value);
            if (content != null || !member.omitNull) {
                writer.addMember(member.name, content);
            }
        }
        writer.endDeclared();
        writer.endMembers(from);
    }

    /** What an included place names is hashed, also where it tells of the delivery: else payloads that differ there would hash alike. */
    private static @Nullable Reader reader(CanonicalWriter writer, Member member) {
        boolean named = member.hashed == null ? writer.names(member.name) : writer.includesOnlyInside(member.name);
        return named ? member.all : member.hashed;
    }

    @Override
    boolean isObject(Object value) {
        return true;
    }

    @Override
    @Nullable
    Object child(Object value, String segment) {
        for (Member member : members) {
            if (member.name.equals(segment)) {
                return member.all.read(value);
            }
        }
        return null;
    }

    @Override
    boolean hasChild(Object value, String segment) {
        return childNames(value).contains(segment);
    }

    @Override
    List<String> childNames(Object value) {
        return members.stream().map(Member::name).toList();
    }
}
