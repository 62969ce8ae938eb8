package io.idempotenttrace.dist.clients;

import io.idempotenttrace.testkit.SharedData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** What a worker of {@link ClientRun} is written with. Where a program or its Redis client is missing, the test is skipped with a line. */
enum Language {
    JAVA,
    /** The Python client for threads. */
    PYTHON,
    /** The Python client for asyncio. */
    ASYNCIO,
    NODE,
    /** A Python worker with a script of its own, which knows five fields. */
    FIVE_FIELDS;

    static final Path EXAMPLES = SharedData.repository().resolve("examples");
    static final Path WORKERS = Path.of("src", "test", "clients").toAbsolutePath();

    /** The interpreter first. */
    List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of(this == NODE ? Found.node() : Found.python()));
        command.addAll(List.of(words));
        return command;
    }

    String worker() {
        return WORKERS.resolve(this == NODE ? "worker.mjs" : "worker.py").toString();
    }

    /** How {@code worker.py} names it. */
    String kind() {
        return switch (this) {
            case ASYNCIO -> "async";
            case FIVE_FIELDS -> "five";
            default -> "sync";
        };
    }

    /** Skips the test where this language can't be run here. */
    void require() {
        if (this != JAVA) {
            command();
        }
    }

    /** What is looked for once. */
    private static final class Found {

        private static final String PYTHON = first(
                List.of("python3", "/usr/bin/python3"),
                "-c",
                "import redis.asyncio, sys; assert sys.version_info >= (3, 9)");
        private static final String NODE =
                first(List.of("node"), "-e", "process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)");

        static String python() {
            Assumptions.assumeTrue(PYTHON != null, "skipped: no Python with redis-py 4.2 (Debian: python3-redis)");
            return PYTHON;
        }

        static String node() {
            Assumptions.assumeTrue(NODE != null, "skipped: no Node 20");
            Assumptions.assumeTrue(
                    Files.isDirectory(EXAMPLES.resolve("node/node_modules/redis")),
                    "skipped: examples/node has no node_modules; run npm install there");
            return NODE;
        }

        private static String first(List<String> programs, String... words) {
            for (String program : programs) {
                List<String> command = new ArrayList<>(List.of(program));
                command.addAll(List.of(words));
                try {
                    Process process = new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
                    if (process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0) {
                        return program;
                    }
                    process.destroyForcibly();
                } catch (IOException e) {
                    // It is not on this machine.
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new UncheckedIOException(new IOException(e));
                }
            }
            return null;
        }
    }
}
