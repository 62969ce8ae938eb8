package io.idempotenttrace.chaos.soak;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What was sampled of one resource, at even intervals. */
final class Sampled {

    private final String name;
    private final double slack;
    private final List<Double> values = new ArrayList<>();

    /** @param slack by how much it may grow, besides a twentieth of what it was: what it is rounded to, or what a collector decides */
    Sampled(String name, double slack) {
        this.name = name;
        this.slack = slack;
    }

    String name() {
        return name;
    }

    List<Double> values() {
        return values;
    }

    void add(double value) {
        values.add(value);
    }

    /** The median of the second quarter of the run; what comes before it fills what is bounded. */
    double early() {
        return median(values.size() / 4, values.size() / 2);
    }

    /** The median of the last quarter. */
    double late() {
        return median(values.size() - Math.max(1, values.size() / 4), values.size());
    }

    /** Whether it does not grow. */
    boolean isFlat() {
        return late() <= early() * 1.05 + slack;
    }

    private double median(int from, int to) {
        List<Double> part = new ArrayList<>(values.subList(Math.min(from, values.size() - 1), Math.max(to, from + 1)));
        Collections.sort(part);
        return part.get(part.size() / 2);
    }
}
