package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Large libraries with a guard in every method: the verifier takes each class that it takes without, and their code answers the same. */
@Tag("matrix")
class LibrariesIT {

    @TempDir
    private Path folder;

    static List<Jdks.Jdk> newestJdk() {
        return List.of(Jdks.newest());
    }

    static List<Jdks.Jdk> olderJdks() {
        return Jdks.older();
    }

    @ParameterizedTest
    @MethodSource("newestJdk")
    void everyMethodOfLargeLibrariesIsGuardedAndAnswersTheSame(Jdks.Jdk jdk) throws Exception {
        ForkedJvm.Result without = run(ForkedJvm.on(jdk).shortLived());
        ForkedJvm.Result with = run(ForkedJvm.on(jdk).shortLived().agent(agent(), ""));
        List<String> classes = lines(with, "class ");
        Set<String> linked = linked(with);
        System.out.println(jdk + ": " + with.lastOut() + " linked=" + linked.size() + "/" + classes.size());

        Set<String> refused = new TreeSet<>(linked(without));
        refused.removeAll(linked);
        assertEquals(Set.of(), refused, () -> "linked without guards alone, of " + classes);
        // Those that lack a library may miss another class of it first: a guarded method returns by way of Object.
        assertEquals(
                List.of(),
                classes.stream()
                        .filter(line -> !line.endsWith(" linked") && !line.contains(" NoClassDefFoundError "))
                        .filter(line -> !without.out().contains(line))
                        .toList());
        assertEquals(lines(without, "use "), lines(with, "use "));
        assertTrue(linked.size() > 13_000, with::lastOut);
        assertTrue(
                with.err().stream()
                        .noneMatch(line -> line.contains("not woven")
                                || line.contains("fault of the agent")
                                || line.contains("StackOverflowError")),
                () -> String.join("\n", with.err()));
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void everyMethodOfLargeLibrariesIsGuardedOnOlderJdks(Jdks.Jdk jdk) throws Exception {
        everyMethodOfLargeLibrariesIsGuardedAndAnswersTheSame(jdk);
    }

    private static List<String> lines(ForkedJvm.Result result, String beginning) {
        return result.out().stream().filter(line -> line.startsWith(beginning)).toList();
    }

    private static Set<String> linked(ForkedJvm.Result result) {
        return lines(result, "class ").stream()
                .filter(line -> line.endsWith(" linked"))
                .collect(Collectors.toSet());
    }

    private static ForkedJvm.Result run(ForkedJvm.Builder jvm) throws Exception {
        ForkedJvm.Result result = jvm.jvm(
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:+BytecodeVerificationLocal",
                        "-XX:+BytecodeVerificationRemote")
                .main(
                        System.getProperty("java.class.path"),
                        LibraryClasses.class.getName(),
                        jar("com.google.common.collect.ImmutableMap"),
                        jar("org.springframework.core.SpringVersion"),
                        jar("org.springframework.beans.factory.BeanFactory"),
                        jar("org.springframework.context.ApplicationContext"),
                        jar("org.springframework.expression.Expression"),
                        jar("org.springframework.aop.Advisor"),
                        jar("org.hibernate.Version"))
                .run();
        assertEquals(0, result.exitCode(), () -> String.join("\n", result.err()));
        return result;
    }

    private static String jar(String type) throws Exception {
        return Path.of(Class.forName(type, false, LibrariesIT.class.getClassLoader())
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
    }

    /** Its class comes from the class path, as those of the engine do. */
    private Path agent() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", EveryMethodAgent.class.getName());
        Path jar = folder.resolve("every-method.jar");
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, manifest).close();
        }
        return jar;
    }
}
