package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Runs scripts of other languages, where those are on the machine. */
final class OtherLanguages {

    private OtherLanguages() {}

    /**
     * What the command prints. Where its program is not on this machine, the test is skipped with a line that names it.
     *
     * @param input for its standard input
     */
    static List<String> run(Path folder, String input, String... command) throws IOException, InterruptedException {
        Assumptions.assumeTrue(isThere(command[0]), () -> "skipped: " + command[0] + " is not on this machine");
        Path in = Files.writeString(folder.resolve("in"), input);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertEquals(true, process.waitFor(5, TimeUnit.MINUTES), () -> command[0] + " did not end");
        } finally {
            process.destroyForcibly();
        }
        assertEquals(0, process.exitValue(), Files.readString(err));
        return Files.readAllLines(out, StandardCharsets.UTF_8);
    }

    private static boolean isThere(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
