package io.idempotenttrace.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An application of two named modules, linked into an image that has no more of the JDK than the agent needs. */
@Tag("matrix")
class ModuleImageIT {

    private static final Path SOURCES = Path.of("src", "test", "modules").toAbsolutePath();

    private static final String COUNTS = "new=2 duplicate=2 conflict=1 in-progress=0 failed=0 unguarded=0";

    private static final List<String> SEEN = List.of(
            "Receipt[id=span-1, position=1]",
            "Receipt[id=span-1, position=1]",
            "Receipt[id=span-2, position=2]",
            "Receipt[id=span-2, position=2]",
            "bodies 2 of module com.example.emitter",
            "conflict, exception of module io.idempotenttrace.annotations");

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Stream.of(Jdks.newest());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void namedModulesInAMinimalImage(Jdks.Jdk jdk) throws Exception {
        compile(jdk);
        Jdks.Jdk image = link(jdk, "java.instrument,java.xml");
        for (String argument : List.of(ApplicationRun.MEMORY, ApplicationRun.redis())) {
            ForkedJvm.Result result = ForkedJvm.on(image)
                    .shortLived()
                    .jvm("--add-modules", "java.xml")
                    .agent(ApplicationRun.AGENT, argument)
                    .module("com.example.worker/com.example.worker.Worker")
                    .run();
            ApplicationRun.assertGuarded(result, argument, COUNTS);
            assertEquals(SEEN, result.out(), result::toString);
        }
    }

    @MatrixTest
    @MethodSource("io.idempotenttrace.testkit.Jdks#older")
    void namedModulesInAMinimalImageOfAnOlderJdk(Jdks.Jdk jdk) throws Exception {
        namedModulesInAMinimalImage(jdk);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aModuleThatTheAgentLacksIsNamedOnceAndTheApplicationRuns(Jdks.Jdk jdk) throws Exception {
        compile(jdk);
        Jdks.Jdk image = link(jdk, "java.instrument");
        ForkedJvm.Result result = ForkedJvm.on(image)
                .shortLived()
                .agent(ApplicationRun.AGENT, ApplicationRun.MEMORY)
                .module("com.example.worker/com.example.worker.Worker")
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals("bodies 4 of module com.example.emitter", result.out().get(4), result::toString);
        assertEquals(4, result.err().size(), result::toString);
        assertTrue(
                result.err().get(1).contains("this JVM has no module java.xml; start it with --add-modules java.xml"),
                result::toString);
    }

    @MatrixTest
    @MethodSource("io.idempotenttrace.testkit.Jdks#older")
    void aModuleThatTheAgentLacksIsNamedOnceOnAnOlderJdkToo(Jdks.Jdk jdk) throws Exception {
        aModuleThatTheAgentLacksIsNamedOnceAndTheApplicationRuns(jdk);
    }

    private void compile(Jdks.Jdk jdk) throws Exception {
        run(
                jdk,
                "javac",
                "-d",
                folder.resolve("modules").toString(),
                "--module-path",
                ApplicationRun.ANNOTATIONS.toString(),
                "--module-source-path",
                SOURCES.toString(),
                "--module",
                "com.example.worker");
    }

    private Jdks.Jdk link(Jdks.Jdk jdk, String agentModules) throws Exception {
        Path image = folder.resolve("image");
        run(
                jdk,
                "jlink",
                "--module-path",
                folder.resolve("modules") + File.pathSeparator + ApplicationRun.ANNOTATIONS,
                "--add-modules",
                "com.example.worker," + agentModules,
                "--output",
                image.toString());
        return new Jdks.Jdk(jdk.version(), image);
    }

    /** The tool of that JDK: this JVM's own makes images of its own version only. */
    private static void run(Jdks.Jdk jdk, String tool, String... arguments) throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                        Stream.of(jdk.home().resolve("bin").resolve(tool).toString(), "-J-XX:TieredStopAtLevel=1"),
                        Stream.of(arguments))
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> command + "\n" + output);
    }
}
