package io.idempotenttrace.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.applications.modules.ModuleMain;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A module of JBoss Modules, the class loading of WildFly: it sees of the JVM what it is let see. */
@Tag("matrix")
class JBossModulesIT {

    private static final String SETTING = "jboss.modules.system.pkgs";

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aModuleThatSeesTheBridgeIsGuarded(Jdks.Jdk jdk) throws IOException {
        for (String argument : List.of(ApplicationRun.MEMORY, ApplicationRun.redis())) {
            ForkedJvm.Result result =
                    run(jdk, argument, "-D" + SETTING + "=org.jboss.byteman,io.idempotenttrace.bridge");
            ApplicationRun.assertGuarded(
                    result, argument, "new=1 duplicate=1 conflict=1 in-progress=0 failed=0 unguarded=0");
            assertEquals(List.of("bodies 1, conflict, loader ModuleClassLoader"), result.out(), result::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void oneThatDoesNotIsNamedWithTheSettingAndRunsUnguarded(Jdks.Jdk jdk) throws IOException {
        ForkedJvm.Result result = run(jdk, ApplicationRun.MEMORY, "-D" + SETTING + "=org.jboss.byteman");
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(List.of("bodies 2, no conflict, loader ModuleClassLoader"), result.out(), result::toString);
        assertTrue(
                result.err().stream()
                        .anyMatch(line -> line.startsWith("idempotent-trace: " + ModuleMain.class.getName()
                                        + ".emit runs unguarded: its class loader ")
                                && line.contains(SETTING)),
                result::toString);
    }

    private ForkedJvm.Result run(Jdks.Jdk jdk, String argument, String setting) throws IOException {
        Path run = Files.createTempDirectory(folder, "run");
        Path module = Files.createDirectories(run.resolve("modules/com/example/emitter/main"));
        Archives.jar(
                Archives.copyPackage(ModuleMain.class, Files.createDirectory(run.resolve("classes"))),
                new Attributes(),
                module.resolve("emitter.jar"));
        Files.copy(ApplicationRun.ANNOTATIONS, module.resolve("annotations.jar"));
        Files.writeString(module.resolve("module.xml"), """
                <module xmlns="urn:jboss:module:1.9" name="com.example.emitter">
                  <main-class name="%s"/>
                  <resources><resource-root path="emitter.jar"/><resource-root path="annotations.jar"/></resources>
                </module>
                """.formatted(ModuleMain.class.getName()));
        return ForkedJvm.on(jdk)
                .shortLived()
                .agent(ApplicationRun.AGENT, argument)
                .jvm(setting)
                .jar(
                        Path.of(System.getProperty("jboss-modules.jar")),
                        "-mp",
                        run.resolve("modules").toString(),
                        "com.example.emitter")
                .run();
    }
}
