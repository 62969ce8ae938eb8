package io.idempotenttrace.core.redisclient;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/** A connection over which messages of channels are heard. The client reconnects it by itself. Safe for use by many threads. */
public final class ChannelMessages {

    private final StatefulRedisPubSubConnection<byte[], byte[]> connection;
    private final boolean sharded;
    /** Commands are handed over, for the reason of {@link HandedCommand}. */
    private final Executor writing;

    private final CompletableFuture<RedisPubSubAsyncCommands<byte[], byte[]>> commands;

    ChannelMessages(
            StatefulRedisPubSubConnection<byte[], byte[]> connection,
            boolean sharded,
            Executor writing,
            BiConsumer<byte[], byte[]> received) {
        this.connection = connection;
        this.sharded = sharded;
        this.writing = writing;
        this.commands = CompletableFuture.completedFuture(connection.async());
        connection.addListener(new RedisPubSubAdapter<byte[], byte[]>() {
            @Override
            public void message(byte[] channel, byte[] content) {
                received.accept(channel, content);
            }

            @Override
            public void smessage(byte[] channel, byte[] content) {
                received.accept(channel, content);
            }
        });
    }

    /** @return completes once the server sends the channel's messages; fails if it does not */
    public CompletableFuture<Void> subscribe(byte[] channel) {
        return commands.thenComposeAsync(
                async -> sharded ? async.ssubscribe(channel) : async.subscribe(channel), writing);
    }

    /** The end of {@link #subscribe}; nobody waits for it. */
    public void unsubscribe(byte[] channel) {
        commands.thenAcceptAsync(
                async -> {
                    if (sharded) {
                        async.sunsubscribe(channel);
                    } else {
                        async.unsubscribe(channel);
                    }
                },
                writing);
    }

    /** Closes the connection, without waiting for it. */
    public void close() {
        connection.closeAsync();
    }
}
