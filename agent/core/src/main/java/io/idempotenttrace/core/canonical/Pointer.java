package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.List;

/** A JSON Pointer (RFC 6901). Immutable. */
public final class Pointer {

    /**
     * One reference token, unescaped.
     *
     * @param wildcard whether it stands for every member or element
     */
    record Segment(String text, boolean wildcard) {
    }

    private final String[] segments;

    private Pointer(String[] segments) {
        this.segments = segments;
    }

    /**
     * @throws IllegalArgumentException if the text is no JSON Pointer: neither empty nor beginning with '/', or with a '~'
     *         that neither 0 nor 1 follows
     */
    public static Pointer parse(String text) {
        List<Segment> segments = parseSegments(text, /* wildcards= */ false);
        String[] texts = new String[segments.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = segments.get(i).text();
        }
        return new Pointer(texts);
    }

    static List<Segment> parseSegments(String text, boolean wildcards) {
        List<Segment> segments = new ArrayList<>();
        if (text.isEmpty()) {
            return segments;
        }
        if (text.charAt(0) != '/') {
            throw new IllegalArgumentException("'" + text + "' is no JSON Pointer (RFC 6901): it must begin with '/'");
        }
        int start = 1;
        while (true) {
            int slash = text.indexOf('/', start);
            String token = text.substring(start, slash < 0 ? text.length() : slash);
            segments.add(new Segment(unescape(token, text, wildcards), wildcards && token.equals("*")));
            if (slash < 0) {
                return segments;
            }
            start = slash + 1;
        }
    }

    private static String unescape(String token, String text, boolean wildcards) {
        StringBuilder plain = new StringBuilder(token.length());
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c != '~') {
                plain.append(c);
                continue;
            }
            char next = ++i < token.length() ? token.charAt(i) : ' ';
            if (next == '2' && wildcards) {
                plain.append('*');
            } else if (next == '0' || next == '1') {
                plain.append(next == '0' ? '~' : '/');
            } else {
                throw new IllegalArgumentException("'" + text + "' is no JSON Pointer (RFC 6901): '~' must be followed by 0 or 1"
                        + (wildcards ? " (or by 2, for a literal '*')" : ""));
            }
        }
        return plain.toString();
    }

    /** Escapes a member's name for use in a pointer. */
    static String escape(String name) {
        return name.indexOf('~') < 0 && name.indexOf('/') < 0 ? name : name.replace("~", "~0").replace("/", "~1");
    }

    /**
     * The text of the value at this place, as a part of a key: of a string, number, boolean, enum, date or UUID its text, of
     * anything else its canonical JSON in the {@code python} form. Walks maps, beans, records, lists and JSON trees as the
     * hash does, without writing the rest.
     *
     * @param root where the pointer begins; may be null
     * @return null if nothing is there, or null is
     * @throws UnhashableException if the value has no canonical JSON
     */
    public String textAt(Object root) {
        int depth = 0;
        try {
            Object value = root;
            for (; depth < segments.length; depth++) {
                if (value == null) {
                    return null;
                }
                value = ValueMapping.of(value).child(value, segments[depth]);
            }
            return value == null ? null : ValueMapping.of(value).keyText(value);
        } catch (UnhashableException e) {
            throw new UnhashableException(textOfFirst(depth) + e.pointer(), e.reason(), e.getCause());
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
            // Of the application's own code: a collection that is changed meanwhile, a lazy one that fails.
            throw new UnhashableException(textOfFirst(depth), "reading it threw " + e.getClass().getName()
                    + "; mend it, or take the key from elsewhere", e);
        }
    }

    private String textOfFirst(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append('/').append(escape(segments[i]));
        }
        return text.toString();
    }
}
