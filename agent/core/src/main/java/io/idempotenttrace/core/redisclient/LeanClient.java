package io.idempotenttrace.core.redisclient;

import io.idempotenttrace.core.background.Waiting;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ConnectionBuilder;
import io.lettuce.core.ConnectionFuture;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslConnectionBuilder;
import io.lettuce.core.protocol.CommandHandler;
import java.net.SocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;

/**
 * Opens connections of Lettuce's that have a few commands alone. Its own client prepares, with each, every command of Redis in
 * three forms: those classes would be a fifth of what a cold JVM loads for its first call.
 */
final class LeanClient extends AbstractRedisClient {

    private final LeanResources resources;

    LeanClient(LeanResources resources, ClientOptions options) {
        super(resources);
        this.resources = resources;
        setOptions(options);
    }

    /**
     * Blocks while it connects. The connection reconnects by itself.
     *
     * @param address where the server is, asked before each connect
     * @param nanos how long all of it may take. Its steps have limits of their own, which are of no use where the thread that would
     *     watch them does not run
     * @throws io.lettuce.core.RedisConnectionException if that fails
     */
    LeanConnection connect(RedisURI uri, Mono<SocketAddress> address, long nanos) {
        ClientOptions options = getOptions();
        LeanEndpoint endpoint = new LeanEndpoint(options, getResources());
        LeanHandshake handshake = new LeanHandshake(uri, options.getConfiguredProtocolVersion());
        LeanConnection connection = new LeanConnection(endpoint, handshake, uri.getTimeout(), resources::onEventLoop);
        ConnectionBuilder builder = uri.isSsl()
                ? SslConnectionBuilder.sslConnectionBuilder().ssl(uri)
                : ConnectionBuilder.connectionBuilder();
        builder.connection(connection)
                .clientOptions(options)
                .clientResources(getResources())
                .endpoint(endpoint)
                .commandHandler(() -> new CommandHandler(options, getResources(), endpoint))
                .connectionInitializer(handshake);
        connectionBuilder(address.doOnNext(connection::leadsTo), builder, connection.getConnectionEvents(), uri);
        ConnectionFuture<LeanConnection> opened = initializeChannelAsync(builder);
        try {
            awaitEnd(opened, nanos);
            return getConnection(opened);
        } catch (RuntimeException e) {
            connection.closeAsync();
            // Lettuce may have lost the reason.
            throw handshake.failure() == null ? e : new RedisConnectionException(e.getMessage(), handshake.failure());
        }
    }

    /** @throws RedisConnectionException if it does not end in time */
    private static void awaitEnd(ConnectionFuture<LeanConnection> opened, long nanos) {
        try {
            Waiting.uninterruptibly(opened, nanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            // Its end all the same.
        } catch (TimeoutException e) {
            opened.cancel(false);
            throw new RedisConnectionException(
                    "no connection within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms, of all its steps together");
        }
    }

    /** The address of a server that is named by the URI itself. */
    Mono<SocketAddress> addressOf(RedisURI uri) {
        return Mono.fromCallable(() -> getResources().socketAddressResolver().resolve(uri));
    }
}
