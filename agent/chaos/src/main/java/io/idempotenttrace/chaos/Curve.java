package io.idempotenttrace.chaos;

import java.util.List;
import java.util.Locale;

/**
 * Where a plot in SVG draws curves: each goes from left to right, and from 0 at the foot to its most at the top.
 *
 * @param left in pixels, as the others
 */
public record Curve(int left, int top, int width, int height) {

    /**
     * Draws one.
     *
     * @param values at even intervals
     * @param most what the top stands for; taken as 1 where it is less
     * @param name stands above it, and what the top and the foot stand for beside it; empty for a second curve of the same kind
     */
    public void draw(StringBuilder svg, List<Double> values, double most, String colour, String name) {
        double scale = Math.max(1, most);
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            points.append(String.format(
                    Locale.ROOT,
                    "%.1f,%.1f ",
                    left + (i + 0.5) / values.size() * width,
                    top + height - values.get(i) / scale * height));
        }
        svg.append("<polyline fill=\"none\" stroke=\"" + colour + "\" points=\"" + points + "\"/>\n");
        if (!name.isEmpty()) {
            text(svg, left, top - 5, "fill=\"" + colour + "\"", name);
            text(svg, left - 5, top + 8, "text-anchor=\"end\"", Long.toString(Math.round(most)));
            text(svg, left - 5, top + height, "text-anchor=\"end\"", "0");
        }
    }

    private static void text(StringBuilder svg, int x, int y, String how, String text) {
        svg.append("<text x=\"" + x + "\" y=\"" + y + "\" " + how + ">" + text + "</text>\n");
    }
}
