package io.idempotenttrace.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a value as one line of JSON, its members in the order in which they come: for what a program reads line by line. Control
 * characters and everything beyond ASCII are escaped, so that no line end, no terminal and no charset changes the line.
 */
public final class OneLineJson {

    private final StringBuilder text = new StringBuilder();

    private OneLineJson() {}

    /** @param value null, a CharSequence, a Number, a Boolean, a Map with keys of text, or an Iterable; of anything else its text */
    public static String of(@Nullable Object value) {
        OneLineJson line = new OneLineJson();
        line.append(value);
        return line.text.toString();
    }

    private void append(@Nullable Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            text.append(value);
        } else if (value instanceof Map<?, ?> map) {
            appendMembers(map);
        } else if (value instanceof Iterable<?> elements) {
            char before = '[';
            for (Object element : elements) {
                text.append(before);
                append(element);
                before = ',';
            }
            text.append(before == '[' ? "[]" : "]");
        } else {
            appendText(value.toString());
        }
    }

    private void appendMembers(Map<?, ?> map) {
        char before = '{';
        for (Map.Entry<?, ?> member : map.entrySet()) {
            text.append(before);
            appendText(String.valueOf(member.getKey()));
            text.append(':');
            append(member.getValue());
            before = ',';
        }
        text.append(before == '{' ? "{}" : "}");
    }

    private void appendText(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                text.append(c);
            } else {
                String digits = Integer.toHexString(c);
                text.append("\\u").append("0000", 0, 4 - digits.length()).append(digits);
            }
        }
        text.append('"');
    }
}
