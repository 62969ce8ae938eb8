package io.idempotenttrace.benchmarks.report;

/**
 * A figure beside the limit that it has to keep.
 *
 * @param figure NaN where it could not be measured
 */
public record Goal(String what, double figure, String unit, double limit, boolean upper) {

    public static Goal atMost(double limit, String unit, String what, double figure) {
        return new Goal(what, figure, unit, limit, /* upper= */ true);
    }

    public static Goal atLeast(double limit, String unit, String what, double figure) {
        return new Goal(what, figure, unit, limit, /* upper= */ false);
    }

    public boolean reached() {
        return upper ? figure <= limit : figure >= limit;
    }

    String verdict() {
        return Double.isNaN(figure) ? "not measured" : reached() ? "reached" : "missed";
    }
}
