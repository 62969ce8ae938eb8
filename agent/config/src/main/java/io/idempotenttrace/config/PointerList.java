package io.idempotenttrace.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Pointers (RFC 6901) of the settings {@code include} and {@code exclude}, separated by ';' or line breaks, with blanks around
 * them. A pointer that itself has one of these can only be written in the annotation.
 */
public final class PointerList {

    private PointerList() {}

    /** The pointers in their order; none of an empty text. */
    public static List<String> parse(String text) {
        List<String> pointers = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == ';' || text.charAt(i) == '\n' || text.charAt(i) == '\r') {
                String pointer = text.substring(start, i).trim();
                if (!pointer.isEmpty()) {
                    pointers.add(pointer);
                }
                start = i + 1;
            }
        }
        return pointers;
    }

    /** What is wrong with the first one that is not allowed, for people; null if all are. */
    static @Nullable String problem(String text, ValueKind kind) {
        for (String pointer : parse(text)) {
            String problem = problemOf(pointer, kind);
            if (problem != null) {
                return '\'' + Printable.text(pointer) + "' " + problem;
            }
        }
        return null;
    }

    private static @Nullable String problemOf(String pointer, ValueKind kind) {
        if (!pointer.startsWith("/") && !pointer.startsWith("|json/")) {
            return "is no JSON Pointer (RFC 6901): it must begin with '/'";
        }
        if (kind == ValueKind.EXCLUDED_POINTERS && pointer.endsWith("|json")) {
            return "names all that a text holds; name a place in it, or leave |json out to exclude the text";
        }
        for (int i = pointer.indexOf('~'); i >= 0; i = pointer.indexOf('~', i + 1)) {
            char next = i + 1 < pointer.length() ? pointer.charAt(i + 1) : ' ';
            if ((next < '0' || next > '2') && !isEscapedMark(pointer, i)) {
                return "is no JSON Pointer (RFC 6901): '~' must be followed by 0 or 1 (or by 2, for a literal '*')";
            }
        }
        return null;
    }

    /** Whether {@code ~3json} is there, at the end of a name. */
    private static boolean isEscapedMark(String pointer, int start) {
        int end = start + "~3json".length();
        return pointer.startsWith("~3json", start)
                && (end == pointer.length() || pointer.charAt(end) == '/' || pointer.startsWith("|json", end));
    }
}
