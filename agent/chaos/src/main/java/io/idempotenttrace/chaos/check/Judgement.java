package io.idempotenttrace.chaos.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a history shows: counts, and a line for each violation. */
public final class Judgement {

    /** What may be violated, by the name that it has in the result. */
    public enum Property {
        LOST("lost", "P1"),
        UNEXPLAINED("unexplained", "P2 P3"),
        STUCK("stuck", "P30 P32"),
        BAD_CONFLICTS("badConflicts", "P9"),
        MISSED_CONFLICTS("missedConflicts", "P8 P10"),
        WRONG_VALUES("wrongValues", "P11 P14"),
        WRONG_COUNTS("wrongCounts", "P27"),
        OPEN_WHEN_CLOSED("openWhenClosed", "P26"),
        STANDING_FENCES("standingFences", "P13"),
        UNRECOVERED("unrecovered", "P31");

        private final String title;
        private final String properties;

        Property(String title, String properties) {
            this.title = title;
            this.properties = properties;
        }
    }

    private final Map<Property, Integer> counts = new LinkedHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final Map<String, Integer> excuses = new TreeMap<>();
    final long seed;
    long calls;
    long faults;
    long duplicates;

    Judgement(long seed) {
        this.seed = seed;
        for (Property property : Property.values()) {
            counts.put(property, 0);
        }
    }

    void violated(Property property, String story) {
        counts.merge(property, 1, Integer::sum);
        violations.add(property.title + " [" + property.properties + "]: " + story);
    }

    void excused(String excuse) {
        excuses.merge(excuse, 1, Integer::sum);
    }

    /** How often that property is violated. */
    public int count(Property property) {
        return counts.get(property);
    }

    /** Whether no property is violated. */
    public boolean holds() {
        return violations.isEmpty();
    }

    /** A line for each violation, for people. */
    public List<String> violations() {
        return List.copyOf(violations);
    }

    /** The excuses of the bodies that ran again, and how many have each. */
    public Map<String, Integer> excuses() {
        return Map.copyOf(excuses);
    }

    /** How many faults the history names. */
    public long faults() {
        return faults;
    }

    /** How many deliveries it names. */
    public long calls() {
        return calls;
    }

    /** The result, one line of JSON. */
    public String json() {
        StringBuilder json = new StringBuilder("{\"calls\":" + calls + ",\"faults\":" + faults);
        json.append(",\"lost\":").append(count(Property.LOST));
        json.append(",\"duplicates\":").append(duplicates);
        counts.forEach((property, count) -> {
            if (property != Property.LOST) {
                json.append(",\"").append(property.title).append("\":").append(count);
            }
        });
        return json.append(",\"seed\":").append(seed).append('}').toString();
    }
}
