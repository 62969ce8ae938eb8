package io.idempotenttrace.examples.otel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.SharedData;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packed example in JVMs of its own, with the packed agent and without. */
class OtelExampleIT {

    private static final Path AGENT = Path.of(System.getProperty("agent.jar")).normalize();
    private static final Path PROGRAM = Path.of(System.getProperty("program.jar"));
    /** What the exporter for the log prints of a span: its name, the ids of trace and span. */
    private static final Pattern SPAN = Pattern.compile("'(\\w+)' : ([0-9a-f]{32}) ([0-9a-f]{16}) ");

    private static ForkedJvm.Builder program() {
        return ForkedJvm.on(Jdks.newest()).shortLived();
    }

    private static List<String> exported(ForkedJvm.Result result) {
        assertEquals(0, result.exitCode(), result::toString);
        return Stream.concat(result.err().stream(), result.out().stream())
                .map(SPAN::matcher)
                .filter(Matcher::find)
                .map(span -> span.group(1) + " " + span.group(2) + " " + span.group(3))
                .toList();
    }

    private static void assertCounts(String counts, ForkedJvm.Result result) {
        assertTrue(
                result.lastErr().startsWith("idempotent-trace: " + counts + " in-progress=0 failed=0 unguarded=0 "),
                result::toString);
    }

    @Test
    void eachSpanOfARedeliveredMessageIsExportedOnceByTwoWorkers() {
        String argument = TestRedis.shared().settings() + ",tenant=otel-" + UUID.randomUUID();
        ForkedJvm.Result first = program().agent(AGENT, argument).jar(PROGRAM).run();
        List<String> spans = exported(first);
        assertEquals(6, spans.size(), first::toString);
        assertEquals(6, new HashSet<>(spans).size(), spans::toString);
        assertCounts("new=6 duplicate=12 conflict=0", first);

        ForkedJvm.Result second = program().agent(AGENT, argument).jar(PROGRAM).run();
        assertEquals(List.of(), exported(second), second::toString);
        assertCounts("new=0 duplicate=18 conflict=0", second);
    }

    @Test
    void withoutTheAgentEachDeliveryExportsItsSpans() {
        ForkedJvm.Result result = program().jar(PROGRAM).run();
        List<String> spans = exported(result);
        assertEquals(18, spans.size(), result::toString);
        assertEquals(6, new HashSet<>(spans).size(), "a redelivery has the spans of the first delivery");
    }

    @Test
    void theReadmeShowsTheseJarsAndCounts() throws IOException {
        ForkedJvm.Result result =
                program().agent(AGENT, "store=memory").jar(PROGRAM).run();
        String readme = Files.readString(SharedData.repository().resolve("examples/otel/README.md"));
        assertTrue(readme.contains("\n    " + result.lastErr() + "\n"), result::toString);
        for (Path jar : List.of(AGENT, PROGRAM)) {
            String path = SharedData.repository().relativize(jar).toString();
            assertTrue(readme.contains(path), () -> "not shown: " + path);
        }
    }
}
