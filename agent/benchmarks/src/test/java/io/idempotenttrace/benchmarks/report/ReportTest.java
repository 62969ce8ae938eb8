package io.idempotenttrace.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {

    private final Samples samples = new Samples("start & stop", "ms");

    ReportTest() {
        for (double value : new double[] {30, 10, 20, 1000}) {
            samples.add("none", value);
            samples.add("with, \"agent\"", value * 1.5);
        }
    }

    @Test
    void quantilesAreInterpolatedAndUnmovedByAnOutlier() {
        assertEquals(25, samples.median("none"));
        assertEquals(10, samples.quantile("none", 0));
        assertEquals(1000, samples.quantile("none", 1));
        assertEquals(17.5, samples.quantile("none", 0.25));
    }

    @Test
    void ratiosAndDifferencesAreTakenWithinARound() {
        assertEquals(1.5, samples.medianRatio("with, \"agent\"", "none"));
        assertEquals(12.5, samples.medianDifference("with, \"agent\"", "none"));
    }

    @Test
    void aGoalIsReachedOnItsLimitAndNeverByNothing() {
        assertTrue(Goal.atMost(1.25, "x", "a", 1.25).reached());
        assertFalse(Goal.atMost(1.25, "x", "a", 1.26).reached());
        assertTrue(Goal.atLeast(0.8, "x", "a", 0.8).reached());
        assertFalse(Goal.atLeast(0.8, "x", "a", Double.NaN).reached());
    }

    @Test
    void theTablesHoldGoalsMediansAndRatios() {
        String text = new Report("startup", "a machine")
                .add(samples)
                .add(Goal.atMost(2, "ms", "added", 12.5))
                .tables();
        assertTrue(text.contains("| added | at most 2.00 ms | 12.5 ms | missed |"), text);
        assertTrue(text.contains("| none | 25.0 | 17.5, 273 | 10.0, 1000 | 1.00 | 4 |"), text);
    }

    @Test
    void csvHasEveryValueAndQuotesNames() {
        List<String> lines =
                new Report("startup", "a machine").add(samples).csv().lines().toList();
        assertEquals(9, lines.size());
        assertEquals("start & stop,\"with, \"\"agent\"\"\",1,45.0,ms", lines.get(5));
    }

    @Test
    void thePlotIsWellFormedWithADotForEachValue() throws Exception {
        String svg = new Plot("startup", "a machine", List.of(samples)).svg();
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertEquals(8, document.getElementsByTagName("circle").getLength());
        assertTrue(svg.contains("start &amp; stop"), svg);
    }
}
