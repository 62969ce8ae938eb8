package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a JSON document, in the plainest way that could be found: it asks of each place whether a pointer names it. Pointers are
 * lists of names, {@code *} for all.
 *
 * @param met whether an included place is there
 */
record ReducedDocument(@Nullable Object value, boolean met) {

    private static final Object NOT_INCLUDED = new Object();
    private static final Object EXCLUDED = new Object();

    static ReducedDocument of(@Nullable Object value, List<List<String>> include, List<List<String>> exclude) {
        boolean[] met = {false};
        Object left = reduced(value, List.of(), include, exclude, met);
        return new ReducedDocument(left, met[0] || include.isEmpty());
    }

    private static @Nullable Object reduced(
            @Nullable Object value,
            List<String> path,
            List<List<String>> include,
            List<List<String>> exclude,
            boolean[] met) {
        if (exclude.stream().anyMatch(pointer -> begins(path, pointer) && pointer.size() == path.size())) {
            return EXCLUDED;
        }
        boolean inside = include.isEmpty() || include.stream().anyMatch(pointer -> begins(path, pointer));
        boolean onTheWay = include.stream().anyMatch(pointer -> begins(pointer, path));
        if (!inside && !onTheWay) {
            return NOT_INCLUDED;
        }
        met[0] |= inside;
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> left = new LinkedHashMap<>();
            map.forEach((name, member) -> {
                Object kept = reduced(member, with(path, (String) name), include, exclude, met);
                if (kept != EXCLUDED && kept != NOT_INCLUDED) {
                    left.put(name, kept);
                }
            });
            return left;
        }
        if (value instanceof List<?> list) {
            List<Object> left = new ArrayList<>();
            int end = 0;
            for (int i = 0; i < list.size(); i++) {
                Object kept = reduced(list.get(i), with(path, Integer.toString(i)), include, exclude, met);
                if (kept != EXCLUDED) {
                    left.add(kept == NOT_INCLUDED ? null : kept);
                    end = kept == NOT_INCLUDED ? end : left.size();
                }
            }
            return new ArrayList<>(left.subList(0, end));
        }
        return value;
    }

    /** Whether the longer one begins as the pointer says; a star in either is every name. */
    private static boolean begins(List<String> longer, List<String> pointer) {
        if (pointer.size() > longer.size()) {
            return false;
        }
        for (int i = 0; i < pointer.size(); i++) {
            boolean any = pointer.get(i).equals("*") || longer.get(i).equals("*");
            if (!any && !pointer.get(i).equals(longer.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> with(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return longer;
    }

    /** The document without its null members, at each depth; elements of lists stay. */
    static @Nullable Object withoutNullMembers(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> left = new LinkedHashMap<>();
            map.forEach((name, member) -> {
                if (member != null) {
                    left.put(name, withoutNullMembers(member));
                }
            });
            return left;
        }
        if (value instanceof List<?> list) {
            List<Object> left = new ArrayList<>();
            list.forEach(element -> left.add(withoutNullMembers(element)));
            return Collections.unmodifiableList(left);
        }
        return value;
    }
}
