package io.idempotenttrace.benchmarks.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The values of each variant, one for each round, and their quantiles. */
public final class Samples {

    private final String title;
    private final String unit;
    private final Map<String, List<Double>> byVariant = new LinkedHashMap<>();

    /** @param title what was measured */
    public Samples(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    public void add(String variant, double value) {
        byVariant.computeIfAbsent(variant, name -> new ArrayList<>()).add(value);
    }

    public String title() {
        return title;
    }

    public String unit() {
        return unit;
    }

    /** In the order in which they were first seen. */
    public Set<String> variants() {
        return byVariant.keySet();
    }

    public List<Double> of(String variant) {
        List<Double> values = byVariant.get(variant);
        if (values == null) {
            throw new IllegalArgumentException(
                    "nothing was measured of '" + variant + "', only of " + byVariant.keySet());
        }
        return values;
    }

    public double median(String variant) {
        return quantile(variant, 0.5);
    }

    /** Interpolated between the two nearest values. */
    public double quantile(String variant, double share) {
        return quantile(of(variant).stream().mapToDouble(Double::doubleValue).toArray(), share);
    }

    private static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double position = share * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    /**
     * The median over the rounds of what {@code variant} took of what {@code base} took in the same round: what slows the whole
     * machine for a while slows both.
     */
    public double medianRatio(String variant, String base) {
        return pairwise(variant, base, (a, b) -> a / b);
    }

    /** The median over the rounds of how much more {@code variant} took than {@code base}. */
    public double medianDifference(String variant, String base) {
        return pairwise(variant, base, (a, b) -> a - b);
    }

    private double pairwise(String variant, String base, java.util.function.DoubleBinaryOperator operator) {
        List<Double> values = of(variant);
        List<Double> bases = of(base);
        double[] results = new double[Math.min(values.size(), bases.size())];
        for (int i = 0; i < results.length; i++) {
            results[i] = operator.applyAsDouble(values.get(i), bases.get(i));
        }
        return quantile(results, 0.5);
    }
}
