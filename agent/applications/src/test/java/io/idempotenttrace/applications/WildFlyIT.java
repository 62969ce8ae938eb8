package io.idempotenttrace.applications;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.applications.wildfly.EmittingListener;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A web application in a real WildFly. The server is large, so that it is fetched in the profile {@code matrix} alone. */
@Tag("matrix")
class WildFlyIT {

    private static final Path HOME = Path.of(System.getProperty("wildfly.home"));

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aWebApplicationIsGuarded(Jdks.Jdk jdk) throws IOException {
        for (String argument : List.of(ApplicationRun.MEMORY, ApplicationRun.redis())) {
            Path base = base();
            try (ForkedJvm server = ForkedJvm.on(jdk)
                    .agent(ApplicationRun.AGENT, argument)
                    .jvm("-Djboss.modules.system.pkgs=org.jboss.byteman,io.idempotenttrace.bridge")
                    .jar(
                            HOME.resolve("jboss-modules.jar"),
                            "-mp",
                            HOME.resolve("modules").toString(),
                            "org.jboss.as.standalone",
                            "-Djboss.home.dir=" + HOME,
                            "-Djboss.server.base.dir=" + base,
                            "-Djboss.http.port=0",
                            "-Djboss.https.port=0",
                            "-Djboss.management.http.port=0",
                            "-Djboss.management.https.port=0")
                    .start()) {
                String deployed = server.awaitOut(line -> line.contains("deployed: bodies "));
                assertTrue(deployed.endsWith("deployed: bodies 1, conflict"), deployed);
                server.stop();
                ForkedJvm.Result result = server.await();
                // The server has closed its log by then, which it puts in the place of stderr.
                assertTrue(
                        result.err().stream()
                                .anyMatch(
                                        line -> line.contains(
                                                "idempotent-trace: new=1 duplicate=1 conflict=1 in-progress=0 failed=0 unguarded=0 ")),
                        result::toString);
            }
        }
    }

    /** A server's own folder of settings and deployments. */
    private Path base() throws IOException {
        Path base = Files.createTempDirectory(folder, "server");
        Path original = HOME.resolve("standalone");
        try (Stream<Path> files = Files.walk(original)) {
            files.filter(Files::isRegularFile)
                    .forEach(file ->
                            copy(file, base.resolve(original.relativize(file).toString())));
        }
        Path content = Archives.copyPackage(
                EmittingListener.class,
                Files.createDirectories(
                        folder.resolve(base.getFileName() + "-war").resolve("WEB-INF/classes")));
        Path war = content.getParent().getParent();
        Files.createDirectories(war.resolve("WEB-INF/lib"));
        Files.copy(ApplicationRun.ANNOTATIONS, war.resolve("WEB-INF/lib/annotations.jar"));
        Archives.jar(war, new Attributes(), base.resolve("deployments/emitter.war"));
        return base;
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
