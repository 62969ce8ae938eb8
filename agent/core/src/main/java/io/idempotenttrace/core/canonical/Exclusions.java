package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is left out of a document before it is hashed: the places that are excluded; where some places are included, all others; and,
 * where that is wanted, the members that are null.
 *
 * <p>Places are JSON Pointers (RFC 6901), with one extension: a segment that is {@code *} stands for every member or element of its level.
 * A member that is really named {@code *} is written {@code ~2}. A pointer may step into JSON that is carried as text or bytes, see
 * {@link Pointer}: such a text is then hashed as the canonical JSON of what is left of it, written as the text that it is, so that it
 * equals no object. A text that is no JSON is hashed as it is.
 *
 * <p>Of a document with included places the hash sees these, and the objects and arrays around them. An object keeps the members that
 * lead to an included place. An array keeps the positions of its elements: one that leads to no included place is null, and those behind
 * the last one that does are not there. An array that has no position, as a set's, keeps the elements that lead to one. A value that has
 * no members, although a pointer goes on below it, is kept whole. So two documents that differ in an included place differ in what the
 * hash sees, and those where one lacks the place and the other has null there do so too. A document that has none of the included places
 * can't be hashed: all such documents would hash alike.
 *
 * <p>A member that is null is one whose canonical JSON is {@code null}, such as an empty Optional. Elements of arrays, and the document
 * itself, are never left out for that. Immutable.
 */
public final class Exclusions {

    /** Nothing is left out. */
    public static final Exclusions NONE = new Exclusions(null, null, List.of(), /* nullMembers= */ false);

    private final @Nullable Node excluded;
    private final @Nullable Node included;
    private final List<String> includedPointers;
    private final boolean nullMembers;

    private Exclusions(
            @Nullable Node excluded, @Nullable Node included, List<String> includedPointers, boolean nullMembers) {
        this.excluded = excluded;
        this.included = included;
        this.includedPointers = includedPointers;
        this.nullMembers = nullMembers;
    }

    /** One level of the pointers, merged. */
    static final class Node {

        private final Map<String, Node> named = new HashMap<>();
        private @Nullable Node any;
        /** What applies inside of a text at this place. */
        private @Nullable Node inside;
        /** Whether a pointer ends here. */
        private boolean end;

        private Node child(Pointer.Segment segment) {
            switch (segment.kind()) {
                case ANY -> {
                    any = any == null ? new Node() : any;
                    return any;
                }
                case JSON -> {
                    inside = inside == null ? new Node() : inside;
                    return inside;
                }
                default -> {
                    return named.computeIfAbsent(segment.text(), name -> new Node());
                }
            }
        }
    }

    /**
     * Without the places that are excluded.
     *
     * @throws IllegalArgumentException if a text is no JSON Pointer, or names the whole document
     */
    public static Exclusions parse(String... pointers) {
        return parse(List.of(), List.of(pointers));
    }

    /**
     * With nothing but the included places, and without the excluded ones.
     *
     * @param include may be empty: then everything is included
     * @param exclude may be empty; counts inside of the included places
     * @throws IllegalArgumentException if a text is no JSON Pointer, or names the whole document
     */
    public static Exclusions parse(List<String> include, List<String> exclude) {
        if (include.isEmpty() && exclude.isEmpty()) {
            return NONE;
        }
        Node excluded = null;
        for (String pointer : exclude) {
            if (pointer.isEmpty()) {
                throw new IllegalArgumentException(
                        "exclude \"\" names the whole document: nothing would be left to hash");
            }
            List<Pointer.Segment> segments = Pointer.parseSegments(pointer, /* wildcards= */ true);
            if (segments.get(segments.size() - 1).kind() == Pointer.Kind.JSON) {
                throw new IllegalArgumentException(
                        "exclude \"" + pointer + "\" names all that a text holds; name a place in it, or leave"
                                + " |json out to exclude the text");
            }
            excluded = excluded == null ? new Node() : excluded;
            add(segments, excluded);
        }
        Node included = null;
        for (String pointer : include) {
            if (pointer.isEmpty()) {
                throw new IllegalArgumentException(
                        "include \"\" names the whole document, which is hashed anyway; leave it out");
            }
            included = included == null ? new Node() : included;
            add(Pointer.parseSegments(pointer, /* wildcards= */ true), included);
        }
        return new Exclusions(excluded, included, List.copyOf(include), /* nullMembers= */ false);
    }

    private static void add(List<Pointer.Segment> segments, Node root) {
        Node node = root;
        for (Pointer.Segment segment : segments) {
            node = node.child(segment);
        }
        node.end = true;
    }

    /** The same places, without the members that are null, or with them. */
    public Exclusions ofNullMembers(boolean leftOut) {
        return leftOut == nullMembers ? this : new Exclusions(excluded, included, includedPointers, leftOut);
    }

    /** Whether some place is left out of documents that have it. */
    public boolean hasPlaces() {
        return excluded != null || included != null;
    }

    /** Whether members that are null are left out. */
    public boolean dropsNullMembers() {
        return nullMembers;
    }

