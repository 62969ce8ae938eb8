package io.idempotenttrace.core.redisclient;

import io.idempotenttrace.core.background.BackgroundLoop;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.Delay;
import java.io.File;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens the one connection, aside and again until it is there: a server that is down when the application starts must not
 * mean "in memory" for the life of the process. Once open, the client reconnects by itself. Safe for use by many threads.
 */
public final class RedisConnector implements AutoCloseable {

    /** How many commands may wait for a reply: what a stalled server can cost in memory. */
    static final int REQUEST_QUEUE = 32_768;
    /** How soon after a failed attempt the next one begins: calls in between fail at once. */
    private static final long RETRY_AFTER_NANOS = 250_000_000L;
    /** Lettuce's own would grow to 30 s, for which calls went on unguarded though the server is back. */
    private static final Delay RECONNECT_DELAY =
            Delay.fullJitter(Duration.ofMillis(10), Duration.ofMillis(500), 10, TimeUnit.MILLISECONDS);

    private final RedisAddress address;
    private final RedisSettings settings;
    private final Consumer<RedisLink> whenOpened;
    private final LeanResources resources;
    /** Each of the clients is null until it is first needed. */
    private @Nullable LeanClient client;

    private @Nullable WholeClient wholeClient;
    private volatile @Nullable RedisClusterClient clusterClient;
    private volatile @Nullable RedisLink link;
    /** To open {@code link}, under way or ended; null before the first, and until the next after {@link #replace}. */
    private @Nullable CompletableFuture<RedisLink> attempt;

    private long attemptFailedAtNanos;
    private volatile boolean closed;

    /**
     * Connects nowhere yet.
     *
     * @param whenOpened told of each new connection before a call may use it
     * @throws IllegalArgumentException if a setting can't be used; the message carries no password
     */
    public RedisConnector(RedisSettings settings, Consumer<RedisLink> whenOpened) {
        SilentNetty.installWhereNoLoggingIs();
        this.settings = settings;
        this.address = RedisAddress.of(settings);
        this.whenOpened = whenOpened;
        settings.tls().check();
        resources = new LeanResources(RECONNECT_DELAY, new FlushTogether());
    }

    /** The server for messages, without user and password. */
    public String server() {
        return address.toString();
    }

    /**
     * Runs that after the time, on a thread of the client's, which it must not block.
     *
     * @throws java.util.concurrent.RejectedExecutionException once this is closed
     */
    public void later(Runnable task, long nanos) {
        resources.eventExecutorGroup().schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    /** The open connection; null while there is none. */
    public @Nullable RedisLink link() {
        return link;
    }

    /** Begins to connect, if no attempt is under way and the last one did not just fail. */
    public synchronized CompletableFuture<RedisLink> begin() {
        CompletableFuture<RedisLink> known = attempt;
        boolean failed = known != null && known.isCompletedExceptionally();
        if (known == null || failed && System.nanoTime() - attemptFailedAtNanos >= RETRY_AFTER_NANOS && !closed) {
            CompletableFuture<RedisLink> begun = new CompletableFuture<>();
            attempt = begun;
            if (!BackgroundLoop.runOnce("idempotent-trace-connect", () -> connect(begun))) {
                failed(
                        begun,
                        new IllegalStateException(
                                "no thread can be started to connect to Redis; the next call tries again"));
            }
            return begun;
        }
        return known;
    }

    private void connect(CompletableFuture<RedisLink> result) {
        try {
            RedisLink opened = address.cluster() ? openCluster() : openServer();
            whenOpened.accept(opened);
            link = opened;
            result.complete(opened);
        } catch (Throwable failure) {
            failed(result, failure);
        }
    }

    private void failed(CompletableFuture<RedisLink> result, Throwable failure) {
        synchronized (this) {
            attemptFailedAtNanos = System.nanoTime();
        }
        result.completeExceptionally(failure);
    }

    private RedisLink openServer() {
        LeanConnection opened = openServerConnection();
        if (opened.hello().cluster() && !address.sentinel()) {
            opened.closeAsync();
            return openCluster();
        }
        return new RedisLink(opened);
    }

    private RedisLink openCluster() {
        return new RedisLink(
                clusterClient().connect(ByteArrayCodec.INSTANCE),
                resources::onEventLoop,
                settings.connectTimeoutMillis());
    }

    private synchronized LeanClient client() {
        if (client == null) {
            client =
                    new LeanClient(resources, configure(ClientOptions.builder()).build());
        }
        return client;
    }

    private synchronized WholeClient wholeClient() {
        if (wholeClient == null) {
            wholeClient = new WholeClient(
                    resources, configure(ClientOptions.builder()).build());
        }
        return wholeClient;
    }

    private synchronized RedisClusterClient clusterClient() {
        if (clusterClient == null) {
            clusterClient = RedisClusterClient.create(resources, address.uris());
            ClusterClientOptions.Builder options = ClusterClientOptions.builder();
            configure(options);
            // Lettuce refreshes its picture of the cluster on every sign of a change by default; these say how often.
            clusterClient.setOptions(options.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                            .adaptiveRefreshTriggersTimeout(Duration.ofMillis(500))
                            .refreshTriggersReconnectAttempts(1)
                            .enablePeriodicRefresh(Duration.ofSeconds(10))
                            .build())
                    .build());
        }
        return clusterClient;
    }

