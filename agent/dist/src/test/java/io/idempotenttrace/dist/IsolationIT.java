package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.CarriesOtherVersions;
import io.idempotenttrace.dist.app.ClassPathProbe;
import io.idempotenttrace.dist.app.OwnLogManager;
import io.idempotenttrace.dist.app.ThreadsProbe;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The application and the agent's libraries never see each other. */
class IsolationIT {

    static Stream<Jdks.Jdk> newestJdk() {
        return Stream.of(Jdks.newest());
    }

    static Stream<Jdks.Jdk> olderJdks() {
        return Jdks.older().stream();
    }

    private static String redis() {
        return TestRedis.shared().settings() + ",tenant=isolation-" + UUID.randomUUID();
    }

    @ParameterizedTest
    @MethodSource("newestJdk")
    void anApplicationThatCarriesNoneSeesNone(Jdks.Jdk jdk) {
        for (String argument : List.of("store=memory", redis())) {
            ForkedJvm.Result result =
                    AgentRun.of(jdk, argument, ClassPathProbe.class).run();
            assertEquals(0, result.exitCode(), result::toString);
            assertEquals(1, result.out().stream().filter("body"::equals).count(), result::toString);
            assertEquals(
                    10,
                    result.out().stream()
                            .filter(line -> line.endsWith(": not visible"))
                            .count(),
                    result::toString);
            assertTrue(result.out().contains("resource: null"), result::toString);
            assertFalse(
                    result.out().stream().anyMatch(line -> line.startsWith("a thread that keeps")), result::toString);
            assertEquals(List.of(), AgentRun.foreign(result), result::toString);
        }
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void anApplicationThatCarriesNoneSeesNoneOnOlderJdks(Jdks.Jdk jdk) {
        anApplicationThatCarriesNoneSeesNone(jdk);
    }

    @Test
    void anApplicationThatCarriesOtherVersionsKeepsThem() throws IOException {
        assertKeepsOtherVersions(Jdks.newest());
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void anApplicationThatCarriesOtherVersionsKeepsThemOnOlderJdks(Jdks.Jdk jdk) throws IOException {
        assertKeepsOtherVersions(jdk);
    }

    private static void assertKeepsOtherVersions(Jdks.Jdk jdk) throws IOException {
        List<String> libraries = new ArrayList<>();
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(Path.of(System.getProperty("other.versions")), "*.jar")) {
            jars.forEach(jar -> libraries.add(jar.toString()));
        }
        String[] classPath = libraries.toArray(new String[0]);
        for (String argument : List.of("store=memory", redis())) {
            ForkedJvm.Result result = AgentRun.of(jdk, argument, CarriesOtherVersions.class, classPath)
                    .run();
            assertEquals(0, result.exitCode(), result::toString);
            assertTrue(
                    result.out()
                            .containsAll(List.of(
                                    "jackson 2.15.4",
                                    "io.lettuce.core.RedisClient: lettuce-core-6.3.2.RELEASE.jar",
                                    "io.netty.util.Version: netty-common-4.1.107.Final.jar",
                                    "reactor.core.publisher.Mono: reactor-core-3.6.2.jar",
                                    "com.fasterxml.jackson.databind.ObjectMapper: jackson-databind-2.15.4.jar",
                                    "net.bytebuddy.ByteBuddy: byte-buddy-1.14.12.jar",
                                    "tools.jackson.databind.ObjectMapper: not visible",
                                    "io.idempotenttrace.weaver.Engine: not visible")),
                    result::toString);
            // The two trees are one payload in two orders: one body.
            assertEquals(
                    1, result.out().stream().filter("body of a message"::equals).count(), result::toString);
            assertEquals(List.of(), AgentRun.foreign(result), result::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("newestJdk")
    void theApplicationsOwnLogManagerWins(Jdks.Jdk jdk) {
        ForkedJvm.Result result = AgentRun.of(jdk, redis(), OwnLogManager.class).run();
        assertEquals("log manager: Manager", result.lastOut(), result::toString);
        assertTrue(result.lastErr().contains("new=1 "), result::toString);
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void theApplicationsOwnLogManagerWinsOnOlderJdks(Jdks.Jdk jdk) {
        theApplicationsOwnLogManagerWins(jdk);
    }

    @ParameterizedTest
    @MethodSource("newestJdk")
    void noThreadOfTheAgentHoldsOnToAClassLoaderOfTheApplication(Jdks.Jdk jdk) {
        ForkedJvm.Result inMemory =
                AgentRun.of(jdk, "store=memory", ThreadsProbe.class).run();
        assertEquals(
                List.of("body", "threads false, own context true"),
                inMemory.out(),
                "calls in memory need no thread: " + inMemory);
        ForkedJvm.Result onRedis = AgentRun.of(jdk, redis(), ThreadsProbe.class).run();
        assertEquals(List.of("body", "threads true, own context true"), onRedis.out(), onRedis::toString);
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void noThreadOfTheAgentHoldsOnToAClassLoaderOfTheApplicationOnOlderJdks(Jdks.Jdk jdk) {
        noThreadOfTheAgentHoldsOnToAClassLoaderOfTheApplication(jdk);
    }

    @Test
    void theJarHoldsAHandfulOfClassesOutsideOfItsEngine() throws IOException {
        try (JarFile jar = new JarFile(AgentRun.AGENT.toFile())) {
            List<String> visible = jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .toList();
            assertTrue(visible.size() < 90, visible::toString);
            assertTrue(
                    visible.stream()
                            .allMatch(name -> name.startsWith("io/idempotenttrace/agent/")
                                    || name.startsWith("io/idempotenttrace/bridge/")
                                    || name.startsWith("io/idempotenttrace/config/")),
                    visible::toString);
            // The JVM reads the whole directory of each jar on its path, before main.
            assertTrue(jar.size() < 240, () -> jar.size() + " entries");
            JarEntry engine = jar.getJarEntry("engine.archive");
            assertEquals(ZipEntry.STORED, engine.getMethod(), "the loader seeks in it");
        }
    }

    @Test
    void theJarIsNoLargerThanItsBudget() throws IOException {
        assertTrue(Files.size(AgentRun.AGENT) <= 14_000_000, () -> AgentRun.AGENT + " is larger than 14 MB");
    }

    @Test
    void theEntryClassIsJava8SoThatAnOldJvmCanSayThatItIsTooOld() throws IOException {
        try (JarFile jar = new JarFile(AgentRun.AGENT.toFile())) {
            byte[] bytes = jar.getInputStream(jar.getEntry("io/idempotenttrace/agent/IdempotentTraceAgent.class"))
                    .readAllBytes();
            assertEquals(52, bytes[6] << 8 | bytes[7]);
        }
    }
}
