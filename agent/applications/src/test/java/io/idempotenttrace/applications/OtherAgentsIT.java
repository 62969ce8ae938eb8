package io.idempotenttrace.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.applications.plain.PlainApplication;
import io.idempotenttrace.applications.plain.PlainEmitter;
import io.idempotenttrace.applications.plain.TracedApplication;
import io.idempotenttrace.applications.probe.EntryAgent;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.IMethodCoverage;
import org.jacoco.core.tools.ExecFileLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Beside agents that write into the same classes, or into the libraries that ours carries, given before it and behind it. */
@Tag("matrix")
class OtherAgentsIT {

    private static final String COUNTS = "new=3 duplicate=3 conflict=1 in-progress=0 failed=0 unguarded=0";
    private static final List<String> SEEN = List.of("bodies 3, conflict", "answered 200 0");

    @TempDir
    private Path folder;

    private static final List<String> ORDERS = List.of("ours first", "ours last");

    static List<Arguments> someJdksAndOrders() {
        return Pairs.crossSection(Jdks.all(), ORDERS);
    }

    static List<Arguments> otherJdksAndOrders() {
        return Pairs.others(Jdks.all(), ORDERS);
    }

    /** With OpenTelemetry's agent, whose spans go to that exporter and nothing else to anywhere. */
    private static ForkedJvm.Builder tracedBy(Jdks.Jdk jdk, String exporter) {
        return ForkedJvm.on(jdk)
                .shortLived()
                .environment("OTEL_TRACES_EXPORTER", exporter)
                .environment("OTEL_METRICS_EXPORTER", "none")
                .environment("OTEL_LOGS_EXPORTER", "none");
    }

    /** Spans go to the console, so that none of our Redis client's can hide; nothing is sent anywhere. */
    @ParameterizedTest
    @MethodSource("someJdksAndOrders")
    void openTelemetrySeesTheApplicationAndNothingOfOurs(Jdks.Jdk jdk, String order) throws IOException {
        String argument = ApplicationRun.redis();
        ForkedJvm.Result result =
                run(tracedBy(jdk, "console"), order, argument, Path.of(System.getProperty("opentelemetry.jar")), "");
        ApplicationRun.assertGuardedBesideOthers(result, argument, COUNTS);
        assertEquals(SEEN, result.out(), result::toString);
        List<String> spans = result.err().stream()
                .filter(line -> line.contains("LoggingSpanExporter") && line.contains("'"))
                .toList();
        assertEquals(2, spans.size(), result::toString);
        assertTrue(
                spans.stream()
                        .allMatch(span -> span.contains("http-url-connection") || span.contains("java-http-server")),
                result::toString);
    }

    /** The exporter that writes all of a span, links too. */
    @ParameterizedTest
    @MethodSource("someJdksAndOrders")
    void spansOfOpenTelemetryTellOfTheCallsInsideOfThem(Jdks.Jdk jdk, String order) throws IOException {
        ForkedJvm.Result result = run(
                tracedBy(jdk, "logging-otlp"),
                order,
                ApplicationRun.MEMORY,
                Path.of(System.getProperty("opentelemetry.jar")),
                "",
                TracedApplication.class);
        assertTrue(
                result.lastErr().contains("new=1 duplicate=1 conflict=0 in-progress=0 failed=0 unguarded=0"),
                result::toString);
        String spans = String.join("\n", result.err());
        assertEquals(2, spans.split("idempotent_trace\\.verdict", -1).length - 1, result::toString);
        assertEquals(1, spans.split("idempotent_trace\\.stored_trace_id", -1).length - 1, result::toString);
        assertEquals(
                1,
                spans.split("\"links\":\\[\\{\"traceId\":\"" + TracedApplication.TRACE, -1).length - 1,
                result::toString);
    }

