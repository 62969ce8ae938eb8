package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Places that are left out of a document: JSON Pointers (RFC 6901), with one extension: a segment that is {@code *} stands for
 * every member or element of its level. A member that is really named {@code *} is written {@code ~2}. A pointer may step into JSON
 * that is carried as text or bytes, see {@link Pointer}: such a text is then hashed as the canonical JSON of what it holds without the
 * excluded places, written as the text that it is, so that it equals no object. A text that is no JSON is hashed as it is. Immutable.
 */
public final class Exclusions {

    /** Nothing is left out. */
    public static final Exclusions NONE = new Exclusions(new Node());

    private final Node root;

    private Exclusions(Node root) {
        this.root = root;
    }

    /** One level of the pointers, merged. */
    static final class Node {

        private final Map<String, Node> named = new HashMap<>();
        private @Nullable Node any;
        /** What applies inside of a text at this place. */
        private @Nullable Node inside;

        private boolean excluded;

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
     * @throws IllegalArgumentException if a text is no JSON Pointer, or names the whole document
     */
    public static Exclusions parse(String... pointers) {
        if (pointers.length == 0) {
            return NONE;
        }
        Node root = new Node();
        for (String pointer : pointers) {
            if (pointer.isEmpty()) {
                throw new IllegalArgumentException(
                        "exclude \"\" names the whole document: nothing would be left to hash");
            }
            Node node = root;
            List<Pointer.Segment> segments = Pointer.parseSegments(pointer, /* wildcards= */ true);
            if (segments.get(segments.size() - 1).kind() == Pointer.Kind.JSON) {
                throw new IllegalArgumentException(
                        "exclude \"" + pointer + "\" names all that a text holds; name a place in it, or leave"
                                + " |json out to exclude the text");
            }
            for (Pointer.Segment segment : segments) {
                node = node.child(segment);
            }
            node.excluded = true;
        }
        return new Exclusions(root);
    }

    /** The nodes that apply to the document itself; null where nothing is excluded. */
    @Nullable
    List<Node> start() {
        return this == NONE ? null : List.of(root);
    }

    /** The nodes that apply to a member; null where nothing below it is excluded. */
    static @Nullable List<Node> below(List<Node> level, @Nullable String segment) {
        List<Node> found = null;
        for (Node node : level) {
            found = add(found, node.named.get(segment));
            found = add(found, node.any);
        }
        return found;
    }

    /** The nodes that apply inside of a text that holds JSON; null where there are none. */
    static @Nullable List<Node> inside(List<Node> level) {
        List<Node> found = null;
        for (Node node : level) {
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

    static boolean isExcluded(@Nullable List<Node> nodes) {
        if (nodes != null) {
            for (Node node : nodes) {
                if (node.excluded) {
                    return true;
                }
            }
        }
        return false;
    }
}
