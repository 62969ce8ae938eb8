package io.idempotenttrace.chaos.soak;

import io.idempotenttrace.chaos.Curve;
import java.util.List;

/** Draws each resource over time as SVG, one below the other, each from 0 to its most. */
final class SoakPlot {

    private static final int WIDTH = 900;
    private static final int LEFT = 60;
    private static final int HEIGHT = 80;
    private static final int STEP = 120;

    private SoakPlot() {}

    static String of(List<Sampled> resources, long seconds) {
        StringBuilder svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + (WIDTH + LEFT + 20)
                + "\" height=\"" + (resources.size() * STEP + 30) + "\" font-family=\"sans-serif\" font-size=\"11\">\n"
                + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for (int i = 0; i < resources.size(); i++) {
            curve(svg, resources.get(i), 30 + i * STEP);
        }
        return svg.append("<text x=\"" + (LEFT + WIDTH) + "\" y=\"" + (resources.size() * STEP + 20)
                        + "\" text-anchor=\"end\">" + seconds + " s</text>\n</svg>\n")
                .toString();
    }

    private static void curve(StringBuilder svg, Sampled resource, int top) {
        List<Double> values = resource.values();
        double most = Math.max(
                1, values.stream().mapToDouble(Double::doubleValue).max().orElse(1));
        svg.append("<line x1=\"" + LEFT + "\" y1=\"" + (top + HEIGHT) + "\" x2=\"" + (LEFT + WIDTH) + "\" y2=\""
                + (top + HEIGHT) + "\" stroke=\"#ddd\"/>\n");
        new Curve(LEFT, top, WIDTH, HEIGHT).draw(svg, values, most, "#06c", resource.name());
    }
}
