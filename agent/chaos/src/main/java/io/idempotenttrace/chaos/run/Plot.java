package io.idempotenttrace.chaos.run;

import io.idempotenttrace.chaos.Curve;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Draws a run as SVG: calls a second above, the median and the 99th percentile of their time below, and a mark for each fault. */
final class Plot {

    private static final int WIDTH = 1000;
    private static final int LEFT = 60;
    private static final int HEIGHT = 150;
    private static final int TOP_OF_CALLS = 40;
    private static final int TOP_OF_TIMES = 240;

    private Plot() {}

    static String of(Report.Samples samples) {
        List<List<Long>> seconds = samples.millisOfSecond;
        int count = Math.max(1, seconds.size());
        StringBuilder svg = new StringBuilder(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + (WIDTH + LEFT + 20)
                        + "\" height=\"440\" font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        samples.phaseStarts.forEach((second, name) -> {
            double x = LEFT + second / count * WIDTH;
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"30\" x2=\"%.1f\" y2=\"400\" stroke=\"#ddd\"/><text x=\"%.1f\" y=\"410\" fill=\"#666\""
                            + " font-size=\"8\" transform=\"rotate(30 %.1f 410)\">%s</text>%n",
                    x,
                    x,
                    x,
                    x,
                    name));
        });
        for (double fault : samples.faults) {
            double x = LEFT + fault / count * WIDTH;
            svg.append(String.format(
                    Locale.ROOT, "<line x1=\"%.1f\" y1=\"205\" x2=\"%.1f\" y2=\"225\" stroke=\"#c00\"/>%n", x, x));
        }
        svg.append("<text x=\"" + LEFT + "\" y=\"222\" text-anchor=\"end\" fill=\"#c00\">faults </text>\n");
        double mostCalls = seconds.stream().mapToInt(List::size).max().orElse(1);
        curve(svg, seconds, TOP_OF_CALLS, mostCalls, List::size, "#06c", "calls a second");
        double mostMillis = seconds.stream()
                .mapToDouble(millis -> quantile(millis, 0.99))
                .max()
                .orElse(1);
        curve(svg, seconds, TOP_OF_TIMES, mostMillis, millis -> quantile(millis, 0.99), "#e80", "ms, 99th percentile");
        curve(svg, seconds, TOP_OF_TIMES, mostMillis, millis -> quantile(millis, 0.5), "#080", "");
        svg.append(
                "<text x=\"" + (LEFT + 160) + "\" y=\"" + (TOP_OF_TIMES - 5) + "\" fill=\"#080\">ms, median</text>\n");
        svg.append("<text x=\"" + (LEFT + WIDTH) + "\" y=\"402\" text-anchor=\"end\">" + count + " s</text>\n");
        return svg.append("</svg>\n").toString();
    }

    private static void curve(
            StringBuilder svg,
            List<List<Long>> seconds,
            int top,
            double most,
            ToDoubleFunction<List<Long>> value,
            String colour,
            String name) {
        List<Double> values = seconds.stream().mapToDouble(value).boxed().toList();
        new Curve(LEFT, top, WIDTH, HEIGHT).draw(svg, values, most, colour, name);
    }

    private static double quantile(List<Long> values, double part) {
        if (values.isEmpty()) {
            return 0;
        }
        List<Long> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(part * sorted.size())));
    }
}
