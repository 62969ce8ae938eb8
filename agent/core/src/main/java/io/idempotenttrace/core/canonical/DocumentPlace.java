package io.idempotenttrace.core.canonical;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link CanonicalWriter} is in its document: what is around the current value, and which member or element of each it writes.
 * Finds cycles and too deep nesting, and gives failures their JSON Pointer.
 */
final class DocumentPlace {

    /** A set's elements have no index: what a pointer could name there depends on how the set happens to iterate. */
    static final int ANY_ELEMENT = -2;

    private static final int NO_ELEMENT = -1;

    private final int maxDepth;

    /** The containers and holders around the current value; of each container, the member or the element being written. */
    private Object[] around = new Object[16];

    private String[] members = new String[16];
    private int[] elements = new int[16];
    private int depth;
    /** How many of those are containers: levels of the JSON itself. */
    private int levels;

    /** Of each array around the current value, how many elements to which no included place belongs came since the last other one. */
    private int[] unwritten = new int[16];

    DocumentPlace(int maxDepth) {
        this.maxDepth = maxDepth;
    }

    void enterContainer(Object container) {
        enter(container);
        if (levels == maxDepth) {
            throw tooDeep();
        }
        levels++;
    }

    void leaveContainer() {
        levels--;
        leave();
    }

    /** A holder is no level of the JSON: what it holds is written in its place. */
    void enterHolder(Object holder) {
        enter(holder);
        if (depth - levels > maxDepth) {
            throw tooDeep();
        }
    }

    void leaveHolder() {
        leave();
    }

    private void enter(Object outer) {
        for (int i = 0; i < depth; i++) {
            if (around[i] == outer) {
                throw cycle(outer);
            }
        }
        if (depth == around.length) {
            grow();
        }
        unwritten[depth] = 0;
        members[depth] = null;
        elements[depth] = NO_ELEMENT;
        around[depth++] = outer;
    }

    private void grow() {
        around = Arrays.copyOf(around, depth * 2);
        members = Arrays.copyOf(members, depth * 2);
        elements = Arrays.copyOf(elements, depth * 2);
        unwritten = Arrays.copyOf(unwritten, depth * 2);
    }

    private void leave() {
        around[--depth] = null;
    }

    void atMember(String name) {
        members[depth - 1] = name;
    }

    /** @param index may be {@link #ANY_ELEMENT} */
    void atElement(int index) {
        elements[depth - 1] = index;
    }

    boolean isAtRoot() {
        return depth == 0;
    }

    /** Whether the current value is a member or an element of the document itself. */
    boolean isOnFirstLevel() {
        return levels == 1;
    }

    /** Whether that object is the innermost one around the current value. */
    boolean isDirectlyIn(Object object) {
        return depth > 0 && around[depth - 1] == object;
    }

    /** Puts that object in the place of the innermost one around the current value. */
    void replaceInnermost(Object object) {
        around[depth - 1] = object;
    }

    /** An element of the array that is being written stays out, because no included place belongs to it. */
    void addUnwritten() {
        unwritten[depth - 1]++;
    }

    /** @return false where no element that stayed out is left */
    boolean takeUnwritten() {
        if (unwritten[depth - 1] == 0) {
            return false;
        }
        unwritten[depth - 1]--;
        return true;
    }

    /** The failure at the current place. */
    UnhashableException refused(String reason, @Nullable Throwable cause) {
        return new UnhashableException(pointer(), reason, cause);
    }

    private UnhashableException cycle(Object outer) {
        return refused(
                "a cycle: " + outer.getClass().getName()
                        + " contains itself; break it, exclude the field, or mark the parameter @Unhashed",
                null);
    }

    private UnhashableException tooDeep() {
        return refused(
                "nested more than " + maxDepth + " levels deep; flatten it, or mark the parameter @Unhashed", null);
    }

    /** The current place as a JSON Pointer; of a very deep place the beginning. */
    String pointer() {
        StringBuilder pointer = new StringBuilder();
        for (int i = 0; i < depth && pointer.length() < 500; i++) {
            if (members[i] != null) {
                pointer.append('/').append(Pointer.escape(members[i]));
            } else if (elements[i] != NO_ELEMENT) {
                pointer.append('/').append(elements[i] == ANY_ELEMENT ? "*" : Integer.toString(elements[i]));
            }
        }
        return pointer.toString();
    }
}
