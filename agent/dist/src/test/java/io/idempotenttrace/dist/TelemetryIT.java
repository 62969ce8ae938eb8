package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.ListenedCalls;
import io.idempotenttrace.dist.app.MicrometerProgram;
import io.idempotenttrace.dist.app.OpenTelemetryProgram;
import io.idempotenttrace.dist.app.RecordedCalls;
import io.idempotenttrace.dist.app.ToldCalls;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whom the packed agent tells of each call, and of what it has counted. */
@Tag("matrix")
class TelemetryIT {

    private static final String EVENT = "io.idempotenttrace.GuardedCall";
    /** Micrometer and OpenTelemetry, as an application has them. */
    private static final String[] LIBRARIES =
            System.getProperty("telemetry.libraries").split(File.pathSeparator);

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    private static void assertCounts(String counts, ForkedJvm.Result result) {
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals("idempotent-trace: " + counts + " store=memory", result.lastErr(), result::toString);
    }

    private static List<String> out(ForkedJvm.Result result, String prefix) {
        return result.out().stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    private static List<RecordedEvent> events(Path recording) throws IOException {
        return RecordingFile.readAllEvents(recording).stream()
                .filter(event -> event.getEventType().getName().equals(EVENT))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aRecordingHasEachCallThatTheExitLineCounts(Jdks.Jdk jdk) throws IOException {
        Path recording = folder.resolve("calls.jfr");
        ForkedJvm.Result result = AgentRun.of(jdk, "store=memory,warm-up=true", ToldCalls.class)
                .jvm("-XX:StartFlightRecording=filename=" + recording)
                .run();
        assertCounts(ToldCalls.COUNTS, result);
        Map<String, Integer> verdicts = new TreeMap<>();
        for (RecordedEvent event : events(recording)) {
            verdicts.merge(event.getString("verdict"), 1, Integer::sum);
            assertTrue(event.getString("method").contains("ToldCalls."), event::toString);
            assertEquals(
                    event.getString("verdict").equals("unguarded") ? "no-key" : null,
                    event.getString("reason"),
                    event::toString);
        }
        assertEquals(
                "{conflict=1, duplicate=2, failed=1, in-progress=1, new=3, unguarded=1}",
                verdicts.toString(),
                result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aRecordingThatBeginsLateHasTheCallsOfItsTime(Jdks.Jdk jdk) throws IOException {
        Path recording = folder.resolve("late.jfr");
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(AgentRun.AGENT, "store=memory")
                .main(AgentRun.classPath(), RecordedCalls.class.getName(), recording.toString())
                .run();
        assertCounts("new=3 duplicate=0 conflict=0 in-progress=0 failed=0 unguarded=0", result);
        List<RecordedEvent> events = events(recording);
        assertEquals(1, events.size(), events::toString);
        RecordedEvent event = events.get(0);
        assertEquals("new", event.getString("verdict"));
        assertEquals("orders", event.getString("scope"));
        assertEquals("default", event.getString("tenant"));
        assertEquals(1, event.getLong("attempt"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void micrometerReadsWhatTheExitLineCounts(Jdks.Jdk jdk) {
        ForkedJvm.Result result = AgentRun.of(jdk, "store=memory", MicrometerProgram.class, LIBRARIES)
                .run();
        assertCounts("new=5 duplicate=3 conflict=1 in-progress=1 failed=1 unguarded=1", result);
        assertEquals(
                List.of("{conflict=1.0, duplicate=3.0, failed=1.0, in-progress=1.0, new=5.0, unguarded=1.0}"),
                out(result, "meters: "),
                result::toString);
        assertEquals(List.of("2.0"), out(result, "orders: "), result::toString);
        assertEquals(List.of("1.0"), out(result, "guarding: "), result::toString);
        assertEquals(List.of("[bytes]"), out(result, "units: "), result::toString);
        assertEquals(List.of("1, buckets 16, in the last 1.0"), out(result, "waits: "), result::toString);
        assertEquals(List.of(), AgentRun.foreign(result), result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void micrometerKnowsOfAProcessThatWasNotCalledYet(Jdks.Jdk jdk) {
        ForkedJvm.Result result = AgentRun.of(jdk, "store=memory", MicrometerProgram.class, LIBRARIES)
                .jvm("-Didle=true")
                .run();
        assertCounts("new=0 duplicate=0 conflict=0 in-progress=0 failed=0 unguarded=0", result);
        assertEquals(List.of("1.0"), out(result, "guarding: "), result::toString);
        assertEquals(List.of(), AgentRun.foreign(result), result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void openTelemetryGetsAttributesALinkAndMetrics(Jdks.Jdk jdk) {
        ForkedJvm.Result result = AgentRun.of(jdk, "store=memory", OpenTelemetryProgram.class, LIBRARIES)
                .run();
        assertCounts("new=5 duplicate=4 conflict=1 in-progress=1 failed=1 unguarded=1", result);
        List<String> spans = out(result, "span: ");
        assertEquals(2, spans.size(), result::toString);
        assertTrue(spans.get(0).contains("idempotent_trace.scope=orders"), result::toString);
        assertTrue(spans.get(0).contains("idempotent_trace.verdict=new"), result::toString);
        assertTrue(spans.get(0).contains("idempotent_trace.attempt=1"), result::toString);
        assertTrue(spans.get(1).contains("idempotent_trace.verdict=duplicate"), result::toString);
        assertTrue(
                spans.get(1).contains("idempotent_trace.stored_trace_id=0af7651916cd43dd8448eb211c80319c"),
                result::toString);
        assertEquals(List.of("0af7651916cd43dd8448eb211c80319c"), out(result, "link: "), result::toString);
        assertEquals(
                List.of("{conflict=1.0, duplicate=4.0, failed=1.0, in-progress=1.0, new=5.0, unguarded=1.0}"),
                out(result, "meters: "),
                result::toString);
        assertEquals(List.of("1, bounds 16, unit s"), out(result, "waits: "), result::toString);
        assertEquals(List.of(), AgentRun.foreign(result), result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void listenersHearEachCallAndTheirFaultsChangeNone(Jdks.Jdk jdk) {
        ForkedJvm.Result result =
                AgentRun.of(jdk, "store=memory", ListenedCalls.class).run();
        assertEquals(
                List.of("{conflict=1, duplicate=2, failed=1, in-progress=1, new=3, unguarded=1}"),
                out(result, "heard: "),
                result::toString);
        assertEquals(List.of("9", "11"), out(result, "bodies of the listener: "), result::toString);
        assertEquals(List.of("1"), out(result, "own: "), result::toString);
        assertCounts("new=5 duplicate=2 conflict=1 in-progress=1 failed=1 unguarded=1", result);
        long said = result.err().stream()
                .filter(line -> line.contains("a listener of CallVerdicts has failed at a call of ")
                        && line.contains("(java.lang.IllegalStateException: a listener's fault)"))
                .count();
        assertTrue(said >= 1 && said <= 5, result::toString);
        assertEquals(List.of(), AgentRun.foreign(result), result::toString);
    }

    /** The libraries are on the class path. */
    @ParameterizedTest
    @MethodSource("jdks")
    void whileNobodyLooksNothingIsLoadedForIt(Jdks.Jdk jdk) {
        ForkedJvm.Result result = AgentRun.of(jdk, "store=memory", ToldCalls.class, LIBRARIES)
                .jvm("-Xlog:class+load:stdout")
                .run();
        assertCounts(ToldCalls.COUNTS, result);
        List<String> loaded = result.out().stream()
                .filter(line -> line.contains(" jdk.jfr.")
                        || line.contains(" io.micrometer.")
                        || line.contains(" io.opentelemetry.")
                        || line.contains("io.idempotenttrace.CallVerdict")
                        || line.contains("agent.GuardedCallEvent")
                        || line.contains("telemetry.CallSpans")
                        || line.contains("telemetry.ApplicationListeners"))
                .toList();
        assertEquals(List.of(), loaded);
        assertTrue(result.out().stream().anyMatch(line -> line.contains("telemetry.CallTelling")), result::toString);
    }
}
