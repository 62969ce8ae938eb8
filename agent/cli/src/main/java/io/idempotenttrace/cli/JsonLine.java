package io.idempotenttrace.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One JSON object on one line. What might act on a terminal, or is half of a character, is escaped. */
final class JsonLine {

    private final StringBuilder text = new StringBuilder("{");

    /** Adds a text; null is JSON's null. */
    JsonLine with(String name, @Nullable String value) {
        name(name);
        quoted(value);
        return this;
    }

    JsonLine with(String name, @Nullable Long value) {
        name(name).append(value);
        return this;
    }

    JsonLine with(String name, boolean value) {
        name(name).append(value);
        return this;
    }

    JsonLine with(String name, List<String> values) {
        name(name).append('[');
        for (int i = 0; i < values.size(); i++) {
            text.append(i == 0 ? "" : ",");
            quoted(values.get(i));
        }
        text.append(']');
        return this;
    }

    private StringBuilder name(String name) {
        text.append(text.length() == 1 ? "" : ",");
        quoted(name);
        return text.append(':');
    }

    private void quoted(@Nullable String value) {
        if (value == null) {
            text.append("null");
            return;
        }
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1));
            if (pair) {
                text.append(c).append(value.charAt(++i));
            } else if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (isPlain(c)) {
                text.append(c);
            } else {
                text.append(String.format("\\u%04x", (int) c));
            }
        }
        text.append('"');
    }

    private static boolean isPlain(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
