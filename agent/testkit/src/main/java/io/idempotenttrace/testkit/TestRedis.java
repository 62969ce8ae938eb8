package io.idempotenttrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A real Redis for tests. {@link #shared()} is found in this order: a URL in the environment variable TEST_REDIS_URL,
 * {@code redis-server} on the PATH, Docker, the binary in a test dependency. Tests that stop, pause or configure their server
 * start one of their own.
 */
public final class TestRedis implements RedisDeployment {

    private static TestRedis shared;

    private final String host;
    private final int port;
    private final String url;
    /** Null where the server is somebody's, or in a container. */
    private final RedisProcess process;

    private final GenericContainer<?> container;

    private TestRedis(String host, int port, String url, RedisProcess process, GenericContainer<?> container) {
        this.host = host;
        this.port = port;
        this.url = url;
        this.process = process;
        this.container = container;
    }

    TestRedis(RedisProcess process) {
        this("127.0.0.1", process.port(), "redis://127.0.0.1:" + process.port(), process, null);
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
            return new TestRedis(uri.getHost(), uri.getPort() < 0 ? 6379 : uri.getPort(), given, null, null);
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
        return new TestRedis(
                container.getHost(),
                container.getMappedPort(6379),
                "redis://" + container.getHost() + ":" + container.getMappedPort(6379),
                null,
                container);
    }

    /** A server of its own on a free port, from the PATH or a test dependency, that keeps nothing on disk unless told to. */
    public static TestRedis start(String... configuration) {
        return start(RedisBinary.newest(), configuration);
    }

    /** @param configuration as on the command line of redis-server: {@code "--requirepass", "secret"} */
    public static TestRedis start(RedisBinary binary, String... configuration) {
        return new TestRedis(RedisProcess.start(binary, configuration));
    }

    /** One whose clock can be set. */
    public static TestRedis start(ClockShift clock, String... configuration) {
        return start(RedisBinary.newest(), clock, configuration);
    }

    /** As {@link #start(RedisBinary, String...)}, one whose clock can be set. */
    public static TestRedis start(RedisBinary binary, ClockShift clock, String... configuration) {
        return new TestRedis(RedisProcess.start(binary, clock.environment(), configuration));
    }

    @Override
    public String url() {
        return url;
    }

    /** The agent's settings for it, with time limits that a busy machine does not exceed: calls are not to run unguarded for its sake. */
    public String settings() {
        return "redis-url=" + url + ",command-timeout=30s,connect-timeout=30s";
    }

    public int port() {
        return port;
    }

    /** Where a server of its own keeps its files. */
    public Path folder() {
        return process.folder();
    }

    @Override
    public TestRedis primaryOf(String key) {
        return this;
    }

    /** A connection of its own, without password. */
    public RedisConnection connect() throws IOException {
        return new RedisConnection(host, port);
    }

    /** One command over a connection of its own, without password; see {@link RedisConnection#call}. */
    public Object call(String... command) {
        try (RedisConnection connection = connect()) {
            return connection.call(command);
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        }
    }

    /**
     * The statuses of the records of a tenant, whose name has no character that means something to KEYS; a shared record that failed stands
     * under the name of its note.
     */
    public List<String> statuses(String tenant) {
        List<String> statuses = new ArrayList<>();
        for (String names : List.of("idem:" + tenant + "*", "idem:%failed:*idem:" + tenant + "*")) {
            for (Object key : (List<?>) call("KEYS", names)) {
                statuses.add((String) call("HGET", key.toString(), "status"));
            }
        }
        return statuses;
    }

    /** How many scripts it was asked to run. */
    public long scriptsRun() {
        return ((String) call("INFO", "commandstats"))
                .lines()
                .filter(line -> line.startsWith("cmdstat_eval"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf('=') + 1, line.indexOf(','))))
                .sum();
    }

    /** The value of that name in a section of INFO; empty if it is not there. */
    public String info(String section, String name) {
        for (String line : ((String) call("INFO", section)).split("\r\n")) {
            if (line.startsWith(name + ":")) {
                return line.substring(name.length() + 1);
            }
        }
        return "";
    }

    /** How often the server ran that command since its start or CONFIG RESETSTAT. */
    public long calls(String command) {
        String stat = info("commandstats", "cmdstat_" + command);
        return stat.isEmpty() ? 0 : Long.parseLong(stat.substring("calls=".length(), stat.indexOf(',')));
    }

    /** Stops the server as {@code kill -9} does. */
    public void kill() {
        process.kill();
    }

    /** Starts a killed server again, on its port and with its files; returns when it answers, though it may yet load. */
    public void restart() {
        process.restart();
    }

    /** Stops it without closing a connection, by SIGSTOP. */
    public void pause() {
        process.pause();
    }

    /** Lets a paused server go on. */
    public void resume() {
        process.resume();
    }

    /** Whether it runs and is not paused. */
    public boolean answers() {
        return process.answers();
    }

    @Override
    public void close() {
        if (process != null) {
            process.kill();
        }
        if (container != null) {
            container.stop();
        }
    }
}
