package io.idempotenttrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A real Redis for tests. {@link #shared()} is found in this order: a URL in the environment variable TEST_REDIS_URL,
 * {@code redis-server} on the PATH, Docker, the binary in a test dependency. Tests that stop, pause or configure their server
 * start one of their own.
 */
public final class TestRedis implements AutoCloseable {

    private static final int ATTEMPTS = 5;
    private static final long START_SECONDS = 20;

    private static TestRedis shared;

    private final String host;
    private final int port;
    private final Process process;
    private final GenericContainer<?> container;
    private final String url;

    private TestRedis(String host, int port, Process process, GenericContainer<?> container, String url) {
        this.host = host;
        this.port = port;
        this.process = process;
        this.container = container;
        this.url = url != null ? url : "redis://" + host + ":" + port;
    }

    /** The one server of this JVM, started by the first call. It may be a user's: never flush it, use tenants of your own. */
    public static synchronized TestRedis shared() {
        if (shared == null) {
            shared = find();
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "stop-test-redis"));
        }
        return shared;
    }

    private static TestRedis find() {
        String given = System.getenv("TEST_REDIS_URL");
        if (given != null && !given.isBlank()) {
            URI uri = URI.create(given);
            return new TestRedis(uri.getHost(), uri.getPort() < 0 ? 6379 : uri.getPort(), null, null, given);
        }
        if (RedisBinary.INSTALLED.find() != null) {
            return start(RedisBinary.INSTALLED);
        }
        if (DockerClientFactory.instance().isDockerAvailable()) {
            return startContainer();
        }
        System.out.println("skipped Redis by Testcontainers: no Docker engine answers");
        return start(RedisBinary.EMBEDDED_7);
    }

    @SuppressWarnings("resource")
    private static TestRedis startContainer() {
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse("redis:7")).withExposedPorts(6379);
        container.start();
        return new TestRedis(container.getHost(), container.getMappedPort(6379), null, container, null);
    }

    /** A server of its own on a free port, from the PATH or a test dependency, that keeps nothing on disk unless told to. */
    public static TestRedis start(String... configuration) {
        return start(RedisBinary.INSTALLED.find() != null ? RedisBinary.INSTALLED : RedisBinary.EMBEDDED_7, configuration);
    }

    /** @param configuration as on the command line of redis-server: {@code "--requirepass", "secret"} */
    public static TestRedis start(RedisBinary binary, String... configuration) {
        Path executable = binary.find();
        if (executable == null) {
            throw new AssertionError("no Redis for the tests: set TEST_REDIS_URL, or install redis-server (apt-get install"
                    + " redis-server); the binary of the test dependency does not fit this machine");
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            TestRedis started = tryStart(executable, freePort(), configuration);
            if (started != null) {
                return started;
            }
        }
        throw new AssertionError(executable + " did not start within " + ATTEMPTS + " attempts");
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestRedis tryStart(Path executable, int port, String... configuration) {
        try {
            Path folder = Files.createTempDirectory("test-redis-");
            List<String> command = new ArrayList<>(List.of(executable.toString(), "--port", Integer.toString(port), "--bind",
                    "127.0.0.1", "--dir", folder.toString(), "--save", "", "--appendonly", "no"));
            command.addAll(Arrays.asList(configuration));
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(folder.resolve("redis.log").toFile()).start();
            TestRedis redis = new TestRedis("127.0.0.1", port, process, null, null);
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "stop-test-redis"));
            return redis.becomesReady(password(configuration)) ? redis : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String password(String... configuration) {
        int at = Arrays.asList(configuration).indexOf("--requirepass");
        return at < 0 ? null : configuration[at + 1];
    }

    /** By the process id too: a server of somebody else on the port answers PING as well. */
    private boolean becomesReady(String password) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (RedisConnection connection = new RedisConnection(host, port)) {
                if (password != null) {
                    connection.call("AUTH", password);
                }
                String info = (String) connection.call("INFO", "server");
                return info.contains("process_id:" + process.pid() + "\r\n");
            } catch (IOException e) {
                pause(20);
            }
        }
        process.destroyForcibly();
        return false;
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Redis starts", e);
        }
    }

    public String url() {
        return url;
    }

    public int port() {
        return port;
    }

    /** One command over a connection of its own, without password; see {@link RedisConnection#call}. */
    public Object call(String... command) {
        try (RedisConnection connection = new RedisConnection(host, port)) {
            return connection.call(command);
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        }
    }

    /** Stops the server as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
        if (container != null) {
            container.stop();
        }
    }
}
