package io.idempotenttrace.core.redisclient;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.ExtendedKeepAliveSupport;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lettuce's clients and the threads that they share. Each client is made when it is first needed. Where one of the threads can't be
 * started or has died, the whole set is replaced: Netty's timer, for one, takes itself for started from then on and lets every later
 * caller wait for ever. Safe for use by many threads.
 */
final class RedisClients {

    /** Lettuce's own would grow to 30 s, for which calls went on unguarded though the server is back. */
    private static final Delay RECONNECT_DELAY =
            Delay.fullJitter(Duration.ofMillis(10), Duration.ofMillis(500), 10, TimeUnit.MILLISECONDS);

    /** These three add up to half a minute, after which a connection without traffic is found dead; see redis.md. */
    private static final Duration KEEP_ALIVE_IDLE = Duration.ofSeconds(15);

    private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofSeconds(5);
    private static final int KEEP_ALIVE_PROBES = 3;

    private final RedisAddress address;
    private final RedisSettings settings;
    private final LeanResources resources;
    private final OpenChannels openChannels = new OpenChannels();

    private @Nullable LeanClient lean;
    private @Nullable WholeClient whole;
    private volatile @Nullable RedisClusterClient cluster;

    /** @param whenThreadEnded told of these, on the thread itself, when one of their threads has ended though nobody closed them */
    RedisClients(RedisAddress address, RedisSettings settings, Consumer<RedisClients> whenThreadEnded) {
        this.address = address;
        this.settings = settings;
        List<NettyCustomizer> customizers = List.of(new FlushTogether(), new ReplyLimits(), openChannels);
        NettyCustomizer all = new NettyCustomizer() {
            @Override
            public void afterChannelInitialized(Channel channel) {
                customizers.forEach(each -> each.afterChannelInitialized(channel));
            }
        };
        resources = new LeanResources(RECONNECT_DELAY, all, () -> whenThreadEnded.accept(this));
    }

    LeanResources resources() {
        return resources;
    }

    synchronized LeanClient lean() {
        if (lean == null) {
            lean = new LeanClient(resources, configure(ClientOptions.builder()).build());
        }
        return lean;
    }

    synchronized WholeClient whole() {
        if (whole == null) {
            whole = new WholeClient(
                    resources, configure(ClientOptions.builder()).build());
        }
        return whole;
    }

    synchronized RedisClusterClient cluster() {
        RedisClusterClient made = cluster;
        if (made == null) {
            made = RedisClusterClient.create(resources, address.uris());
            ClusterClientOptions.Builder options = ClusterClientOptions.builder();
            configure(options);
            // Lettuce refreshes its picture of the cluster on every sign of a change by default; these say how often.
            made.setOptions(options.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                            .adaptiveRefreshTriggersTimeout(Duration.ofMillis(500))
                            .refreshTriggersReconnectAttempts(1)
                            .enablePeriodicRefresh(Duration.ofSeconds(10))
                            .build())
                    .build());
            cluster = made;
        }
        return made;
    }

    /** Reads the Cluster's layout again, aside; does nothing where no Cluster was met. */
    void refreshTopology() {
        RedisClusterClient known = cluster;
        if (known != null) {
            known.refreshPartitionsAsync();
        }
    }

    private ClientOptions.Builder configure(ClientOptions.Builder options) {
        Duration connectTimeout = Duration.ofMillis(settings.connectTimeoutMillis());
        return options.autoReconnect(true)
                // A command in flight when the connection breaks fails, and is sent again by us with the same owner
                // token;
                // Lettuce's own re-send would run it twice, unseen.
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(RedisConnector.REQUEST_QUEUE)
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
                .socketOptions(keepAlive(SocketOptions.builder().connectTimeout(connectTimeout))
                        .build());
    }

    /**
     * A connection that nothing is sent over is found dead by the kernel alone: one that waits for messages, and each one where fleet-poll is
     * off. As the kernel is set up, it would look after two hours, when firewalls and load balancers have long forgotten the connection.
     */
    private static SocketOptions.Builder keepAlive(SocketOptions.Builder options) {
        if (!ExtendedKeepAliveSupport.isSupported()) {
            // A JVM without the module jdk.net: Lettuce would refuse to connect.
            return options.keepAlive(true);
        }
        return options.keepAlive(SocketOptions.KeepAliveOptions.builder()
                .enable()
                .idle(KEEP_ALIVE_IDLE)
                .interval(KEEP_ALIVE_INTERVAL)
                .count(KEEP_ALIVE_PROBES)
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

    /** Fails the commands whose reply a thread that has ended would have read. */
    void endCommandsWithoutThread() {
        openChannels.endThoseWithoutThread();
    }

    /** Ends connections and threads, without waiting for it. */
    synchronized void close() {
        try {
            endCommandsWithoutThread();
            for (AbstractRedisClient each : new AbstractRedisClient[] {lean, whole, cluster}) {
                if (each != null) {
                    each.shutdownAsync(0, 1, TimeUnit.SECONDS);
                }
            }
        } finally {
            resources.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }
}
