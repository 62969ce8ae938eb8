package io.idempotenttrace.dist.versions;

import io.idempotenttrace.testkit.SharedData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Assumptions;

/**
 * The agent as it was one version ago, built from the repository's own history. {@code previous-commit.txt} names the commit; who releases
 * a version writes its commit there.
 */
final class PreviousAgent {

    private static final String COMMIT = "previous-commit.txt";
    private static final long BUILD_MINUTES = 10;

    private PreviousAgent() {}

    /** The jar, which is built once; without the history, or Maven, the test is skipped with a line that says what is missing. */
    static Path jar() throws IOException, InterruptedException {
        String commit = commit();
        Path repository = SharedData.repository();
        Path folder = Path.of("target", "previous", commit).toAbsolutePath();
        Path jar = folder.resolve("agent/dist/target/idempotent-trace-agent.jar");
        if (Files.exists(jar)) {
            return jar;
        }
        Path log = Files.createDirectories(folder.getParent()).resolve(commit + ".log");
        Path sources = folder.resolveSibling(commit + ".zip");
        require(
                run(repository, log, List.of("git", "archive", "--format=zip", "-o", sources.toString(), commit)),
                "git, and the commit " + commit + " in the history of this repository",
                log);
        unpack(sources, folder);
        Files.delete(sources);
        require(
                run(
                        folder,
                        log,
                        List.of(
                                "mvn",
                                "-o",
                                "-B",
                                "-ntp",
                                "-q",
                                "-Dmaven.test.skip=true",
                                "package",
                                "-pl",
                                "agent/dist",
                                "-am")),
                "Maven, and the libraries of the commit " + commit + " in its local repository",
                log);
        return jar;
    }

    private static String commit() throws IOException {
        try (InputStream in = PreviousAgent.class.getResourceAsStream(COMMIT)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).trim();
        }
    }

    private static void require(boolean there, String what, Path log) {
        String message = "skipped: two versions side by side need " + what + "; " + log + " tells more";
        if (!there) {
            System.out.println(message);
        }
        Assumptions.assumeTrue(there, message);
    }

    private static boolean run(Path folder, Path log, List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("not done after " + BUILD_MINUTES + " minutes: " + command + ", see " + log);
            }
            return process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    private static void unpack(Path zip, Path folder) {
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path target = folder.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(in, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
