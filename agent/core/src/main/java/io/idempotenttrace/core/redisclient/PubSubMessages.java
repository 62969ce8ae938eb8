package io.idempotenttrace.core.redisclient;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/** Messages over Lettuce's connection for them. Safe for use by many threads. */
final class PubSubMessages implements ChannelMessages {

    private final StatefulRedisPubSubConnection<byte[], byte[]> connection;
    private final boolean sharded;
    /** Commands are handed over, for the reason of {@link HandedCommand}. */
    private final Executor writing;

    private final CompletableFuture<RedisPubSubAsyncCommands<byte[], byte[]>> commands;

    PubSubMessages(
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

    @Override
    public CompletableFuture<Void> subscribe(byte[] channel) {
        return commands.thenComposeAsync(
                async -> sharded ? async.ssubscribe(channel) : async.subscribe(channel), writing);
    }

    @Override
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

    @Override
    public void close() {
        connection.closeAsync();
    }
}
