package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens the one connection, aside and again until it is there: a server that is down when the application starts must not
 * mean "in memory" for the life of the process. Once open, the client reconnects by itself. Safe for use by many threads.
 */
final class RedisConnector implements AutoCloseable {

    /** How many commands may wait for a reply: what a stalled server can cost in memory. */
    private static final int REQUEST_QUEUE = 10_000;
    /** How soon after a failed attempt the next one begins: calls in between fail at once. */
    private static final long RETRY_AFTER_NANOS = 250_000_000L;

    private final RedisURI uri;
    private final long connectTimeoutMillis;
    private final ClientResources resources;
    private final RedisClient client;
    private volatile StatefulRedisConnection<byte[], byte[]> connection;
    private CompletableFuture<StatefulRedisConnection<byte[], byte[]>> attempt;
    private long attemptFailedAtNanos;

    RedisConnector(Configuration configuration) {
        SilentNetty.installWhereNoLoggingIs();
        uri = uri(configuration);
        connectTimeoutMillis = configuration.millis(Setting.CONNECT_TIMEOUT);
        Duration connectTimeout = Duration.ofMillis(connectTimeoutMillis);
        uri.setTimeout(connectTimeout);
        // Two threads: one connection keeps one of them busy, the other reconnects.
        resources = ClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled()).build();
        client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(true)
                // A command in flight when the connection breaks fails, and is sent again by us with the same owner token;
                // Lettuce's own re-send would run it twice, unseen.
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(REQUEST_QUEUE)
                .timeoutOptions(TimeoutOptions.create())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(SocketOptions.builder().connectTimeout(connectTimeout).keepAlive(true).build())
                .build());
    }

    private static RedisURI uri(Configuration configuration) {
        RedisURI uri;
        try {
            uri = RedisURI.create(configuration.text(Setting.REDIS_URL));
        } catch (RuntimeException e) {
            // Neither the text nor the cause's message: they may carry a password.
            throw new IllegalArgumentException("setting 'redis-url' is no Redis URL (" + e.getClass().getSimpleName()
                    + "); write redis://[user:password@]host[:port][/database], rediss://... or redis-sentinel://...");
        }
        uri.setClientName("idempotent-trace");
        String passwordFile = configuration.text(Setting.REDIS_PASSWORD_FILE);
        if (!passwordFile.isEmpty()) {
            setPassword(uri, passwordFile);
        }
        return uri;
    }

    private static void setPassword(RedisURI uri, String file) {
        try {
            String password = Files.readString(Path.of(file), StandardCharsets.UTF_8).lines().findFirst().orElse("");
            RedisCredentials known = uri.getCredentialsProvider() instanceof ImmediateRedisCredentialsProvider provider
                    ? provider.resolveCredentialsNow() : null;
            String user = known != null && known.hasUsername() ? known.getUsername() : null;
            uri.setCredentialsProvider(new StaticCredentialsProvider(user, password.toCharArray()));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("setting 'redis-password-file': can't read '" + file + "' ("
                    + e.getClass().getSimpleName() + "); name a readable file whose first line is the password");
        }
    }

    /** The server for messages, without user and password. */
    String server() {
        if (!uri.getSentinels().isEmpty()) {
            StringBuilder hosts = new StringBuilder("sentinel ");
            for (RedisURI sentinel : uri.getSentinels()) {
                hosts.append(sentinel.getHost()).append(':').append(sentinel.getPort()).append(' ');
            }
            return hosts.append("master ").append(uri.getSentinelMasterId()).toString();
        }
        return uri.getSocket() != null ? uri.getSocket() : uri.getHost() + ":" + uri.getPort();
    }

    /** Begins to connect, if no attempt is under way. */
    synchronized CompletableFuture<StatefulRedisConnection<byte[], byte[]>> begin() {
        boolean failed = attempt != null && attempt.isCompletedExceptionally();
        if (attempt == null || failed && System.nanoTime() - attemptFailedAtNanos >= RETRY_AFTER_NANOS) {
            attempt = new CompletableFuture<>();
            Thread connecting = new Thread(() -> connect(attempt), "idempotent-trace-connect");
            connecting.setDaemon(true);
            connecting.setContextClassLoader(RedisConnector.class.getClassLoader());
            connecting.start();
        }
        return attempt;
    }

    private void connect(CompletableFuture<StatefulRedisConnection<byte[], byte[]>> result) {
        try {
            StatefulRedisConnection<byte[], byte[]> opened = client.connect(ByteArrayCodec.INSTANCE, uri);
            connection = opened;
            result.complete(opened);
        } catch (Throwable failure) {
            synchronized (this) {
                attemptFailedAtNanos = System.nanoTime();
            }
            result.completeExceptionally(failure);
        }
    }

    /**
     * The connection; waits for the first one as long as connecting may take.
     *
     * @throws ExecutionException if it could not be opened
     */
    StatefulRedisConnection<byte[], byte[]> connection() throws ExecutionException, InterruptedException, TimeoutException {
        StatefulRedisConnection<byte[], byte[]> open = connection;
        if (open != null) {
            return open;
        }
        try {
            return begin().get(connectTimeoutMillis, TimeUnit.MILLISECONDS);
        } catch (CompletionException e) {
            throw new ExecutionException(e.getCause());
        }
    }

    @Override
    public void close() {
        client.shutdownAsync(0, 1, TimeUnit.SECONDS);
        resources.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