    @ParameterizedTest
    @MethodSource("someJdksAndOrders")
    void jacocoCoversTheAnnotatedClassAsItWasCompiled(Jdks.Jdk jdk, String order) throws IOException {
        Path coverage = folder.resolve("jacoco.exec");
        ForkedJvm.Result result = run(
                ForkedJvm.on(jdk).shortLived(),
                order,
                ApplicationRun.MEMORY,
                Path.of(System.getProperty("jacoco.jar")),
                "destfile=" + coverage);
        ApplicationRun.assertGuarded(result, ApplicationRun.MEMORY, COUNTS);
        assertEquals(SEEN, result.out(), result::toString);

        ExecFileLoader loader = new ExecFileLoader();
        loader.load(coverage.toFile());
        CoverageBuilder builder = new CoverageBuilder();
        new Analyzer(loader.getExecutionDataStore(), builder)
                .analyzeAll(classes().toFile());
        assertEquals(
                List.of(),
                List.copyOf(builder.getNoMatchClasses()),
                "the classes that it saw are those that were compiled");
        IClassCoverage emitter = builder.getClasses().stream()
                .filter(found ->
                        found.getName().equals(PlainEmitter.class.getName().replace('.', '/')))
                .findFirst()
                .orElseThrow();
        IMethodCoverage emit = emitter.getMethods().stream()
                .filter(method -> method.getName().equals("emit"))
                .findFirst()
                .orElseThrow();
        assertEquals(ICounter.FULLY_COVERED, emit.getLineCounter().getStatus());
    }

    /** Whether its line is written for a call whose body is skipped depends on which of the two wrote last. */
    @ParameterizedTest
    @MethodSource("someJdksAndOrders")
    void anAgentThatAdvisesTheSameMethod(Jdks.Jdk jdk, String order) throws IOException {
        // Without Unsafe, of which newer JVMs warn: every line on stderr is ours.
        ForkedJvm.Result result = run(
                ForkedJvm.on(jdk).shortLived().jvm("-Dnet.bytebuddy.safe=true"),
                order,
                ApplicationRun.MEMORY,
                entryAgent(),
                "");
        ApplicationRun.assertGuarded(result, ApplicationRun.MEMORY, COUNTS);
        long entries = result.out().stream().filter("entered emit"::equals).count();
        assertEquals(order.equals("ours first") ? 7 : 3, entries, result::toString);
        assertEquals(
                SEEN,
                result.out().stream()
                        .filter(line -> !line.startsWith("entered "))
                        .toList(),
                result::toString);
    }

    @MatrixTest
    @MethodSource("otherJdksAndOrders")
    void openTelemetryInTheOtherPairs(Jdks.Jdk jdk, String order) throws IOException {
        openTelemetrySeesTheApplicationAndNothingOfOurs(jdk, order);
    }

    @MatrixTest
    @MethodSource("otherJdksAndOrders")
    void jacocoInTheOtherPairs(Jdks.Jdk jdk, String order) throws IOException {
        jacocoCoversTheAnnotatedClassAsItWasCompiled(jdk, order);
    }

    @MatrixTest
    @MethodSource("otherJdksAndOrders")
    void anAgentThatAdvisesTheSameMethodInTheOtherPairs(Jdks.Jdk jdk, String order) throws IOException {
        anAgentThatAdvisesTheSameMethod(jdk, order);
    }

    private ForkedJvm.Result run(ForkedJvm.Builder jvm, String order, String argument, Path other, String otherArgument)
            throws IOException {
        return run(jvm, order, argument, other, otherArgument, PlainApplication.class);
    }

    private ForkedJvm.Result run(
            ForkedJvm.Builder jvm, String order, String argument, Path other, String otherArgument, Class<?> main)
            throws IOException {
        if (order.equals("ours first")) {
            jvm.agent(ApplicationRun.AGENT, argument).agent(other, otherArgument);
        } else {
            jvm.agent(other, otherArgument).agent(ApplicationRun.AGENT, argument);
        }
        return jvm.main(classes() + File.pathSeparator + ApplicationRun.ANNOTATIONS, main.getName())
                .run();
    }

    private Path classes() throws IOException {
        Path classes = folder.resolve("classes");
        return Files.exists(classes) ? classes : Archives.copyPackage(PlainApplication.class, classes);
    }

    private Path entryAgent() throws IOException {
        Path content = Archives.copyPackage(EntryAgent.class, folder.resolve("entry-agent"));
        Attributes manifest = new Attributes();
        manifest.putValue("Premain-Class", EntryAgent.class.getName());
        manifest.putValue("Can-Retransform-Classes", "true");
        manifest.putValue(
                "Class-Path",
                Path.of(System.getProperty("byte-buddy.jar")).toUri().toString());
        return Archives.jar(content, manifest, folder.resolve("entry-agent.jar"));
    }
}
