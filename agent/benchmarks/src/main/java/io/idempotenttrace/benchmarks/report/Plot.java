package io.idempotenttrace.benchmarks.report;

import java.util.List;
import java.util.Locale;

/** One panel for each table: a row for each variant, a dot for each round, a bar at the median. */
final class Plot {

    private static final int WIDTH = 960;
    private static final int LABELS = 340;
    private static final int FIGURES = 110;
    private static final int ROW = 24;
    private static final int HEAD = 58;
    private static final int PANEL_HEAD = 34;
    private static final int AXIS = 34;
    /** Medians further apart than this would hide each other on a linear axis. */
    private static final double LOGARITHMIC_FROM = 25;

    private final String name;
    private final String machine;
    private final List<Samples> panels;
    private final StringBuilder svg = new StringBuilder();

    Plot(String name, String machine, List<Samples> panels) {
        this.name = name;
        this.machine = machine;
        this.panels = panels;
    }

    String svg() {
        int height = HEAD;
        for (Samples panel : panels) {
            height += PANEL_HEAD + ROW * panel.variants().size() + AXIS;
        }
        write(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                WIDTH, height);
        write("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", WIDTH, height);
        text(12, 24, "font-size=\"17\" font-weight=\"bold\"", name);
        text(12, 44, "fill=\"#555\" font-size=\"11\"", machine);
        int top = HEAD;
        for (Samples panel : panels) {
            top = panel(panel, top);
        }
        return svg.append("</svg>\n").toString();
    }

    /** @return where the next one begins */
    private int panel(Samples panel, int top) {
        text(12, top + 20, "font-weight=\"bold\"", panel.title() + ", " + panel.unit());
        int y = top + PANEL_HEAD;
        int bottom = y + ROW * panel.variants().size();
        Axis axis = Axis.of(panel);
        for (double tick : axis.ticks()) {
            write(
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#ddd\"/>%n",
                    axis.x(tick), y, axis.x(tick), bottom);
            text(
                    axis.x(tick),
                    bottom + 15,
                    "text-anchor=\"middle\" fill=\"#555\" font-size=\"10\"",
                    Figures.text(tick));
        }
        for (String variant : panel.variants()) {
            row(panel, variant, axis, y);
            y += ROW;
        }
        return bottom + AXIS;
    }

    private void row(Samples panel, String variant, Axis axis, int top) {
        double middle = top + ROW / 2.0;
        text(LABELS - 10, middle + 4, "text-anchor=\"end\"", variant);
        for (double value : panel.of(variant)) {
            write(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#2a6fb0\" fill-opacity=\"0.35\"/>%n",
                    axis.x(value), middle);
        }
        double median = panel.median(variant);
        write(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"2.4\" height=\"16\" fill=\"#c0392b\"/>%n",
                axis.x(median) - 1.2, middle - 8);
        text(WIDTH - 12, middle + 4, "text-anchor=\"end\"", Figures.text(median));
    }

    private void text(double x, double y, String style, String content) {
        write(
                "<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>%n",
                x, y, style, content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }

    private void write(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    /** Where a value stands: on a linear axis from zero, or on a logarithmic one. */
    private record Axis(double lowest, double highest, boolean logarithmic) {

        static Axis of(Samples panel) {
            double highest = panel.variants().stream()
                    .mapToDouble(variant -> panel.quantile(variant, 1))
                    .max()
                    .orElse(1);
            double lowest = panel.variants().stream()
                    .mapToDouble(variant -> panel.quantile(variant, 0))
                    .min()
                    .orElse(0);
            boolean logarithmic = lowest > 0 && highest / lowest > LOGARITHMIC_FROM;
            if (logarithmic) {
                return new Axis(lowest / 1.1, highest * 1.1, true);
            }
            return new Axis(Math.min(0, lowest), Math.max(highest, 1e-9) * 1.03, false);
        }

        double x(double value) {
            double share = logarithmic
                    ? Math.log(value / lowest) / Math.log(highest / lowest)
                    : (value - lowest) / (highest - lowest);
            return LABELS + share * (WIDTH - LABELS - FIGURES);
        }

        double[] ticks() {
            if (!logarithmic) {
                double step = niceStep((highest - lowest) / 6);
                return java.util.stream.DoubleStream.iterate(
                                Math.ceil(lowest / step) * step, tick -> tick <= highest, tick -> tick + step)
                        .toArray();
            }
            return java.util.stream.IntStream.rangeClosed(
                            (int) Math.floor(Math.log10(lowest)), (int) Math.ceil(Math.log10(highest)))
                    .mapToDouble(power -> Math.pow(10, power))
                    .flatMap(ten -> java.util.stream.DoubleStream.of(ten, 2 * ten, 5 * ten))
                    .filter(tick -> tick >= lowest && tick <= highest)
                    .toArray();
        }

        private static double niceStep(double rough) {
            double ten = Math.pow(10, Math.floor(Math.log10(rough)));
            return rough <= 2 * ten ? 2 * ten : rough <= 5 * ten ? 5 * ten : 10 * ten;
        }
    }
}
