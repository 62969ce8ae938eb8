package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM that is too old says so in one line, and runs the application. */
class TooOldIT {

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.tooOld().stream();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("jdks")
    void theApplicationRuns(Jdks.Jdk jdk) throws IOException {
        Path source = Files.writeString(
                folder.resolve("Application.java"),
                "public class Application { public static void main(String[] a) { System.out.println(\"runs\"); } }");
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(
                        InputStream.nullInputStream(),
                        null,
                        null,
                        "--release",
                        "8",
                        "-Xlint:-options",
                        "-d",
                        folder.toString(),
                        source.toString());
        assertEquals(0, compiled);
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .agent(AgentRun.AGENT, "store=memory")
                .main(folder.toString(), "Application")
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(List.of("runs"), result.out(), result::toString);
        assertEquals(
                List.of("idempotent-trace: Java " + (jdk.version() == 8 ? "1.8" : jdk.version())
                        + " is too old, 17 or newer is needed; the application runs without the agent."),
                result.err(),
                result::toString);
    }
}
