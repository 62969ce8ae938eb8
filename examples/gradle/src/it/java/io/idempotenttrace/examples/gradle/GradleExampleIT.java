package io.idempotenttrace.examples.gradle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.SharedData;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The build file takes the artefacts of this version, and Gradle, where there is one, starts the worker with the agent. */
class GradleExampleIT {

    private static final Path EXAMPLE = SharedData.repository().resolve("examples/gradle");
    private static final String VERSION = System.getProperty("project.version");
    private static final List<String> ARTEFACTS = List.of("annotations", "agent");
    private static final long MAX_MINUTES = 5;

    @TempDir
    private Path folder;

    private static String coordinates(String artefact) {
        return "io.idempotenttrace:idempotent-trace-" + artefact + ":" + VERSION;
    }

    @Test
    void theBuildFileNamesTheArtefactsOfThisVersion() throws IOException {
        String build = Files.readString(EXAMPLE.resolve("build.gradle"));
        for (String artefact : ARTEFACTS) {
            assertTrue(build.contains("'" + coordinates(artefact) + "'"), () -> "not there: " + coordinates(artefact));
        }
    }

    @Tag("matrix")
    @Test
    void gradleStartsTheWorkerWithTheAgent() throws IOException, InterruptedException {
        Assumptions.assumeTrue(isOnThePath("gradle"), "skipped: no Gradle is on the PATH");
        Path repository = repositoryWithTheArtefacts();
        Path printed = folder.resolve("printed.txt");
        ProcessBuilder gradle = new ProcessBuilder(
                        "gradle",
                        "--offline",
                        "--no-daemon",
                        "--gradle-user-home=" + folder.resolve("home"),
                        "-Dmaven.repo.local=" + repository,
                        "runWorker")
                .directory(copyOfTheExample().toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        // The Gradle of a distribution runs on the JDK of that distribution, which is seldom the newest.
        gradle.environment()
                .put("JAVA_HOME", Jdks.all().get(0).home().toAbsolutePath().toString());
        gradle.environment()
                .keySet()
                .removeIf(name -> name.equals("REDIS_URL") || name.startsWith("IDEMPOTENT_TRACE_"));
        Process process = gradle.start();
        if (!process.waitFor(MAX_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        String output = Files.readString(printed);
        assertEquals(0, process.exitValue(), output);
        assertEquals(1, output.lines().filter("emitted span-1"::equals).count(), output);
        assertTrue(output.contains("idempotent-trace: new=1 duplicate=1 conflict=0 "), output);
    }

    private static boolean isOnThePath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private Path copyOfTheExample() throws IOException {
        Path copy = folder.resolve("example");
        for (String file : List.of("build.gradle", "settings.gradle", "src/main/java/com/example/Worker.java")) {
            Files.createDirectories(copy.resolve(file).getParent());
            Files.copy(EXAMPLE.resolve(file), copy.resolve(file));
        }
        return copy;
    }

    /** As a repository has them: a jar, and a POM that asks for nothing else. */
    private Path repositoryWithTheArtefacts() throws IOException {
        Path repository = folder.resolve("repository");
        for (String artefact : ARTEFACTS) {
            String name = "idempotent-trace-" + artefact;
            Path version = Files.createDirectories(repository.resolve("io/idempotenttrace/" + name + "/" + VERSION));
            Files.copy(Path.of(System.getProperty(artefact + ".jar")), version.resolve(name + "-" + VERSION + ".jar"));
            Files.writeString(
                    version.resolve(name + "-" + VERSION + ".pom"),
                    "<project><modelVersion>4.0.0</modelVersion><groupId>io.idempotenttrace</groupId><artifactId>"
                            + name + "</artifactId><version>" + VERSION + "</version></project>");
        }
        return repository;
    }
}
