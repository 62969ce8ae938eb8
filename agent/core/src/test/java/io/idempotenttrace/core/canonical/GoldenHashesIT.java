package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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

    static Stream<Arguments> environments() {
        List<Arguments> environments = new ArrayList<>();
        for (Jdks.Jdk jdk : Jdks.all()) {
            environments.add(Arguments.of(jdk, "en", "US", "UTC", "UTF-8"));
            environments.add(Arguments.of(jdk, "tr", "TR", "Asia/Kathmandu", "ISO-8859-9"));
            environments.add(Arguments.of(jdk, "ar", "EG", "America/St_Johns", "UTF-16"));
            environments.add(Arguments.of(jdk, "th", "TH", "Pacific/Apia", "US-ASCII"));
        }
        return environments.stream();
    }

    @ParameterizedTest
    @MethodSource("environments")
    void everySampleHasTheSameHashEverywhere(Jdks.Jdk jdk, String language, String country, String zone, String charset)
            throws IOException {
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .jvm(
                        "-Duser.language=" + language,
                        "-Duser.country=" + country,
                        "-Duser.timezone=" + zone,
                        "-Dfile.encoding=" + charset,
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
