package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.ClassPathProbe;
import io.idempotenttrace.dist.app.OtherAgent;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Applications that start from an archive of their loaded classes: AppCDS, and the AOT cache of newer JVMs. */
@Tag("matrix")
class ClassArchivesIT {

    /** What makes a recording fit to a run with the agent: the JVM compares boot class path and modules. */
    private static final String[] FOR_THE_AGENT = {
        "-Xbootclasspath/a:" + AgentRun.AGENT, "--add-modules", "java.instrument"
    };

    private static final int FIRST_WITH_AOT_CACHE = 25;

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Stream.of(Jdks.newest());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anArchiveThatIsRecordedForTheAgentIsUsed(Jdks.Jdk jdk) throws IOException {
        Path archive = record(jdk, "-XX:ArchiveClassesAtExit=", FOR_THE_AGENT);
        ForkedJvm.Result result =
                guarded(program(jdk).jvm("-XX:SharedArchiveFile=" + archive).agent(AgentRun.AGENT, "store=memory"));
        assertTrue(loaded(" source: shared objects file (top)") > 0, result::toString);

        // What the JVM has to say of its archive it says beside every agent.
        Path other = record(jdk, "-XX:ArchiveClassesAtExit=", "--add-modules", "java.instrument");
        ForkedJvm.Result beside = program(jdk)
                .jvm("-XX:SharedArchiveFile=" + other)
                .agent(AgentJar.of(OtherAgent.class, folder), "")
                .run();
        assertEquals(withoutTimes(beside.err()), withoutTimes(AgentRun.foreign(result)), result::toString);
    }

    @MatrixTest
    @MethodSource("io.idempotenttrace.testkit.Jdks#older")
    void anArchiveOfAnOlderJdkIsUsed(Jdks.Jdk jdk) throws IOException {
        anArchiveThatIsRecordedForTheAgentIsUsed(jdk);
    }

    /** The JVM says that it does not use it, and loads the classes as ever. */
    @ParameterizedTest
    @MethodSource("jdks")
    void withAnotherArchiveTheProgramIsGuardedAllTheSame(Jdks.Jdk jdk) throws IOException {
        Path archive = record(jdk, "-XX:ArchiveClassesAtExit=");
        guarded(program(jdk).jvm("-XX:SharedArchiveFile=" + archive).agent(AgentRun.AGENT, "store=memory"));
    }

    @MatrixTest
    @MethodSource("io.idempotenttrace.testkit.Jdks#older")
    void withAnotherArchiveOfAnOlderJdkTheProgramIsGuarded(Jdks.Jdk jdk) throws IOException {
        withAnotherArchiveTheProgramIsGuardedAllTheSame(jdk);
    }

    /** The JVM takes the application's classes from it before any agent begins. */
    @Test
    void classesOfAnAotCacheAreGuardedThoughTheyAreLoadedBeforeTheAgent() throws IOException {
        Jdks.Jdk jdk = Jdks.newest();
        Assumptions.assumeTrue(jdk.version() >= FIRST_WITH_AOT_CACHE, "skipped: " + jdk + " has no AOT cache");
        Path cache = record(jdk, "-XX:AOTCacheOutput=", FOR_THE_AGENT);
        ForkedJvm.Result result =
                guarded(program(jdk).jvm("-XX:AOTCache=" + cache).agent(AgentRun.AGENT, "store=memory"));
        assertEquals(1, loaded(ClassPathProbe.class.getName() + " source: shared objects file"), result::toString);
        assertEquals(
                "idempotent-trace: loaded before the agent: 1 annotated class; calls that begin from now on are guarded",
                result.err().get(1),
                result::toString);
        assertEquals(List.of(), AgentRun.foreign(result), result::toString);

        Path unfit = record(jdk, "-XX:AOTCacheOutput=");
        guarded(program(jdk).jvm("-XX:AOTCache=" + unfit).agent(AgentRun.AGENT, "store=memory"));
    }

    private Path record(Jdks.Jdk jdk, String flag, String... more) throws IOException {
        Path archive = Files.createTempFile(folder, "classes", ".archive");
        Files.delete(archive);
        ForkedJvm.Result result = program(jdk).jvm(flag + archive).jvm(more).run();
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(Files.exists(archive), result::toString);
        return archive;
    }

    private ForkedJvm.Result guarded(ForkedJvm.Builder program) {
        ForkedJvm.Result result = program.run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(1, result.out().stream().filter("body"::equals).count(), result::toString);
        assertTrue(result.lastErr().contains(" new=1 duplicate=1 "), result::toString);
        return result;
    }

    /** From jars: the JVM archives no class that comes from a folder. */
    private ForkedJvm.Builder program(Jdks.Jdk jdk) {
        Path jar = folder.resolve("program.jar");
        if (!Files.exists(jar)) {
            ForkedJvm.Result packed = ForkedJvm.on(jdk)
                    .shortLived()
                    .jvm(
                            "-m",
                            "jdk.jartool/sun.tools.jar.Main",
                            "cf",
                            jar.toString(),
                            "-C",
                            Path.of("target", "test-classes").toString(),
                            ClassPathProbe.class.getName().replace('.', '/') + ".class")
                    .run();
            assertEquals(0, packed.exitCode(), packed::toString);
        }
        return ForkedJvm.on(jdk)
                .jvm("-Xlog:class+load:file=" + folder.resolve("loaded.log"))
                .main(jar + File.pathSeparator + AgentRun.ANNOTATIONS, ClassPathProbe.class.getName());
    }

    private long loaded(String line) throws IOException {
        return Files.readAllLines(folder.resolve("loaded.log")).stream()
                .filter(each -> each.contains(line))
                .count();
    }

    private static Set<String> withoutTimes(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceFirst("^\\[[0-9.]+s]", ""))
                .collect(Collectors.toSet());
    }
}