    private ClientOptions.Builder configure(ClientOptions.Builder options) {
        Duration connectTimeout = Duration.ofMillis(settings.connectTimeoutMillis());
        return options.autoReconnect(true)
                // A command in flight when the connection breaks fails, and is sent again by us with the same owner
                // token;
                // Lettuce's own re-send would run it twice, unseen.
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(REQUEST_QUEUE)
                .timeoutOptions(TimeoutOptions.create())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .protocolVersion(
                        switch (settings.protocol()) {
                            case RESP2 -> ProtocolVersion.RESP2;
                            case RESP3 -> ProtocolVersion.RESP3;
                            // RESP3 where the server knows it.
                            case AUTO -> null;
                        })
                .sslOptions(sslOptions(connectTimeout))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(connectTimeout)
                        .keepAlive(true)
                        .build());
    }

    private SslOptions sslOptions(Duration handshakeTimeout) {
        SslOptions.Builder options = SslOptions.builder().jdkSslProvider().handshakeTimeout(handshakeTimeout);
        TlsFiles files = settings.tls();
        if (!files.authorities().isEmpty()) {
            options.trustManager(new File(files.authorities()));
        }
        if (!files.certificate().isEmpty()) {
            options.keyManager(new File(files.certificate()), new File(files.key()), new char[0]);
        }
        return options.build();
    }

    /**
     * Gives that connection up and opens another one: it leads to a server that no longer takes writes, or does not answer
     * though nobody closed it. Does nothing if it has been replaced already.
     */
    public synchronized void replace(RedisLink broken) {
        if (link == broken && !closed) {
            link = null;
            attempt = null;
            broken.close();
            begin();
        }
    }

    /** Reads the Cluster's layout again, aside. */
    public void refreshTopology() {
        RedisClusterClient known = clusterClient;
        if (known != null) {
            known.refreshPartitionsAsync();
        }
    }

    /** A connection to the one server. Blocks while it connects. */
    LeanConnection openServerConnection() {
        RedisURI uri = address.uri();
        return client().connect(uri, address.sentinel() ? wholeClient().primaryOf(uri) : client().addressOf(uri));
    }

    /** As {@link #openServerConnection()}, to read by and to be told of changes of what was read. Blocks while it connects. */
    public TrackedReads openTrackedReads(TrackedReads.Listener listener) {
        return new TrackedReads(openServerConnection(), listener);
    }

    /**
     * A connection for messages, of the kind of the open one. Blocks while it connects.
     *
     * @param sharded whether channels belong to slots of the Cluster, as keys do
     * @param received told of each message, by channel and content, on a thread of the client's
     */
    public ChannelMessages openMessages(boolean cluster, boolean sharded, BiConsumer<byte[], byte[]> received) {
        if (!cluster) {
            var connection = wholeClient().connectPubSub(ByteArrayCodec.INSTANCE, address.uri());
            return new ChannelMessages(connection, sharded, resources::onEventLoop, received);
        }
        var connection = clusterClient().connectPubSub(ByteArrayCodec.INSTANCE);
        connection.setNodeMessagePropagation(true);
        return new ChannelMessages(connection, sharded, resources::onEventLoop, received);
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (var each : new io.lettuce.core.AbstractRedisClient[] {client, wholeClient, clusterClient}) {
            if (each != null) {
                each.shutdownAsync(0, 1, TimeUnit.SECONDS);
            }
        }
        resources.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
