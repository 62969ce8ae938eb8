package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.ClassPathProbe;
import io.idempotenttrace.dist.app.RunningProgram;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent's jar under another name, beside a file of the usual one, which the JVM puts on the boot path by the manifest. */
@Tag("matrix")
class NeighbourJarIT {

    private static final String USUAL_NAME = "idempotent-trace-agent.jar";
    private static final String PLANTED_CLASS = "io/idempotenttrace/agent/AgentStart.class";
    private static final String REFUSED = "which is not the jar that the JVM was given";

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Stream.of(Jdks.newest());
    }

    private Path classesOfAnotherAuthor() throws IOException {
        Path source = Files.writeString(
                Files.createDirectories(folder.resolve("source")).resolve("AgentStart.java"), """
                package io.idempotenttrace.agent;
                public final class AgentStart {
                    static { System.out.println("PLANTED"); }
                    public static String start(String argument, java.lang.instrument.Instrumentation instrumentation,
                            java.util.concurrent.Callable<java.io.File> jar, boolean running) {
                        return null;
                    }
                }
                """);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Javac.compile(source, classes);
        return classes.resolve(PLANTED_CLASS);
    }

    /** @param rest whether the planted jar has the agent's other classes too */
    private void plant(Path jar, boolean rest) throws IOException {
        try (JarFile agent = new JarFile(AgentRun.AGENT.toFile());
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), agent.getManifest())) {
            out.putNextEntry(new JarEntry(PLANTED_CLASS));
            Files.copy(classesOfAnotherAuthor(), out);
            for (JarEntry entry : rest ? Collections.list(agent.entries()) : Collections.<JarEntry>emptyList()) {
                if (!entry.getName().equals(PLANTED_CLASS) && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    try (InputStream in = agent.getInputStream(entry)) {
                        in.transferTo(out);
                    }
                }
            }
        }
    }

    private static ForkedJvm.Result run(Jdks.Jdk jdk, Path agent, String... more) {
        return AgentRun.of(jdk, null, ClassPathProbe.class, more)
                .agent(agent, "store=memory")
                .run();
    }

    private static long bodies(ForkedJvm.Result result) {
        return result.out().stream().filter("body"::equals).count();
    }

    private static void assertRefused(ForkedJvm.Result result) {
        assertFalse(result.toString().contains("PLANTED"), result::toString);
        assertEquals(2, bodies(result), result::toString);
        assertEquals(2, result.err().size(), result::toString);
        assertTrue(result.err().get(0).contains(REFUSED), result::toString);
        assertTrue(
                result.lastErr().contains(" unguarded=unknown ")
                        && result.lastErr().contains(REFUSED),
                result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aNeighboursClassesAreRefusedInOneLine(Jdks.Jdk jdk) throws IOException {
        Path versioned = Files.copy(AgentRun.AGENT, folder.resolve("agent-0.1.0.jar"));
        Path neighbour = folder.resolve(USUAL_NAME);
        plant(neighbour, /* rest= */ false);
        assertRefused(run(jdk, versioned));
        plant(neighbour, /* rest= */ true);
        assertRefused(run(jdk, versioned));
        Files.delete(neighbour);
        // Another build of the agent's own, which would run without a word.
        Files.copy(AgentRun.AGENT, neighbour);
        assertRefused(run(jdk, versioned));
        Files.delete(neighbour);
        assertEquals(1, bodies(run(jdk, versioned)));
    }

    @MatrixTest
    @MethodSource("io.idempotenttrace.testkit.Jdks#older")
    void aNeighboursClassesAreRefusedOnAnOlderJdk(Jdks.Jdk jdk) throws IOException {
        aNeighboursClassesAreRefusedInOneLine(jdk);
    }

    @Test
    void aLinkOfTheUsualNameLeadsPastAPlantedJarToo() throws IOException {
        Path versioned = Files.copy(
                AgentRun.AGENT, Files.createDirectory(folder.resolve("store")).resolve("agent-0.1.0.jar"));
        Path link = Files.createSymbolicLink(folder.resolve(USUAL_NAME), versioned);
        assertEquals(1, bodies(run(Jdks.newest(), link)));
        plant(versioned.resolveSibling(USUAL_NAME), /* rest= */ true);
        assertRefused(run(Jdks.newest(), link));
    }

    @Test
    void linksToTheSameJarAreNoNeighbours() throws IOException {
        Path versioned = Files.copy(AgentRun.AGENT, folder.resolve("agent-0.1.0.jar"));
        Path link = Files.createSymbolicLink(folder.resolve(USUAL_NAME), versioned);
        assertEquals(1, bodies(run(Jdks.newest(), versioned)));
        assertEquals(1, bodies(run(Jdks.newest(), link)));
        Path usual = Files.copy(
                AgentRun.AGENT, Files.createDirectory(folder.resolve("store")).resolve(USUAL_NAME));
        assertEquals(1, bodies(run(Jdks.newest(), Files.createSymbolicLink(folder.resolve("current.jar"), usual))));
    }

    /** The application's folder is not that of the agent. */
    @Test
    void aJarOfTheUsualNameElsewhereOnTheClassPathDoesNoHarm() throws IOException {
        plant(folder.resolve(USUAL_NAME), /* rest= */ true);
        String library = folder.resolve("library.jar").toString();
        ForkedJvm.Result result = run(Jdks.newest(), AgentRun.AGENT, library);
        assertEquals(1, bodies(result), result::toString);
        assertFalse(result.toString().contains("PLANTED"), result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void itIsRefusedByAnAttachToo(Jdks.Jdk jdk) throws IOException {
        Path versioned = Files.copy(AgentRun.AGENT, folder.resolve("agent-0.1.0.jar"));
        plant(folder.resolve(USUAL_NAME), /* rest= */ true);
        try (ForkedJvm program = ForkedJvm.on(jdk)
                .shortLived()
                .main(AgentRun.classPath(), RunningProgram.class.getName())
                .start()) {
            program.awaitOut("ready"::equals);
            ForkedJvm.Result attached = ForkedJvm.on(jdk)
                    .shortLived()
                    .jar(versioned, "attach", Long.toString(program.pid()), "store=memory")
                    .run();
            assertEquals(1, attached.exitCode(), attached::toString);
            assertTrue(attached.lastErr().contains(REFUSED), attached::toString);
            program.awaitErr(line -> line.contains(REFUSED));
        }
    }

    @MatrixTest
    @MethodSource("io.idempotenttrace.testkit.Jdks#older")
    void itIsRefusedByAnAttachOnAnOlderJdk(Jdks.Jdk jdk) throws IOException {
        itIsRefusedByAnAttachToo(jdk);
    }
}
