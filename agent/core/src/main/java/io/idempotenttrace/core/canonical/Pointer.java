package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.List;

/**
 * A JSON Pointer (RFC 6901). Immutable.
 *
 * @param segments the reference tokens, unescaped; none for the whole document
 */
public record Pointer(List<String> segments) {

    public Pointer {
        segments = List.copyOf(segments);
    }

    /**
     * @throws IllegalArgumentException if the text is no JSON Pointer: neither empty nor beginning with '/', or with a '~'
     *         that neither 0 nor 1 follows
     */
    public static Pointer parse(String text) {
        List<String> segments = new ArrayList<>();
        if (text.isEmpty()) {
            return new Pointer(segments);
        }
        if (text.charAt(0) != '/') {
            throw new IllegalArgumentException("'" + text + "' is no JSON Pointer (RFC 6901): it must begin with '/'");
        }
        int start = 1;
        while (true) {
            int slash = text.indexOf('/', start);
            segments.add(unescape(text.substring(start, slash < 0 ? text.length() : slash), text));
            if (slash < 0) {
                return new Pointer(segments);
            }
            start = slash + 1;
        }
    }

    private static String unescape(String segment, String text) {
        StringBuilder plain = new StringBuilder(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c != '~') {
                plain.append(c);
                continue;
            }
            char next = ++i < segment.length() ? segment.charAt(i) : ' ';
            if (next != '0' && next != '1') {
                throw new IllegalArgumentException(
                        "'" + text + "' is no JSON Pointer (RFC 6901): '~' must be followed by 0 or 1");
            }
            plain.append(next == '0' ? '~' : '/');
        }
        return plain.toString();
    }
    public String textAt(Object root) {
        tools.jackson.databind.JsonNode n = PayloadHasher.M.valueToTree(root);
        for (String s : segments) { if (n == null) return null; n = n.get(s); }
        return n == null || n.isNull() ? null : n.isValueNode() ? n.asString() : n.toString();
    }
}
