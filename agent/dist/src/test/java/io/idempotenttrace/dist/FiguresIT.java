package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.FiguresProgram;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.PrometheusPage;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the packed agent tells monitoring systems of a process. */
@Tag("matrix")
class FiguresIT {

    private static final String SAYS = "idempotent-trace: metrics for Prometheus: ";

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void prometheusAndJmxReadTheSameCounts(Jdks.Jdk jdk) throws Exception {
        try (ForkedJvm program = AgentRun.of(jdk, "store=memory,metrics-port=0", FiguresProgram.class)
                .start()) {
            String address = program.awaitErr(line -> line.startsWith(SAYS)).substring(SAYS.length());
            assertTrue(address.startsWith("http://127.0.0.1:"), address);
            // The program prints what JMX tells of the scope.
            assertEquals(
                    "jmx: orders new=2 duplicate=1 conflict=1 unguarded=1 held=1",
                    program.awaitOut(line -> line.startsWith("jmx: ")));
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
            PrometheusPage page = PrometheusPage.read(answer.body());
            assertEquals(2, page.value("idempotent_trace_calls_total{scope=\"orders\",verdict=\"new\"}"));
            assertEquals(1, page.value("idempotent_trace_calls_total{scope=\"orders\",verdict=\"duplicate\"}"));
            assertEquals(1, page.value("idempotent_trace_calls_total{scope=\"orders\",verdict=\"conflict\"}"));
            assertEquals(1, page.value("idempotent_trace_unguarded_total{reason=\"no-key\",scope=\"orders\"}"));
            assertEquals(1, page.value("idempotent_trace_held_claims{scope=\"orders\"}"));
            assertTrue(page.value("idempotent_trace_oldest_held_seconds{scope=\"orders\"}") >= 0);
            assertEquals(1, page.value("idempotent_trace_guarding"));
            assertEquals(0, page.value("idempotent_trace_shared_store"));
            program.stop();
            ForkedJvm.Result result = program.await();
            // No thread of the endpoint keeps the JVM, and the application's own logging was left alone.
            assertEquals(List.of(), AgentRun.foreign(result));
        }
    }

    @Test
    void aPortThatIsTakenIsSaidAndCallsAreGuardedAllTheSame() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            try (ForkedJvm program = AgentRun.of(
                            Jdks.newest(),
                            "store=memory,metrics-port=0.0.0.0:" + taken.getLocalPort(),
                            FiguresProgram.class)
                    .start()) {
                program.awaitErr(line -> line.contains("no metrics are served at metrics-port=0.0.0.0:"
                        + taken.getLocalPort() + " (java.net.BindException"));
                program.awaitOut(line -> line.startsWith("jmx: orders new=2"));
            }
        }
    }

    @Test
    void aJavaWithoutTheServersModuleSaysSo() {
        ForkedJvm.Builder builder = ForkedJvm.on(Jdks.newest())
                .shortLived()
                .jvm(
                        "--limit-modules",
                        "java.base,java.instrument,java.management,java.logging,java.naming,java.xml,jdk.unsupported")
                .agent(AgentRun.AGENT, "store=memory,metrics-port=0")
                .main(AgentRun.classPath(), FiguresProgram.class.getName());
        try (ForkedJvm program = builder.start()) {
            program.awaitErr(
                    line -> line.contains("no metrics are served at metrics-port=0 (java.lang.NoClassDefFoundError"));
            program.awaitOut(line -> line.startsWith("jmx: orders new=2"));
        }
    }
}
