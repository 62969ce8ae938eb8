package io.idempotenttrace.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.applications.devtools.RestartedApplication;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spring Boot's developer tools restart an application in a class loader of its own. */
@Tag("matrix")
class DevToolsIT {

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void bothGenerationsAreGuardedAndShareTheirRecords(Jdks.Jdk jdk) throws Exception {
        Path classes =
                Archives.copyPackage(RestartedApplication.class, Files.createDirectory(folder.resolve("classes")));
        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        Archives.unpack(Path.of(System.getProperty("spring-boot.jar")), unpacked);
        String classPath = String.join(
                File.pathSeparator,
                classes.toString(),
                System.getProperty("devtools.jar"),
                unpacked.resolve("BOOT-INF").resolve("lib").resolve("*").toString());

        try (ForkedJvm jvm = ForkedJvm.on(jdk)
                .shortLived()
                .agent(ApplicationRun.AGENT, ApplicationRun.MEMORY)
                .main(
                        classPath,
                        RestartedApplication.class.getName(),
                        "--spring.main.banner-mode=off",
                        "--logging.level.root=warn",
                        "--spring.main.keep-alive=true",
                        "--spring.devtools.livereload.enabled=false",
                        "--spring.devtools.restart.poll-interval=200ms",
                        "--spring.devtools.restart.quiet-period=100ms")
                .start()) {
            jvm.awaitOut(line -> line.startsWith("generation 1"));
            Files.writeString(classes.resolve("changed.txt"), "what a compiler would have written");
            ForkedJvm.Result result = jvm.await();
            ApplicationRun.assertGuarded(
                    result, ApplicationRun.MEMORY, "new=3 duplicate=5 conflict=2 in-progress=0 failed=0 unguarded=0");
            assertEquals(
                    List.of(
                            "generation 1 bodies 2 under RestartClassLoader, conflict",
                            "generation 2 bodies 1 under RestartClassLoader, conflict"),
                    result.out(),
                    result::toString);
        }
    }
}
