package io.idempotenttrace.core.figures;

import io.idempotenttrace.core.guard.GuardFigures;
import io.idempotenttrace.core.guard.TimeHistogram;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The page that Prometheus reads, in its text format 0.0.4, which all its versions and relatives know. */
public final class PrometheusText {

    /** The media type of the page. */
    public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder page = new StringBuilder(4096);

    private PrometheusText() {}

    /** Each line ends with a line feed. */
    public static String of(GuardFigures figures) {
        PrometheusText text = new PrometheusText();
        for (Metric metric : Metric.values()) {
            text.write(metric, metric.samples(figures));
        }
        return text.page.toString();
    }

    private void write(Metric metric, List<Metric.Sample> samples) {
        String name = metric.prometheusName();
        page.append("# HELP ").append(name).append(' ').append(escaped(metric.help(), /* quotes= */ false));
        page.append("\n# TYPE ")
                .append(name)
                .append(' ')
                .append(metric.kind().name().toLowerCase(Locale.ROOT));
        page.append('\n');
        for (Metric.Sample sample : samples) {
            TimeHistogram.Snapshot histogram = sample.histogram();
            if (histogram == null) {
                line(name, metric.labels(), sample.labels(), sample.value());
            } else {
                write(name, metric.labels(), sample.labels(), histogram);
            }
        }
    }

    private void write(String name, List<String> labels, List<String> values, TimeHistogram.Snapshot histogram) {
        List<String> bucketLabels = new ArrayList<>(labels);
        bucketLabels.add("le");
        long[] cumulative = histogram.cumulative();
        double[] bounds = TimeHistogram.boundsSeconds();
        for (int i = 0; i < cumulative.length; i++) {
            List<String> bucketValues = new ArrayList<>(values);
            bucketValues.add(i < bounds.length ? number(bounds[i]) : "+Inf");
            line(name + "_bucket", bucketLabels, bucketValues, (double) cumulative[i]);
        }
        line(name + "_sum", labels, values, histogram.sumSeconds());
        line(name + "_count", labels, values, (double) cumulative[cumulative.length - 1]);
    }

    private void line(String name, List<String> labels, List<String> values, double value) {
        page.append(name);
        for (int i = 0; i < labels.size(); i++) {
            page.append(i == 0 ? '{' : ',').append(labels.get(i)).append("=\"");
            page.append(escaped(values.get(i), /* quotes= */ true)).append('"');
        }
        page.append(labels.isEmpty() ? " " : "} ").append(number(value)).append('\n');
    }

    /** Without exponent, as people write it. */
    private static String number(double value) {
        return value == (long) value
                ? Long.toString((long) value)
                : BigDecimal.valueOf(value).toPlainString();
    }

    /** A label's value has escapes for backslash, quote and line feed; a help text for the first and the last. */
    private static String escaped(String text, boolean quotes) {
        String escaped = text.replace("\\", "\\\\").replace("\n", "\\n");
        return quotes ? escaped.replace("\"", "\\\"") : escaped;
    }
}
