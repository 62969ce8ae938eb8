package io.idempotenttrace.core.canonical;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON text (RFC 8259) into maps, lists, texts and numbers, as Python's {@code json.loads} does: NaN and the infinities
 * are numbers, integers of any length are exact, of equal names the last counts, and escaped lone surrogates stay, also in
 * names, where JSON libraries for Java refuse or replace them. Nesting is kept on the heap: no text overflows the stack.
 */
public final class JsonReader {

    /** Text that is not one JSON document. */
    public static final class MalformedJsonException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final int line;
        private final int column;

        MalformedJsonException(String reason, int line, int column) {
            super(reason);
            this.line = line;
            this.column = column;
        }

        /** The line of the error, from 1 on. */
        public int line() {
            return line;
        }

        /** The column of the error, from 1 on, in characters (Unicode code points). */
        public int column() {
            return column;
        }
    }

    private final String text;
    private final boolean jcs;
    private final boolean exactDecimals;
    private int at;

    private JsonReader(String text, boolean jcs, boolean exactDecimals) {
        this.text = text;
        this.jcs = jcs;
        this.exactDecimals = exactDecimals;
    }

    /** @throws MalformedJsonException if the text is not one JSON document */
    public static @Nullable Object read(String json) {
        return read(json, CanonicalForm.PYTHON);
    }

    /**
     * As {@link #read(String)}, of text that is to be written in this form. RFC 8785 writes 2^68 as 295147905179352830000, which is
     * no double: where the text is what that form writes for a double, it is read as that double, so that canonical JSON is
     * written as it was.
     */
    public static @Nullable Object read(String json, CanonicalForm form) {
        return read(json, new JsonReader(json, form == CanonicalForm.JCS, /* exactDecimals= */ false));
    }

    /** As {@link #read(String)}, but a number that no double is exactly stays apart from the double next to it; see {@link JsonNumber}. */
    static @Nullable Object readExact(String json) {
        return read(json, new JsonReader(json, /* jcs= */ false, /* exactDecimals= */ true));
    }

    private static @Nullable Object read(String json, JsonReader reader) {
        if (json.startsWith("\uFEFF")) {
            throw reader.malformed("a byte order mark before the document; JSON has none (RFC 8259, 8.1)");
        }
        Object document = reader.document();
        reader.skipSpace();
        if (reader.at < json.length()) {
            throw reader.malformed("text after the end of the document");
        }
        return document;
    }

    private @Nullable Object document() {
        Deque<Object> open = new ArrayDeque<>();
        Deque<String> names = new ArrayDeque<>();
        while (true) {
            Object value = value();
            if (value instanceof Opened opened) {
                open.push(opened.container);
                skipSpace();
                if (!closes(opened.container)) {
                    nameOf(opened.container, names);
                    continue;
                }
                value = open.pop();
            }
            // A value is complete: it goes into its container, and closes every container that ends behind it.
            while (!open.isEmpty()) {
                add(open.peek(), names, value);
                skipSpace();
                if (peek() == ',') {
                    at++;
                    skipSpace();
                    nameOf(open.peek(), names);
                    break;
                }
                if (!closes(open.peek())) {
                    throw malformed(open.peek() instanceof List<?> ? "expected ',' or ']'" : "expected ',' or '}'");
                }
                value = open.pop();
            }
            if (open.isEmpty()) {
                return value;
            }
        }
    }

    /** A container that has been opened and not yet closed. */
    private record Opened(Object container) {}

    private boolean closes(Object container) {
        if (peek() != (container instanceof List<?> ? ']' : '}')) {
            return false;
        }
        at++;
        return true;
    }

    /** Reads a member's name and its colon, if the container is an object. */
    private void nameOf(Object container, Deque<String> names) {
        if (container instanceof List<?>) {
            return;
        }
        if (peek() != '"') {
            throw malformed("expected a member's name in double quotes");
        }
        names.push(string());
        skipSpace();
        if (peek() != ':') {
            throw malformed("expected ':'");
        }
        at++;
    }

    @SuppressWarnings("unchecked")
    private static void add(Object container, Deque<String> names, @Nullable Object value) {
        if (container instanceof List<?> list) {
            ((List<Object>) list).add(value);
        } else {
            ((Map<String, Object>) container).put(names.pop(), value);
        }
    }

    private @Nullable Object value() {
        skipSpace();
        switch (peek()) {
            case '{':
                at++;
                return new Opened(new LinkedHashMap<String, Object>());
            case '[':
                at++;
                return new Opened(new ArrayList<>());
            case '"':
                return string();
            case 't':
                return literal("true", true);
            case 'f':
                return literal("false", false);
            case 'n':
                return literal("null", null);
            case 'N':
                return literal("NaN", Double.NaN);
            case 'I':
                return literal("Infinity", Double.POSITIVE_INFINITY);
            case '-':
                return text.startsWith("-I", at) ? literal("-Infinity", Double.NEGATIVE_INFINITY) : number();
            default:
                return number();
        }
    }

    private @Nullable Object literal(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) {
            throw malformed("expected a value");
        }
        at += word.length();
        return value;
    }

    private Object number() {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (!isDigit(peek())) {
            at = start;
            throw malformed(at == text.length() ? "the text ends where a value is expected" : "expected a value");
        }
        int firstDigit = at;
        digits();
        if (text.charAt(firstDigit) == '0' && at > firstDigit + 1) {
            at = firstDigit;
            throw malformed("a number must not begin with 0");
        }
        boolean integer = true;
        // As Python, which ends a number before a point or exponent without digits, and then finds text that does not
        // belong.
        if (peek() == '.' && isDigit(charAt(at + 1))) {
            integer = false;
            at++;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            int sign = charAt(at + 1) == '+' || charAt(at + 1) == '-' ? 1 : 0;
            if (isDigit(charAt(at + 1 + sign))) {
                integer = false;
                at += 1 + sign;
                digits();
            }
        }
        String number = text.substring(start, at);
        if (integer) {
            return integer(number, start);
        }
        return exactDecimals ? exact(number, start) : (Object) Double.valueOf(number);
    }

    private Object exact(String number, int start) {
        if (number.length() <= DigitLimit.MOST_DIGITS) {
            try {
                return JsonNumber.exact(number);
            } catch (NumberFormatException exponent) {
                // One that no decimal of Java has.
            }
        }
        at = start;
        throw malformed("a number of more than " + DigitLimit.MOST_DIGITS + " digits");
    }

    private Object integer(String number, int start) {
        if (number.length() > DigitLimit.MOST_DIGITS) {
            at = start;
            throw malformed("an integer of more than " + DigitLimit.MOST_DIGITS + " digits");
        }
        if (number.length() < 17) {
            return Long.valueOf(number);
        }
        // Above 10^21 that form has an exponent.
        if (jcs && number.length() <= 22 && number.equals(NumberText.ecmaScript(Double.parseDouble(number)))) {
            return Double.valueOf(number);
        }
        BigInteger large = new BigInteger(number);
        return large.bitLength() < Long.SIZE ? (Object) large.longValue() : large;
    }

    private void digits() {
        while (isDigit(peek())) {
            at++;
        }
    }

    private String string() {
        int start = ++at;
        StringBuilder unescaped = null;
        while (true) {
            char c = peek();
            if (at == text.length()) {
                at = start - 1;
                throw malformed("a string that is not closed");
            }
            if (c == '"') {
                String rest = text.substring(start, at++);
                return unescaped == null ? rest : unescaped.append(rest).toString();
            }
            if (c < ' ') {
                throw malformed("a control character in a string; write it as \\u" + String.format("%04x", (int) c));
            }
            if (c == '\\') {
                unescaped = unescaped == null ? new StringBuilder() : unescaped;
                unescaped.append(text, start, at);
                unescaped.append(escape());
                start = at;
            } else {
                at++;
            }
        }
    }

    private char escape() {
        char kind = charAt(at + 1);
        int plain = "\"\\/bfnrt".indexOf(kind);
        if (plain >= 0 && at + 1 < text.length()) {
            at += 2;
            return "\"\\/\b\f\n\r\t".charAt(plain);
        }
        if (kind != 'u') {
            throw malformed(
                    kind > ' ' && kind < 0x7f ? "an escape that is none: \\" + kind : "a '\\' that begins no escape");
        }
        int unit = 0;
        for (int i = at + 2; i < at + 6; i++) {
            int digit = charAt(i) < 128 ? Character.digit(charAt(i), 16) : -1;
            if (digit < 0) {
                throw malformed("\\u without four hex digits");
            }
            unit = unit << 4 | digit;
        }
        at += 6;
        return (char) unit;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The next character; NUL at the end. */
    private char peek() {
        return charAt(at);
    }

    private char charAt(int index) {
        return index < text.length() ? text.charAt(index) : '\0';
    }

    private MalformedJsonException malformed(String reason) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < at; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new MalformedJsonException(
                reason, line, text.codePointCount(lineStart, Math.min(at, text.length())) + 1);
    }
}
