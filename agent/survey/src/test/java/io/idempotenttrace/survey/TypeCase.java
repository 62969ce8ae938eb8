package io.idempotenttrace.survey;

import java.util.ArrayList;
import java.util.List;

/**
 * One type of the survey: how one object of it is made, how equal ones are, and how those are that differ from it in one part of
 * their state each, also in parts without a getter.
 */
final class TypeCase {

    /** Makes a new object at each call. */
    interface Maker {
        Object make() throws Exception;
    }

    /**
     * An object that differs from the first one.
     *
     * @param part the one part of the state in which it differs
     * @param asText whether its text differs too; a key and the name of a map's member, being text, tell no other difference
     * @param equal whether the type's own equals does not look at that part, so that the two objects are equal to it
     */
    record Other(String part, boolean asText, boolean equal, Maker maker) {}

    private final Library library;
    private final String name;
    private final Maker one;
    private final List<Maker> same = new ArrayList<>();
    private final List<Other> others = new ArrayList<>();

    TypeCase(Library library, String name, Maker one) {
        this.library = library;
        this.name = name;
        this.one = one;
        // Built a second time: what depends on an object's identity shows here.
        same.add(one);
    }

    /** An object that is equal to the first one, but was made otherwise: in another order, by another factory. */
    TypeCase same(Maker equal) {
        same.add(equal);
        return this;
    }

    /** An object that differs from the first one in this part alone. */
    TypeCase part(String part, Maker maker) {
        others.add(new Other(part, /* asText= */ true, /* equal= */ false, maker));
        return this;
    }

    /** As {@link #part}, where the text of both is one: the number 1 and the text "1", a null and an absent value. */
    TypeCase partOfPayload(String part, Maker maker) {
        others.add(new Other(part, /* asText= */ false, /* equal= */ false, maker));
        return this;
    }

    /** As {@link #part}, where the type's own equals does not look at that part, though it is a part of the payload. */
    TypeCase partBesideEquals(String part, Maker maker) {
        others.add(new Other(part, /* asText= */ true, /* equal= */ true, maker));
        return this;
    }

    /** The next type of the same library. */
    TypeCase type(String nextName, Maker nextOne) {
        return library.type(nextName, nextOne);
    }

    String name() {
        return library.name() + " " + name;
    }

    Maker one() {
        return one;
    }

    List<Maker> same() {
        return same;
    }

    List<Other> others() {
        return others;
    }
}
