package io.idempotenttrace.dist.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.AgentRun;
import io.idempotenttrace.dist.app.MatrixDriver;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of method x set of policies x return type, as source of Java 8 (on the oldest JDK) and as source of the forked
 * JDK's own release, under {@code -Xverify:all}. The forked program prints the size.
 */
class MatrixIT {

    /** Every build runs a tenth of the cells of kind and return type, with all policies; the profile matrix runs all. */
    private static final int SHARE = 10;

    @TempDir
    private Path folder;

    static Stream<Arguments> jdksAndReleases() {
        List<Arguments> runs = new ArrayList<>();
        for (Jdks.Jdk jdk : Jdks.all()) {
            runs.add(Arguments.of(jdk, jdk.version()));
        }
        runs.add(Arguments.of(Jdks.all().get(0), 8));
        return runs.stream();
    }

    @Tag("matrix")
    @Test
    void aShareOfTheMethodsDoesWhatItsPoliciesSay() {
        Jdks.Jdk jdk = Jdks.newest();
        assertRight(jdk, jdk.version(), SHARE);
    }

    @MatrixTest
    @MethodSource("jdksAndReleases")
    void everyMethodDoesWhatItsPoliciesSay(Jdks.Jdk jdk, int release) {
        assertRight(jdk, release, /* share= */ 1);
    }

    private void assertRight(Jdks.Jdk jdk, int release, int share) {
        int methods = compile(jdk, release, share);
        if (release < jdk.version()) {
            run(jdk, methods, "store=memory,memory-max-records=1000000", "guarded");
            return;
        }
        run(jdk, methods, "store=memory,memory-max-records=1000000", "guarded", "observed", "off");
        TestRedis gone = TestRedis.start();
        gone.kill();
        run(jdk, methods, "redis-url=redis://127.0.0.1:" + gone.port() + ",memory-max-records=1000000", "store-down");
    }

    /** @return how many methods are annotated */
    private int compile(Jdks.Jdk jdk, int release, int share) {
        Path sources = folder.resolve("src/matrix");
        int methods = MatrixSources.write(sources, release, share);
        ForkedJvm.Result compiled = ForkedJvm.on(jdk)
                .shortLived()
                .jvm(
                        "-m",
                        "jdk.compiler/com.sun.tools.javac.Main",
                        "--release",
                        Integer.toString(release),
                        "-parameters",
                        "-nowarn",
                        "-Xlint:none",
                        "-d",
                        folder.resolve("classes").toString(),
                        "-cp",
                        AgentRun.classPath(),
                        "-sourcepath",
                        folder.resolve("src").toString(),
                        sources.resolve("Matrix.java").toString())
                .run();
        assertEquals(0, compiled.exitCode(), compiled::toString);
        return methods;
    }

    private void run(Jdks.Jdk jdk, int methods, String argument, String... situations) {
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .jvm("-Xverify:all", "-Xmx1g")
                .agent(AgentRun.AGENT, argument)
                .main(
                        AgentRun.classPath() + java.io.File.pathSeparator + folder.resolve("classes"),
                        MatrixDriver.class.getName(),
                        situations)
                .run();
        System.out.println(jdk + " " + String.join("+", situations) + ": " + result.lastOut());
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(result.lastOut().startsWith("methods=" + methods * situations.length + " "), result::toString);
        assertTrue(result.lastOut().endsWith(" failures=0"), result::toString);
        assertTrue(
                result.err().stream()
                        .noneMatch(line -> line.contains("runs unguarded: ") || line.contains("fault of the agent")),
                result::toString);
    }
}
