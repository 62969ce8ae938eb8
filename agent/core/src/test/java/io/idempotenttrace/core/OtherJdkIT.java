package io.idempotenttrace.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tests of this module once more, on each JDK of this machine that the build itself does not run on: every build runs the unit
 * tests there, the profile matrix those of the store on real servers. Left out are the fault tests, which spend their time on servers,
 * and which the packed agent's tests repeat on the newest JDK.
 */
class OtherJdkIT {

    static Stream<Jdks.Jdk> otherJdks() {
        List<Jdks.Jdk> others = Jdks.all().stream()
                .filter(jdk -> jdk.version() != Runtime.version().feature())
                .toList();
        org.junit.jupiter.api.Assumptions.assumeFalse(others.isEmpty(), "skipped: no other JDK on this machine");
        return others.stream();
    }

    @MatrixTest
    @MethodSource("otherJdks")
    void everyUnitTestPassesOnTheOtherJdk(Jdks.Jdk jdk) {
        assertPass(jdk, "--include-classname=.*(Test|Properties)");
    }

    @MatrixTest
    @MethodSource("otherJdks")
    void everyTestOfTheStorePassesOnTheOtherJdk(Jdks.Jdk jdk) {
        assertPass(
                jdk,
                "--include-classname=.*IT",
                "--exclude-classname=.*[.](OtherJdk|GoldenHashes|ShortestDecimal)IT",
                "--exclude-package=io.idempotenttrace.core.faults");
    }

    private static void assertPass(Jdks.Jdk jdk, String... chosen) {
        String[] arguments = Stream.concat(
                        Stream.of(
                                "execute",
                                "--disable-banner",
                                "--details=summary",
                                // What takes long ran on this JDK, in this profile.
                                "--exclude-tag=matrix",
                                "--exclude-tag=long",
                                "--scan-classpath=target/test-classes"),
                        Stream.of(chosen))
                .toArray(String[]::new);
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .main(System.getProperty("java.class.path"), "org.junit.platform.console.ConsoleLauncher", arguments)
                .environment("NO_COLOR", "1")
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        String found = result.out().stream()
                .filter(line -> line.contains("tests successful"))
                .findFirst()
                .orElse("");
        assertTrue(Integer.parseInt(found.replaceAll("\\D", "")) > 100, result::toString);
        System.out.println("on " + jdk + ": " + found.trim());
    }
}
