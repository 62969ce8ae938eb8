package io.idempotenttrace.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One short run, by the command that the README gives: nothing is timed here, but the benchmarks must not rot. */
class BenchmarksIT {

    @TempDir
    Path results;

    @Tag("matrix")
    @Test
    void aBenchmarkRunsAndLeavesTableFiguresAndPlot() throws Exception {
        Jdks.Jdk jdk = Jdks.newest();
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .jar(
                        Path.of(System.getProperty("benchmarks.jar")),
                        "startup",
                        "--quick",
                        "--rounds=1",
                        "--jdk=" + jdk.version(),
                        "--results=" + results)
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(6, Files.readAllLines(results.resolve("startup.csv")).size(), result::toString);
        assertTrue(Files.readString(results.resolve("startup.md")).contains("| idempotent-trace |"), result::toString);
        assertTrue(Files.readString(results.resolve("startup.svg")).endsWith("</svg>\n"), result::toString);
    }
}
