package io.idempotenttrace.benchmarks.report;

import java.util.Locale;

/** Writes numbers with as many digits as mean something. */
final class Figures {

    private Figures() {}

    static String text(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        double size = Math.abs(value);
        if (size >= 10_000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }
}
