package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One hash for one value, on every JDK, in every locale, time zone and charset. The file holds what released versions wrote: a
 * change of it makes conflicts of retries that are under way, and is a breaking change.
 */
class GoldenHashesIT {

    private static final Path GOLDEN =
            Path.of("src", "test", "resources", "io", "idempotenttrace", "core", "canonical", "golden-hashes.txt");

    private record Environment(String language, String country, String zone, String charset) {}

    private static final List<Environment> ENVIRONMENTS = List.of(
            new Environment("en", "US", "UTC", "UTF-8"),
            new Environment("tr", "TR", "Asia/Kathmandu", "ISO-8859-9"),
            new Environment("ar", "EG", "America/St_Johns", "UTF-16"),
            new Environment("th", "TH", "Pacific/Apia", "US-ASCII"));

    static List<Arguments> someJdksAndEnvironments() {
        return Pairs.crossSection(Jdks.all(), ENVIRONMENTS);
    }

    static List<Arguments> otherJdksAndEnvironments() {
        return Pairs.others(Jdks.all(), ENVIRONMENTS);
    }

    @MatrixTest
    @MethodSource("otherJdksAndEnvironments")
    void everySampleHasTheSameHashInTheOtherPairs(Jdks.Jdk jdk, Environment environment) throws IOException {
        everySampleHasTheSameHashEverywhere(jdk, environment);
    }

    @ParameterizedTest
    @MethodSource("someJdksAndEnvironments")
    void everySampleHasTheSameHashEverywhere(Jdks.Jdk jdk, Environment environment) throws IOException {
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .jvm(
                        "-Duser.language=" + environment.language(),
                        "-Duser.country=" + environment.country(),
                        "-Duser.timezone=" + environment.zone(),
                        "-Dfile.encoding=" + environment.charset(),
                        "-Dstdout.encoding=UTF-8",
                        "-Dsun.stdout.encoding=UTF-8")
                .main(System.getProperty("java.class.path"), GoldenHashes.class.getName())
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(
                String.join("\n", Files.readAllLines(GOLDEN)),
                String.join("\n", result.out()),
                "a hash changed: every retry that"
                        + " is under way would be a conflict. If that is meant, it is a breaking change: say so in the release and write "
                        + GOLDEN + " anew");
    }
}
