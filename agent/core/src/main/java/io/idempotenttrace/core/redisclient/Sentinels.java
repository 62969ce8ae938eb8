package io.idempotenttrace.core.redisclient;

import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.Waiting;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Where the primary is, by the word of most Sentinels, and the moment when they make another server the primary.
 *
 * <p>The problem: a primary that is cut off from its Sentinels goes on answering whoever still reaches it, and forgets what it took when it
 * comes back as a replica. A connection to it is well, so nothing that the connection does tells of the change. The Sentinels tell: each
 * publishes {@code +switch-master}. A message may be lost, so they are also asked from time to time. The word of one does not count against
 * that of the others: the one beside the cut-off primary does not know.
 */
final class Sentinels implements AutoCloseable {

    private static final byte[] SWITCHES = "+switch-master".getBytes(StandardCharsets.US_ASCII);
    /** README: five seconds, for a worker that missed the message. */
    private static final long ASK_EVERY_NANOS = 5_000_000_000L;

    private final RedisConnector connector;
    private final List<RedisURI> sentinels;
    private final String master;
    private final long askNanos;
    private final BackgroundLoop loop = new BackgroundLoop("idempotent-trace-sentinels", this::look);

    /** One for each Sentinel, by those clients. Of the loop's thread alone. */
    private final Map<RedisURI, CompletableFuture<StatefulRedisPubSubConnection<byte[], byte[]>>> heard =
            new HashMap<>();

    private @Nullable RedisClients heardBy;

    /** @param askNanos how long the Sentinels may take to answer */
    Sentinels(RedisConnector connector, RedisURI uri, long askNanos) {
        this.connector = connector;
        this.sentinels = uri.getSentinels();
        this.master = uri.getSentinelMasterId();
        this.askNanos = askNanos;
    }

    /** Begins to listen, if it has not begun. Does not block. */
    void listen() {
        if (!loop.isAlive()) {
            loop.wake();
        }
    }

    /** Asks all Sentinels; completes with what most of them say. */
    CompletableFuture<SocketAddress> primary(RedisClients clients) {
        Vote vote = new Vote(sentinels.size());
        for (RedisURI sentinel : sentinels) {
            ask(clients, sentinel).whenComplete(vote::add);
        }
        return vote.result;
    }

    private CompletableFuture<SocketAddress> ask(RedisClients clients, RedisURI sentinel) {
        return clients.whole()
                .connectSentinelAsync(ByteArrayCodec.INSTANCE, sentinel)
                .thenCompose(connection -> connection
                        .async()
                        .getMasterAddrByName(master.getBytes(StandardCharsets.UTF_8))
                        .whenComplete((address, failure) -> connection.closeAsync()))
                .toCompletableFuture();
    }

    /** What each Sentinel says, until most agree, or all have answered. */
    private static final class Vote {

        private final CompletableFuture<SocketAddress> result = new CompletableFuture<>();
        private final Map<SocketAddress, Integer> named = new HashMap<>();
        private final int voters;
        private int answers;

        private Vote(int voters) {
            this.voters = voters;
        }

        private synchronized void add(@Nullable SocketAddress address, @Nullable Throwable failure) {
            answers++;
            if (address != null && named.merge(address, 1, Integer::sum) > voters / 2) {
                result.complete(address);
            } else if (answers == voters) {
                named.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .ifPresentOrElse(
                                most -> result.complete(most.getKey()),
                                () -> result.completeExceptionally(
                                        failure != null
                                                ? failure
                                                : new IllegalStateException(
                                                        "no Sentinel knows the master of redis-url")));
            }
        }
    }

    /** One round. */
    private long look() throws ExecutionException {
        RedisClients clients = connector.clients();
        hearAll(clients);
        RedisLink link = connector.link();
        SocketAddress now = link == null ? null : link.leadsTo();
        if (link != null && now != null) {
            try {
                SocketAddress primary = Waiting.uninterruptibly(primary(clients), askNanos, TimeUnit.NANOSECONDS);
                if (!text(primary).equals(text(now))) {
                    connector.replace(link);
                }
            } catch (TimeoutException unknown) {
                // They are asked again.
            }
        }
        return ASK_EVERY_NANOS;
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet.getHostString() + ':' + inet.getPort()
                : address.toString();
    }

    private void hearAll(RedisClients clients) {
        if (heardBy != clients) {
            heardBy = clients;
            heard.clear();
        }
        for (RedisURI sentinel : sentinels) {
            var known = heard.get(sentinel);
            if (known == null || known.isCompletedExceptionally()) {
                heard.put(sentinel, hear(clients, sentinel));
            }
        }
    }

    /** The client reconnects and subscribes again by itself. */
    private CompletableFuture<StatefulRedisPubSubConnection<byte[], byte[]>> hear(
            RedisClients clients, RedisURI sentinel) {
        return clients.whole()
                .connectPubSubAsync(ByteArrayCodec.INSTANCE, sentinel)
                .thenApply(connection -> {
                    connection.addListener(new RedisPubSubAdapter<byte[], byte[]>() {
                        @Override
                        public void message(byte[] channel, byte[] content) {
                            if (new String(content, StandardCharsets.UTF_8).startsWith(master + ' ')) {
                                loop.wake();
                            }
                        }
                    });
                    connection.async().subscribe(SWITCHES);
                    return connection;
                })
                .toCompletableFuture();
    }

    @Override
    public void close() {
        loop.close();
    }
}
