package io.idempotenttrace.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads a user's own mappings as the setting {@code mapping} and the files {@code META-INF/services/idempotent.mapping} write them:
 * {@code com.acme.Span=com.acme.Maps.span}, or with '#' before the method's name.
 */
public final class MappingEntries {

    private MappingEntries() {}

    /**
     * The entries of the setting, separated by ';' or line breaks.
     *
     * @return name of a class to {@code class#method}, in their order
     * @throws IllegalArgumentException if an entry is none; the message says what is wrong
     */
    public static Map<String, String> parse(String text) {
        Map<String, String> entries = new LinkedHashMap<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == ';' || text.charAt(i) == '\n' || text.charAt(i) == '\r') {
                addEntry(text.substring(start, i).trim(), entries);
                start = i + 1;
            }
        }
        return entries;
    }

    /**
     * The entries of a file: one a line, comments behind '#' at the beginning of a line or after a blank.
     *
     * @throws IllegalArgumentException if a line is none; the message says which and what is wrong
     */
    public static Map<String, String> parseFile(String text) {
        Map<String, String> entries = new LinkedHashMap<>();
        int number = 1;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '\n') {
                try {
                    addEntry(withoutComment(text.substring(start, i)).trim(), entries);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("line " + number + ": " + e.getMessage());
                }
                start = i + 1;
                number++;
            }
        }
        return entries;
    }

    private static String withoutComment(String line) {
        for (int i = line.indexOf('#'); i >= 0; i = line.indexOf('#', i + 1)) {
            if (i == 0 || line.charAt(i - 1) == ' ' || line.charAt(i - 1) == '\t') {
                return line.substring(0, i);
            }
        }
        return line;
    }

    private static void addEntry(String entry, Map<String, String> entries) {
        if (entry.isEmpty()) {
            return;
        }
        int equals = entry.indexOf('=');
        String type = equals < 0 ? "" : entry.substring(0, equals).trim();
        String method = equals < 0 ? "" : entry.substring(equals + 1).trim();
        int separator = method.indexOf('#') >= 0 ? method.indexOf('#') : method.lastIndexOf('.');
        if (!isClassName(type)
                || separator < 0
                || !isClassName(method.substring(0, separator))
                || !isIdentifier(method.substring(separator + 1))) {
            throw new IllegalArgumentException("'" + entry + "' is no mapping; write class=class.method, such as"
                    + " com.acme.Span=com.acme.Maps.span");
        }
        if (type.startsWith("java.")) {
            throw new IllegalArgumentException(
                    "'" + entry + "' maps a class of the JDK itself, whose JSON is fixed; map the class that holds it");
        }
        String target = method.substring(0, separator) + '#' + method.substring(separator + 1);
        String before = entries.put(type, target);
        if (before != null && !before.equals(target)) {
            throw new IllegalArgumentException(
                    "'" + type + "' is mapped twice, by " + before + " and " + target + "; leave one");
        }
    }

    private static boolean isClassName(String name) {
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '.') {
                if (!isIdentifier(name.substring(start, i))) {
                    return false;
                }
                start = i + 1;
            }
        }
        return true;
    }

    private static boolean isIdentifier(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            // Other languages than Java allow more than identifiers, such as '-', in a name.
            if (c <= ' ' || c == '=' || c == '#' || c == ';' || c == '/' || c == ',' || c == '(' || c == ')') {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
