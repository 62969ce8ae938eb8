package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** The documents of {@code canonical_vectors.py} with the values that JSON has no type for as Java's values of the same meaning. */
final class PythonValues {

    enum Color {
        RED,
        GREEN
    }

    private PythonValues() {}

    static Object read(String input) {
        return typed(JsonReader.read(input));
    }

    private static Object typed(Object value) {
        if (value instanceof List<?> list) {
            List<Object> typed = new ArrayList<>();
            list.forEach(element -> typed.add(typed(element)));
            return typed;
        }
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        if (map.size() == 1 && map.keySet().iterator().next() instanceof String name && name.startsWith("$")) {
            return typed(name, map.get(name));
        }
        Map<Object, Object> typed = new LinkedHashMap<>();
        map.forEach((name, member) -> typed.put(name, typed(member)));
        return typed;
    }

    private static Object typed(String name, Object content) {
        return switch (name) {
            case "$datetime" -> dateTime((String) content);
            case "$date" -> LocalDate.parse((String) content);
            case "$time" ->
                hasOffset((String) content) ? OffsetTime.parse((String) content) : LocalTime.parse((String) content);
            case "$timedelta" -> {
                List<?> parts = (List<?>) content;
                yield Duration.ofDays((Long) parts.get(0))
                        .plusSeconds((Long) parts.get(1))
                        .plusNanos(1000 * (Long) parts.get(2));
            }
            case "$decimal" -> new BigDecimal((String) content);
            case "$bytes" -> Base64.getDecoder().decode((String) content);
            case "$uuid" -> UUID.fromString((String) content);
            case "$enum" -> Color.valueOf((String) content);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static boolean hasOffset(String text) {
        return text.matches(".*[+-]\\d\\d:\\d\\d(:\\d\\d)?") && text.contains(":");
    }

    /** Of the types that are the same in Python, each for some of the texts. */
    private static Object dateTime(String text) {
        String clock = text.substring(text.indexOf('T'));
        if (!hasOffset(clock)) {
            return LocalDateTime.parse(text);
        }
        OffsetDateTime parsed = OffsetDateTime.parse(text);
        List<Object> same = new ArrayList<>(List.of(parsed, parsed.toZonedDateTime()));
        if (parsed.getOffset().getTotalSeconds() == 0) {
            same.addAll(List.of(
                    parsed.toInstant(),
                    parsed.atZoneSameInstant(ZoneId.of("UTC")),
                    Timestamp.from(parsed.toInstant())));
        }
        return same.get(Math.floorMod(text.hashCode(), same.size()));
    }

    /** A line for each document that the script writes, or that it wrote. */
    static Stream<Map<?, ?>> parsed(Stream<String> lines) {
        return lines.map(line -> (Map<?, ?>) JsonReader.read(line));
    }
}
