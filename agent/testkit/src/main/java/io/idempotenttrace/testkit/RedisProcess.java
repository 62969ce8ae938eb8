package io.idempotenttrace.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A child process that runs {@code redis-server} on a port and in a folder of its own, through kills and restarts. */
final class RedisProcess {

    private static final int ATTEMPTS = 5;
    private static final long START_SECONDS = 60;

    private final List<String> command;
    private final Map<String, String> environment;
    private final int port;
    private final Path folder;
    private final String password;
    private volatile Process process;
    private volatile boolean paused;

    private RedisProcess(
            List<String> command, Map<String, String> environment, int port, Path folder, String password) {
        this.command = command;
        this.environment = environment;
        this.port = port;
        this.folder = folder;
        this.password = password;
    }

    /** A server that keeps nothing on disk, unless its configuration says so. */
    static RedisProcess start(RedisBinary binary, String... configuration) {
        return start(binary, Map.of(), configuration);
    }

    /** @param environment beside what this process has */
    static RedisProcess start(RedisBinary binary, Map<String, String> environment, String... configuration) {
        Path executable = binary.require();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = FreePort.find();
            Path folder = newFolder();
            List<String> command = new ArrayList<>(List.of(
                    executable.toString(),
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    "127.0.0.1",
                    "--dir",
                    folder.toString(),
                    "--save",
                    "",
                    "--appendonly",
                    "no"));
            command.addAll(Arrays.asList(configuration));
            RedisProcess started = new RedisProcess(command, environment, port, folder, password(configuration));
            if (started.launch()) {
                return started;
            }
        }
        throw new AssertionError(
                executable + " did not start within " + ATTEMPTS + " attempts with " + List.of(configuration));
    }

    /** A Sentinel, which keeps its state in its configuration file. */
    static RedisProcess startSentinel(RedisBinary binary, int port, List<String> configuration) {
        try {
            Path folder = newFolder();
            Path file = folder.resolve("sentinel.conf");
            List<String> lines = new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "dir " + folder));
            lines.addAll(configuration);
            Files.write(file, lines);
            RedisProcess started = new RedisProcess(
                    List.of(binary.require().toString(), file.toString(), "--sentinel"), Map.of(), port, folder, null);
            if (!started.launch()) {
                throw new AssertionError(
                        "no Sentinel started on port " + port + ": " + Files.readString(folder.resolve("redis.log")));
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("test-redis-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String password(String... configuration) {
        int at = Arrays.asList(configuration).indexOf("--requirepass");
        return at < 0 ? null : configuration[at + 1];
    }

    private synchronized boolean launch() {
        try {
            File log = folder.resolve("redis.log").toFile();
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
            builder.environment().putAll(environment);
            boolean first = process == null;
            process = builder.start();
            if (first) {
                Runtime.getRuntime().addShutdownHook(new Thread(this::discard, "stop-test-redis"));
            }
            return becomesReady();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By the process id too: a server of somebody else on the port answers PING as well. */
    private boolean becomesReady() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (RedisConnection connection = new RedisConnection("127.0.0.1", port)) {
                if (password != null) {
                    connection.call("AUTH", password);
                }
                String info = (String) connection.call("INFO", "server");
                boolean own = info.contains("process_id:" + process.pid() + "\r\n");
                if (own) {
                    TestedOn.server(info, command);
                }
                return own;
            } catch (IOException e) {
                pauseBriefly();
            }
        }
        process.destroyForcibly();
        return false;
    }

    private static void pauseBriefly() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Redis starts", e);
        }
    }

    int port() {
        return port;
    }

    Path folder() {
        return folder;
    }

    synchronized void kill() {
        end();
        paused = false;
    }

    private void end() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** When the tests are over: nothing of them stays on the machine. */
    private void discard() {
        end();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("the folder of a test's Redis stays behind: " + folder + ": " + e);
        }
    }

    synchronized void restart() {
        kill();
        if (!launch()) {
            throw new AssertionError("redis-server did not start again on port " + port);
        }
    }

    void pause() {
        Signals.send("STOP", process.pid());
        paused = true;
    }

    void resume() {
        Signals.send("CONT", process.pid());
        paused = false;
    }

    boolean answers() {
        return process.isAlive() && !paused;
    }
}
