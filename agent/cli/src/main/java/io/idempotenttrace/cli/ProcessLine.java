package io.idempotenttrace.cli;

import io.idempotenttrace.core.canonical.JsonReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one process has told of itself, see {@code FigureLine} of the guard; of what it does not say, nothing is there. */
final class ProcessLine {

    private static final Map<?, ?> NOTHING = Map.of();

    private final Map<?, ?> members;

    private ProcessLine(Map<?, ?> members) {
        this.members = members;
    }

    /** Null where that is no such line: another program may write there. */
    static @Nullable ProcessLine of(String json) {
        try {
            return JsonReader.read(json) instanceof Map<?, ?> members ? new ProcessLine(members) : null;
        } catch (JsonReader.MalformedJsonException e) {
            return null;
        }
    }

    long number() {
        return whole(members.get("number"));
    }

    long millis() {
        return whole(members.get("millis"));
    }

    boolean ended() {
        return Boolean.TRUE.equals(members.get("ended"));
    }

    String mode() {
        return text(members.get("mode"), "?");
    }

    String version() {
        return text(members.get("version"), "?");
    }

    long count(String name) {
        return whole(members.get(name));
    }

    /** How many calls ended how. */
    Map<String, Long> calls() {
        return counts(members.get("calls"));
    }

    /** How many bodies ran unguarded for which reason. */
    Map<String, Long> unguarded() {
        return counts(members.get("unguarded"));
    }

    List<?> list(String name) {
        return members.get(name) instanceof List<?> list ? list : List.of();
    }

    /** The counts of a histogram. */
    long[] counts(String histogram) {
        Object counts = map(members.get(histogram)).get("counts");
        return counts instanceof List<?> list
                ? list.stream().mapToLong(ProcessLine::whole).toArray()
                : new long[0];
    }

    /** The bounds of all histograms, in milliseconds. */
    double[] boundsMillis() {
        return list("bounds").stream()
                .mapToDouble(bound -> bound instanceof Number seconds ? seconds.doubleValue() * 1000 : 0)
                .toArray();
    }

    static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : NOTHING;
    }

    static Map<String, Long> counts(@Nullable Object value) {
        Map<String, Long> counts = new LinkedHashMap<>();
        map(value).forEach((name, count) -> counts.put(String.valueOf(name), whole(count)));
        return counts;
    }

    static long whole(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    static String text(@Nullable Object value, String ifNone) {
        return value instanceof String text ? text : ifNone;
    }
}
