package io.idempotenttrace.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.applications.osgi.FrameworkHost;
import io.idempotenttrace.applications.osgi.bundle.Activator;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A bundle in Apache Felix and in Equinox: its class loader sees what it imports, and of the boot loader what it is let see. */
@Tag("matrix")
class OsgiIT {

    private static final String LET_SEE = "org.osgi.framework.bootdelegation=io.idempotenttrace.bridge";

    /** The frameworks' settings for that. */
    private static final Map<String, String> GUESSES =
            Map.of("felix", "felix.bootdelegation.implicit=", "equinox", "osgi.context.bootdelegation=");

    @TempDir
    private Path folder;

    private static final List<String> FRAMEWORKS = List.of("felix", "equinox");

    static List<Arguments> someJdksAndFrameworks() {
        return Pairs.crossSection(Jdks.all(), FRAMEWORKS);
    }

    static List<Arguments> otherJdksAndFrameworks() {
        return Pairs.others(Jdks.all(), FRAMEWORKS);
    }

    @ParameterizedTest
    @MethodSource("someJdksAndFrameworks")
    void aBundleThatSeesTheBridgeIsGuardedByItsOwnClasses(Jdks.Jdk jdk, String framework) throws IOException {
        for (String argument : List.of(ApplicationRun.MEMORY, ApplicationRun.redis())) {
            ForkedJvm.Result result = run(jdk, framework, argument, LET_SEE);
            ApplicationRun.assertGuardedBesideOthers(
                    result, argument, "new=2 duplicate=2 conflict=2 in-progress=0 failed=0 unguarded=0");
            assertEquals(
                    List.of(
                            "true bodies 1 conflict, exception of own loader",
                            "true bodies 1 conflict, exception of own loader"),
                    result.out(),
                    result::toString);
        }
    }

    /** Both delegate, unless they are told not to, for callers that belong to no bundle: what they answer these must not count. */
    @ParameterizedTest
    @MethodSource("someJdksAndFrameworks")
    void aBundleThatDoesNotIsNamedAndRunsUnguarded(Jdks.Jdk jdk, String framework) throws IOException {
        for (String guesses : List.of("true", "false")) {
            ForkedJvm.Result result = run(jdk, framework, ApplicationRun.MEMORY, GUESSES.get(framework) + guesses);
            assertEquals(0, result.exitCode(), result::toString);
            assertEquals(
                    List.of("false bodies 2 no conflict", "false bodies 2 no conflict"),
                    result.out(),
                    result::toString);
            List<String> ours = result.err().stream()
                    .filter(line -> line.startsWith("idempotent-trace: "))
                    .toList();
            assertEquals(4, ours.size(), result::toString);
            for (String line : ours.subList(1, 3)) {
                assertTrue(
                        line.startsWith("idempotent-trace: " + Activator.class.getName()
                                + ".emit runs unguarded: its class loader "),
                        result::toString);
                assertTrue(line.endsWith("(in OSGi: " + LET_SEE + ")"), result::toString);
            }
        }
    }

    @MatrixTest
    @MethodSource("otherJdksAndFrameworks")
    void aBundleThatSeesTheBridgeIsGuardedInTheOtherPairs(Jdks.Jdk jdk, String framework) throws IOException {
        aBundleThatSeesTheBridgeIsGuardedByItsOwnClasses(jdk, framework);
    }

    @MatrixTest
    @MethodSource("otherJdksAndFrameworks")
    void aBundleThatDoesNotIsNamedInTheOtherPairs(Jdks.Jdk jdk, String framework) throws IOException {
        aBundleThatDoesNotIsNamedAndRunsUnguarded(jdk, framework);
    }

    private ForkedJvm.Result run(Jdks.Jdk jdk, String framework, String argument, String setting) throws IOException {
        Path run = Files.createTempDirectory(folder, "run");
        Path host = Archives.copyPackage(FrameworkHost.class, Files.createDirectory(run.resolve("host")));
        return ForkedJvm.on(jdk)
                .shortLived()
                .agent(ApplicationRun.AGENT, argument)
                .main(
                        host + File.pathSeparator + System.getProperty(framework + ".jar"),
                        FrameworkHost.class.getName(),
                        run.resolve("storage").toString(),
                        bundle(run).toUri().toString(),
                        setting)
                .run();
    }

    private static Path bundle(Path run) throws IOException {
        Path content = Archives.copyPackage(Activator.class, Files.createDirectory(run.resolve("bundle")));
        Archives.unpack(ApplicationRun.ANNOTATIONS, content);
        Files.delete(content.resolve("META-INF").resolve("MANIFEST.MF"));
        Attributes manifest = new Attributes();
        manifest.putValue("Bundle-ManifestVersion", "2");
        manifest.putValue("Bundle-SymbolicName", "com.example.emitter");
        manifest.putValue("Bundle-Activator", Activator.class.getName());
        manifest.putValue("Import-Package", "org.osgi.framework");
        return Archives.jar(content, manifest, run.resolve("bundle.jar"));
    }
}
