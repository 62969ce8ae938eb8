package io.idempotenttrace.chaos.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One line of a history.
 *
 * @param at when it happened, in microseconds of the machine's monotonic clock
 */
record Event(String name, long at, int line, JsonNode fields) {

    private static final JsonMapper JSON = new JsonMapper();

    /** What each event has to say, beside {@code e} and {@code at}. */
    private static final Map<String, List<String>> FIELDS = Map.ofEntries(
            Map.entry("run", List.of("format", "seed", "server", "policy", "mutant")),
            Map.entry("phase", List.of("phase", "name", "excuses", "strictExcuses")),
            Map.entry("message", List.of("phase", "key", "payload", "scope")),
            Map.entry("deliver", List.of("call", "key", "payload", "scope", "worker")),
            Map.entry("begin", List.of("call", "guard")),
            Map.entry("done", List.of("call", "value")),
            Map.entry("threw", List.of("call")),
            Map.entry("tried", List.of("call", "times")),
            Map.entry("answer", List.of("call", "answer", "value")),
            Map.entry("ack", List.of("call")),
            Map.entry("worker", List.of("worker", "state")),
            Map.entry("told", List.of("worker", "key", "what")),
            Map.entry("fault", List.of("name", "state", "loses")),
            Map.entry("record", List.of("key", "attempt")),
            Map.entry("counts", List.of("worker", "new", "duplicate", "conflict", "unguarded")),
            Map.entry("recovered", List.of("worker", "guarded")),
            Map.entry("freeze", List.of("millis")),
            Map.entry("phase-end", List.of("phase")),
            Map.entry("end", List.of("events")));

    /** Reads a line. */
    static Event read(String text, int line) {
        JsonNode fields;
        try {
            fields = JSON.readTree(text);
        } catch (JacksonException e) {
            throw new MalformedHistoryException("line " + line + " of the history is no JSON: " + shortened(text));
        }
        if (!fields.isObject()
                || !fields.path("e").isString()
                || !fields.path("at").isIntegralNumber()) {
            throw new MalformedHistoryException(
                    "line " + line + " of the history has no 'e' and 'at': " + shortened(text));
        }
        String name = fields.get("e").asString();
        List<String> needed = FIELDS.get(name);
        if (needed == null) {
            throw new MalformedHistoryException("line " + line + " of the history has the unknown event '" + name
                    + "'; this version knows " + new java.util.TreeSet<>(FIELDS.keySet()));
        }
        for (String field : needed) {
            if (!fields.has(field)) {
                throw new MalformedHistoryException(
                        "line " + line + " of the history, event '" + name + "', has no '" + field + "'");
            }
        }
        return new Event(name, fields.get("at").asLong(), line, fields);
    }

    private static String shortened(String text) {
        return text.length() > 120 ? text.substring(0, 120) + "..." : text;
    }

    String text(String field) {
        JsonNode value = fields.get(field);
        if (!value.isString()) {
            throw wrong(field, "text");
        }
        return value.asString();
    }

    long number(String field) {
        JsonNode value = fields.get(field);
        if (!value.isIntegralNumber()) {
            throw wrong(field, "whole number");
        }
        return value.asLong();
    }

    boolean flag(String field) {
        JsonNode value = fields.get(field);
        if (!value.isBoolean()) {
            throw wrong(field, "true or false");
        }
        return value.asBoolean();
    }

    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : fields.get(field)) {
            texts.add(element.asString());
        }
        return texts;
    }

    private MalformedHistoryException wrong(String field, String kind) {
        return new MalformedHistoryException(
                "line " + line + " of the history: '" + field + "' of event '" + name + "' is no " + kind);
    }
}
