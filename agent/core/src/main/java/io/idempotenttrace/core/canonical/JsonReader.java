package io.idempotenttrace.core.canonical;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Reads JSON text into maps, lists, texts and numbers, as Python's {@code json.loads} does: NaN and the infinities are numbers,
 * integers of any length are exact, of equal names the last counts, lone surrogates stay. Its depth is limited by the input's
 * size alone, not by the stack.
 */
public final class JsonReader {

    /** A document that is no JSON. */
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

        /** The column of the error, from 1 on, in UTF-16 units. */
        public int column() {
            return column;
        }
    }

    private static final int UNLIMITED = Integer.MAX_VALUE;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(UNLIMITED).maxNumberLength(UNLIMITED)
                    .maxStringLength(UNLIMITED).maxNameLength(UNLIMITED).build())
            .build();

    private JsonReader() {
    }

    /** @throws MalformedJsonException if the text is not one JSON document */
    public static Object read(String json) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new MalformedJsonException("no JSON document, only white space", 1, 1);
            }
            Object document = document(parser, first);
            if (parser.nextToken() != null) {
                throw malformed("text after the end of the document", parser.currentTokenLocation());
            }
            return document;
        } catch (JacksonException e) {
            throw malformed(firstLine(e.getOriginalMessage()), e.getLocation());
        }
    }

    private static MalformedJsonException malformed(String reason, TokenStreamLocation at) {
        return new MalformedJsonException(reason, at == null ? 1 : Math.max(1, at.getLineNr()),
                at == null ? 1 : Math.max(1, at.getColumnNr()));
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private static Object document(JsonParser parser, JsonToken first) {
        Deque<Object> open = new ArrayDeque<>();
        Deque<String> names = new ArrayDeque<>();
        JsonToken token = first;
        while (true) {
            Object value = null;
            boolean complete = true;
            switch (token) {
                case START_OBJECT -> {
                    open.push(new LinkedHashMap<String, Object>());
                    complete = false;
                }
                case START_ARRAY -> {
                    open.push(new ArrayList<>());
                    complete = false;
                }
                case PROPERTY_NAME -> {
                    names.push(parser.currentName());
                    complete = false;
                }
                case END_OBJECT, END_ARRAY -> value = open.pop();
                default -> value = scalar(parser, token);
            }
            if (complete) {
                if (open.isEmpty()) {
                    return value;
                }
                add(open.peek(), names, value);
            }
            token = parser.nextToken();
            if (token == null) {
                throw malformed("the document is not closed", parser.currentLocation());
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static void add(Object container, Deque<String> names, Object value) {
        if (container instanceof List<?> list) {
            ((List<Object>) list).add(value);
        } else {
            ((Map<String, Object>) container).put(names.pop(), value);
        }
    }

    private static Object scalar(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> parser.getString();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NUMBER_INT -> integer(parser.getString());
            case VALUE_NUMBER_FLOAT -> decimal(parser);
            default -> null;
        };
    }

    private static Object integer(String text) {
        return text.length() < 19 ? (Object) Long.valueOf(text) : new BigInteger(text);
    }

    private static Object decimal(JsonParser parser) {
        String text = parser.getString();
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            case "INF", "+INF", "-INF", "+Infinity" -> throw malformed("'" + text + "' is no number; write Infinity",
                    parser.currentTokenLocation());
            default -> Double.valueOf(text);
        };
    }
}
