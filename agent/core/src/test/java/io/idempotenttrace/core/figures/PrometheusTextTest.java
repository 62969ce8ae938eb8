package io.idempotenttrace.core.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.guard.FiguresOfTests;
import io.idempotenttrace.core.guard.GuardFigures;
import io.idempotenttrace.testkit.PrometheusPage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The page for Prometheus, and what is shipped to be used with it: a dashboard and alert rules. */
class PrometheusTextTest {

    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern NAME = Pattern.compile("\\bidempotent_trace_\\w+");
    private static final Pattern MATCHERS = Pattern.compile("(idempotent_trace_\\w+)\\{([^}]*)\\}");
    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
    /** What Prometheus or the dashboard adds to each series. */
    private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job", "le");

    private static final GuardFigures FIGURES = FiguresOfTests.withEachMetric("span \"a\\b\"\n");

    @Test
    void eachMetricIsThereAndThePageIsWellFormed() {
        PrometheusPage page = PrometheusPage.read(PrometheusText.of(FIGURES));
        for (Metric metric : Metric.values()) {
            Set<String> labels = page.series().get(metric.prometheusName());
            assertEquals(new TreeSet<>(metric.labels()), new TreeSet<>(labels), metric.name());
        }
        String scope = "scope=\"span \\\"a\\\\b\\\"\\n\"";
        assertEquals(1, page.value("idempotent_trace_calls_total{" + scope + ",verdict=\"new\"}"));
        assertEquals(1, page.value("idempotent_trace_wait_seconds_bucket{le=\"0.05\"," + scope + "}"));
        assertEquals(0.04, page.value("idempotent_trace_wait_seconds_sum{" + scope + "}"), 1e-9);
        assertEquals(1, page.value("idempotent_trace_guarding"));
        assertEquals(1, page.value("idempotent_trace_shared_store"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# HELP a_total A.\n# TYPE a_total counter\na_total 1",
                "# TYPE a_total counter\na_total 1\n",
                "# HELP a A.\n# TYPE a counter\na 1\n",
                "# HELP a A.\n# TYPE a gauge\nb 1\n",
                "# HELP a A.\n# TYPE a gauge\na{b=\"\\x\"} 1\n",
                "# HELP a A.\n# TYPE a gauge\na{b=\"1\",b=\"1\"} 1\n",
                "# HELP a A.\n# TYPE a gauge\na 1\na 1\n",
                "# HELP a A.\n# TYPE a gauge\na 1,5\n",
                "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n",
                "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
                "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 2\n",
            })
    void theReaderOfTheseTestsFindsWhatIsWrong(String page) {
        assertThrows(AssertionError.class, () -> PrometheusPage.read(page));
    }

    @Test
    void thePageOfDocumentationHasTheTableOfMetrics() throws IOException {
        StringBuilder table = new StringBuilder("| metric | kind | labels | what it tells |\n|---|---|---|---|\n");
        for (Metric metric : Metric.values()) {
            table.append("| `").append(metric.prometheusName()).append("` | ");
            table.append(metric.kind().name().toLowerCase(Locale.ROOT)).append(" | ");
            table.append(String.join(", ", metric.labels()))
                    .append(" | ")
                    .append(metric.help())
                    .append(" |\n");
        }
        String page = Files.readString(DOCS.resolve("observability.md"));
        assertTrue(page.contains(table), "the table of agent/docs/observability.md should read:\n" + table);
    }

    @Test
    void eachQueryOfTheDashboardFindsItsMetrics() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DOCS.resolve("dashboards/grafana.json")));
        List<String> queries = new ArrayList<>();
        for (JsonNode panel : dashboard.get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(target.get("expr").asString());
            }
        }
        for (JsonNode variable : dashboard.get("templating").get("list")) {
            if (variable.get("type").asString().equals("query")) {
                queries.add(variable.get("query").get("query").asString());
            }
        }
        assertTrue(queries.size() >= 12, queries::toString);
        queries.forEach(PrometheusTextTest::check);
    }

    @Test
    void eachAlertFindsItsMetrics() throws IOException {
        List<String> queries = new ArrayList<>();
        for (String line : Files.readAllLines(DOCS.resolve("dashboards/prometheus-alerts.yml"))) {
            if (line.strip().startsWith("expr:")) {
                queries.add(line.strip().substring("expr:".length()).strip());
            }
        }
        assertTrue(queries.size() >= 8, queries::toString);
        queries.forEach(PrometheusTextTest::check);
    }

    /** Its names and labels are those of the page, and its brackets end. */
    private static void check(String query) {
        Map<String, Set<String>> series =
                PrometheusPage.read(PrometheusText.of(FIGURES)).series();
        Set<String> labels = new TreeSet<>(OF_PROMETHEUS);
        Matcher names = NAME.matcher(query);
        boolean some = false;
        while (names.find()) {
            assertTrue(series.containsKey(names.group()), () -> names.group() + " of " + query + " is no metric");
            labels.addAll(series.get(names.group()));
            some = true;
        }
        assertTrue(some, query + " names no metric");
        Matcher matchers = MATCHERS.matcher(query);
        while (matchers.find()) {
            for (String matcher : matchers.group(2).split(",")) {
                String label = matcher.split("[=!]")[0].strip();
                assertTrue(
                        series.get(matchers.group(1)).contains(label) || OF_PROMETHEUS.contains(label),
                        () -> label + " of " + query + " is no label of " + matchers.group(1));
            }
        }
        Matcher grouping = GROUPING.matcher(query);
        while (grouping.find()) {
            for (String label : grouping.group(1).split(",")) {
                assertTrue(labels.contains(label.strip()), () -> label + " of " + query + " is no label");
            }
        }
        String brackets = query.replaceAll("\"[^\"]*\"", "").replaceAll("[^(){}\\[\\]]", "");
        for (String before = ""; !before.equals(brackets); ) {
            before = brackets;
            brackets = brackets.replace("()", "").replace("{}", "").replace("[]", "");
        }
        assertEquals("", brackets, "brackets that do not end in " + query);
    }

    @Test
    void theEndpointServesThePageAndNothingElse() throws Exception {
        String address = MetricsEndpoint.open("127.0.0.1", 0, () -> FIGURES);
        HttpResponse<String> page = get(address, "GET");
        assertEquals(200, page.statusCode());
        assertEquals(PrometheusText.of(FIGURES), page.body());
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8",
                page.headers().firstValue("Content-Type").orElse(""));
        assertEquals(404, get(address + "x", "GET").statusCode());
        assertEquals(404, get(address.replace("/metrics", "/"), "GET").statusCode());
        assertEquals(405, get(address, "POST").statusCode());
        assertEquals("", get(address, "HEAD").body());
        String none = MetricsEndpoint.open("localhost", 0, () -> null);
        assertTrue(none.startsWith("http://localhost:"), none);
        assertEquals(503, get(none, "GET").statusCode());
    }

    private static HttpResponse<String> get(String address, String method) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