    /**
     * The digest of a payload that may be compared with a record's. Members that are null were left out of the record's payload where its
     * form says so. Where it does not say so, there were none, or the worker that wrote the record keeps them: who drops them takes the
     * record for one of either. So neither who begins to drop them, nor who does not yet, sees a conflict in what the other one wrote.
     *
     * @param form of the record
     * @param recordHash the hash in the record
     * @param digests makes the payload's digest in that form without what is left out
     */
    public PayloadDigest comparableWith(HashForm form, String recordHash, Function<Exclusions, PayloadDigest> digests) {
        PayloadDigest digest = digests.apply(ofNullMembers(nullMembers || form.isWithoutNulls()));
        if (nullMembers && !form.isWithoutNulls() && !digest.hash().equals(recordHash)) {
            PayloadDigest kept = digests.apply(ofNullMembers(false));
            digest = kept.hash().equals(recordHash) ? kept : digest;
        }
        return digest.inForm(form);
    }

    /** The pointers that alone are hashed; empty where everything is. */
    List<String> includedPointers() {
        return includedPointers;
    }

    /** The same for people. */
    String includedText() {
        return UnhashableException.printable(String.join("; ", includedPointers));
    }

    /** What is left out of the document itself; null where no place is. */
    @Nullable
    Level start() {
        return excluded == null && included == null
                ? null
                : new Level(excluded == null ? null : List.of(excluded), included == null ? null : List.of(included));
    }

    /** What is left out of a value of which a level is left out already, and these members too. */
    static Level without(@Nullable Level level, Set<String> members) {
        Node left = new Node();
        for (String member : members) {
            left.child(new Pointer.Segment(member, Pointer.Kind.NAMED)).end = true;
        }
        List<Node> excluded = new ArrayList<>(level == null || level.excluded == null ? List.of() : level.excluded);
        excluded.add(left);
        return new Level(excluded, level == null ? null : level.included);
    }

    /** What is left out of one value. Null stands for one of which nothing is left out. */
    static final class Level {

        /** Of a value that is excluded. */
        static final Level EXCLUDED = new Level(null, null);
        /** Of a value to which no included place belongs. */
        static final Level NOT_INCLUDED = new Level(null, null);

        /** Null where nothing in the value is excluded. */
        private final @Nullable List<Node> excluded;
        /** Null where the value is included, and with it all that is in it. */
        private final @Nullable List<Node> included;

        private Level(@Nullable List<Node> excluded, @Nullable List<Node> included) {
            this.excluded = excluded;
            this.included = included;
        }

        static boolean isLeftOut(@Nullable Level level) {
            return level == EXCLUDED || level == NOT_INCLUDED;
        }

        /** What is left out of a member; of an element of a set, which has no name, the segment is null. */
        @Nullable
        Level below(@Nullable String segment) {
            List<Node> out = null;
            if (excluded != null) {
                out = found(excluded, segment);
                if (hasEnd(out)) {
                    return EXCLUDED;
                }
            }
            List<Node> in = null;
            if (included != null) {
                in = found(included, segment);
                if (in == null) {
                    return NOT_INCLUDED;
                }
            }
            in = hasEnd(in) ? null : in;
            return out == null && in == null ? null : new Level(out, in);
        }

        /** What is left out of the JSON that a text at this place holds; null where no pointer steps into it. */
        @Nullable
        Level inside() {
            List<Node> out = excluded == null ? null : foundInside(excluded);
            List<Node> in = included == null ? null : foundInside(included);
            return out == null && in == null ? null : new Level(out, hasEnd(in) ? null : in);
        }

        /** Whether an included place begins at the value below, of which that is left out. */
        boolean endsAt(@Nullable Level below) {
            return included != null && (below == null || below.included == null);
        }

        /** Whether all that is not excluded is included. */
        boolean includesAll() {
            return included == null;
        }

        /** Whether an included place is at that member, or in it. */
        boolean includes(String segment) {
            return included != null && found(included, segment) != null;
        }

        /** Whether an included place at that member, or in it, has its name; {@code *} has not. */
        boolean names(String segment) {
            if (included != null) {
                for (Node node : included) {
                    if (node.named.containsKey(segment)) {
                        return true;
                    }
                }
            }
            return false;
        }

        /** Whether an included place has some member in its name. */
        boolean namesMembers() {
            if (included != null) {
                for (Node node : included) {
                    if (!node.named.isEmpty()) {
                        return true;
                    }
                }
            }
            return false;
        }

        /** Whether an included place is in the JSON that a text at this place holds, or all of that JSON is one. */
        boolean includesInside() {
            return included != null && foundInside(included) != null;
        }

        private static @Nullable List<Node> found(List<Node> nodes, @Nullable String segment) {
            List<Node> found = null;
            for (Node node : nodes) {
                found = add(found, node.named.get(segment));
                found = add(found, node.any);
            }
            return found;
        }

        private static @Nullable List<Node> foundInside(List<Node> nodes) {
            List<Node> found = null;
            for (Node node : nodes) {
                found = add(found, node.inside);
            }
            return found;
        }

        private static @Nullable List<Node> add(@Nullable List<Node> found, @Nullable Node node) {
            if (node == null) {
                return found;
            }
            List<Node> nodes = found == null ? new ArrayList<>(2) : found;
            nodes.add(node);
            return nodes;
        }

        private static boolean hasEnd(@Nullable List<Node> nodes) {
            if (nodes != null) {
                for (Node node : nodes) {
                    if (node.end) {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
