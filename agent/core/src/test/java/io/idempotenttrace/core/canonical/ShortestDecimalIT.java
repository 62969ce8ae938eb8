package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten million doubles and as many floats, on each JDK: from 19 on, the JDK writes the shortest digits too. */
@Tag("matrix")
class ShortestDecimalIT {

    static List<Jdks.Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void digitsAreThoseThatJacksonAndNewerJdksWrite(Jdks.Jdk jdk) {
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .main(
                        System.getProperty("java.class.path"),
                        NumberComparison.class.getName(),
                        /* seed= */ "2026",
                        "10000000")
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        String found = result.out().stream()
                .filter(line -> line.startsWith("equal "))
                .findFirst()
                .orElse("");
        assertTrue(Long.parseLong(found.split(" ")[1]) > 20_000_000, result::toString);
        assertEquals(jdk.version() >= 19, found.endsWith("also to the JDK"), result::toString);
        System.out.println("numbers on " + jdk + ": " + found);
    }
}
