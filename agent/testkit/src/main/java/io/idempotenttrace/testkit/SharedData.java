package io.idempotenttrace.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Files that lie beside the repository on some machines. Tests that need them are skipped elsewhere. */
public final class SharedData {

    private SharedData() {}

    /** The folder that holds the repository's LICENSE. */
    public static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("LICENSE"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException(
                    "no folder above " + Path.of("").toAbsolutePath() + " holds LICENSE; run in the repository");
        }
        return folder;
    }

    /** The file or folder {@code ../shared/data/<name>}; without it the test is skipped with a line that names it. */
    public static Path require(String name) {
        Path path = repository().resolveSibling("shared").resolve("data").resolve(name);
        Assumptions.assumeTrue(Files.exists(path), () -> "skipped: ../shared/data/" + name + " is not on this machine");
        return path;
    }
}
