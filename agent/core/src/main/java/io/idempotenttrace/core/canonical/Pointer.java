package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Pointer (RFC 6901) with one extension: {@code |json} behind a segment reads the text or the bytes (UTF-8) at that place as
 * JSON, and what follows names a place in it: {@code /body|json/order_id}, or {@code |json/order_id} where the pointer begins at the
 * text itself. A member whose own name ends with {@code |json} is written with {@code ~3json} at its end; a {@code '|'} at any other
 * place is a character as any other. Immutable.
 */
public final class Pointer {

    private static final String JSON_MARK = "|json";

    /** What a segment does. */
    enum Kind {
        /** Names a member or an element. */
        NAMED,
        /** Stands for every member or element of its level. */
        ANY,
        /** Reads the text or bytes at this place as JSON. */
        JSON
    }

    /**
     * One step of a pointer.
     *
     * @param text the member's name, or the element's index; {@code |json} for a step into a text
     */
    record Segment(String text, Kind kind) {}

    /**
     * What a walk finds where the pointer matches nothing.
     *
     * @param depth how many segments match
     * @param value what is there; may be null
     */
    private record Miss(int depth, @Nullable Object value) {}

    private final Segment[] segments;

    private Pointer(List<Segment> segments) {
        this.segments = segments.toArray(new Segment[0]);
    }

    /**
     * @throws IllegalArgumentException if the text is no JSON Pointer: neither empty nor beginning with '/' or {@code |json}, or with
     *         a '~' that neither 0 nor 1 follows
     */
    public static Pointer parse(String text) {
        return new Pointer(parseSegments(text, /* wildcards= */ false));
    }

    /** As {@link #parse}, of a pointer in which a segment that is {@code *} stands for all members or elements, see {@link Exclusions}. */
    public static Pointer parsePlaces(String text) {
        return new Pointer(parseSegments(text, /* wildcards= */ true));
    }

    static List<Segment> parseSegments(String text, boolean wildcards) {
        List<Segment> segments = new ArrayList<>();
        int start = 0;
        while (text.startsWith(JSON_MARK, start)) {
            segments.add(new Segment(JSON_MARK, Kind.JSON));
            start += JSON_MARK.length();
        }
        if (start == text.length()) {
            return segments;
        }
        if (text.charAt(start) != '/') {
            throw new IllegalArgumentException("'" + text + "' is no JSON Pointer (RFC 6901): it must begin with '/'");
        }
        while (start >= 0) {
            int slash = text.indexOf('/', start + 1);
            addToken(text.substring(start + 1, slash < 0 ? text.length() : slash), text, wildcards, segments);
            start = slash;
        }
        return segments;
    }

    private static void addToken(String token, String text, boolean wildcards, List<Segment> segments) {
        String name = token;
        int steps = 0;
        while (name.endsWith(JSON_MARK)) {
            name = name.substring(0, name.length() - JSON_MARK.length());
            steps++;
        }
        segments.add(
                new Segment(unescape(name, text, wildcards), wildcards && name.equals("*") ? Kind.ANY : Kind.NAMED));
        for (int i = 0; i < steps; i++) {
            segments.add(new Segment(JSON_MARK, Kind.JSON));
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
            } else if (token.startsWith("3json", i) && token.length() == i + "3json".length()) {
                plain.append('|');
            } else {
                throw new IllegalArgumentException(
                        "'" + text + "' is no JSON Pointer (RFC 6901): '~' must be followed by 0 or 1"
                                + (wildcards ? " (or by 2, for a literal '*')" : ""));
            }
        }
        return plain.toString();
    }

    /** Escapes a member's name for use in a pointer. */
    static String escape(String name) {
        String escaped = name.indexOf('~') < 0 && name.indexOf('/') < 0
                ? name
                : name.replace("~", "~0").replace("/", "~1");
        return escaped.endsWith(JSON_MARK)
                ? escaped.substring(0, escaped.length() - JSON_MARK.length()) + "~3json"
                : escaped;
    }

    /** The segments before the first step into a text or to all members, unescaped: what a declared type can be asked for. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < segments.length && segments[i].kind() == Kind.NAMED; i++) {
            names.add(segments[i].text());
        }
        return names;
    }

    /** Whether the value behind {@link #names} is read as JSON. */
    public boolean stepsIntoText() {
        int names = names().size();
        return names < segments.length && segments[names].kind() == Kind.JSON;
    }

    /**
     * The text of the value at this place, as a part of a key: of a string, number, boolean, enum, date or UUID its text, of
     * anything else its canonical JSON in the {@code python} form. Walks maps, beans, records, lists and JSON trees as the
     * hash does, without writing the rest.
     *
     * @param root where the pointer begins; may be null
     * @return null if nothing is there, or null is; {@link #matches} tells them apart
     * @throws UnhashableException if the value has no canonical JSON
     */
    public @Nullable String textAt(@Nullable Object root) {
        Object value = walk(root);
        if (value == null || value instanceof Miss) {
            return null;
        }
        try {
            return ValueMapping.of(value).keyText(value);
        } catch (UnhashableException e) {
            throw new UnhashableException(textOfFirst(segments.length) + e.pointer(), e.reason(), e.getCause());
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
            throw failed(segments.length, e);
        }
    }

    /**
     * Whether there is a value at this place, be it null. A bean or record has each of its properties; a map, a list and a JSON tree
     * have what they hold; null has nothing but itself.
     *
     * @throws UnhashableException as {@link #textAt} does
     */
    public boolean matches(@Nullable Object root) {
        return !(walk(root) instanceof Miss);
    }

    /**
     * Why the pointer matches nothing, for people: the names that are there instead, and the nearest one; null if it matches. It takes
     * longer than {@link #matches}.
     *
     * @throws UnhashableException as {@link #textAt} does
     */
    public @Nullable String describeMiss(@Nullable Object root) {
        if (!(walk(root) instanceof Miss miss)) {
            return null;
        }
        try {
            return PointerMiss.describe(toString(), textOfFirst(miss.depth), segments[miss.depth].text(), miss.value);
        } catch (UnhashableException e) {
            return "'" + this + "' matches nothing";
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
            throw failed(miss.depth, e);
        }
    }

    /** The value at this place, which may be null; or a {@link Miss}. */
    private @Nullable Object walk(@Nullable Object root) {
        int depth = 0;
        try {
            Object value = root;
            for (; depth < segments.length; depth++) {
                if (value == null) {
                    return new Miss(depth, null);
                }
                ValueMapping mapping = ValueMapping.of(value);
                if (segments[depth].kind() == Kind.JSON) {
                    value = JsonText.read(mapping.textOrBytes(value), value);
                    continue;
                }
                Object child = mapping.child(value, segments[depth].text());
                if (child == null && !mapping.hasChild(value, segments[depth].text())) {
                    return new Miss(depth, value);
                }
                value = child;
            }
            return value;
        } catch (UnhashableException e) {
            throw new UnhashableException(textOfFirst(depth) + e.pointer(), e.reason(), e.getCause());
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
            throw failed(depth, e);
        }
    }

    /** A failure of the application's own code: a collection that is changed meanwhile, a lazy one that fails. */
    private UnhashableException failed(int depth, Throwable e) {
        return new UnhashableException(
                textOfFirst(depth),
                "reading it threw " + e.getClass().getName() + "; mend it, or take the key from elsewhere",
                e);
    }

    private String textOfFirst(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            if (segments[i].kind() == Kind.JSON) {
                text.append(JSON_MARK);
            } else {
                text.append('/').append(escape(segments[i].text()));
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return textOfFirst(segments.length);
    }
}
