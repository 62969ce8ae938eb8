package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Places that are left out of a document: JSON Pointers (RFC 6901), with one extension: a segment that is {@code *} stands for
 * every member or element of its level. A member that is really named {@code *} is written {@code ~2}. Immutable.
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
        private Node any;
        private boolean excluded;

        private Node child(String segment, boolean wildcard) {
            if (!wildcard) {
                return named.computeIfAbsent(segment, name -> new Node());
            }
            any = any == null ? new Node() : any;
            return any;
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
                throw new IllegalArgumentException("exclude \"\" names the whole document: nothing would be left to hash");
            }
            Node node = root;
            for (Pointer.Segment segment : Pointer.parseSegments(pointer, /* wildcards= */ true)) {
                node = node.child(segment.text(), segment.wildcard());
            }
            node.excluded = true;
        }
        return new Exclusions(root);
    }

    /** The nodes that apply to the document itself; null where nothing is excluded. */
    List<Node> start() {
        return this == NONE ? null : List.of(root);
    }

    /** The nodes that apply to a member; null where nothing below it is excluded. */
    static List<Node> below(List<Node> level, String segment) {
        List<Node> found = null;
        for (Node node : level) {
            found = add(found, node.named.get(segment));
            found = add(found, node.any);
        }
        return found;
    }

    private static List<Node> add(List<Node> found, Node node) {
        if (node == null) {
            return found;
        }
        List<Node> nodes = found == null ? new ArrayList<>(2) : found;
        nodes.add(node);
        return nodes;
    }

    static boolean isExcluded(List<Node> nodes) {
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
