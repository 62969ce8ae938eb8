package io.idempotenttrace.core.redisclient;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ConnectionInitializer;
import io.lettuce.core.protocol.ProtocolVersion;
import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What is said to a server first, at each connect and reconnect: HELLO, which chooses RESP3, names the user and the client and tells what
 * the server is; where RESP2 is asked for, or the server knows nothing else, AUTH. Then the database is selected.
 */
final class LeanHandshake implements ConnectionInitializer {

    private final RedisURI uri;
    /** Null for RESP3 where the server knows it. */
    private final @Nullable ProtocolVersion protocol;

    private volatile ServerHello hello = ServerHello.UNKNOWN;
    private volatile @Nullable Throwable failure;

    /**
     * @param uri with credentials that are at hand
     * @param protocol null for RESP3 where the server knows it
     */
    LeanHandshake(RedisURI uri, @Nullable ProtocolVersion protocol) {
        this.uri = uri;
        this.protocol = protocol;
    }

    ServerHello hello() {
        return hello;
    }

    @Override
    public CompletionStage<Void> initialize(Channel channel) {
        CompletableFuture<ServerHello> greeted;
        try {
            greeted = greet(channel);
        } catch (RuntimeException unreadable) {
            // The password file: it is being replaced, or gone.
            failure = unreadable;
            return CompletableFuture.failedFuture(unreadable);
        }
        return greeted.thenCompose(said -> {
                    hello = said;
                    return selectDatabase(channel);
                })
                .whenComplete((done, failed) -> failure = failed);
    }

    private CompletableFuture<ServerHello> greet(Channel channel) {
        RedisCredentials credentials =
                ((ImmediateRedisCredentialsProvider) uri.getCredentialsProvider()).resolveCredentialsNow();
        return protocol == ProtocolVersion.RESP2 ? resp2(channel, credentials) : resp3(channel, credentials);
    }

    /** Why the last one failed; null if it did not. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    private CompletableFuture<ServerHello> resp3(Channel channel, RedisCredentials credentials) {
        CommandArgs<byte[], byte[]> arguments = ServerCommands.arguments().add(3);
        if (credentials.hasPassword()) {
            arguments
                    .add("AUTH")
                    .add(credentials.hasUsername() ? credentials.getUsername() : "default")
                    .add(credentials.getPassword());
        }
        if (uri.getClientName() != null) {
            arguments.add("SETNAME").add(uri.getClientName());
        }
        CompletableFuture<ServerHello> greeted = send(channel, CommandType.HELLO, ServerCommands.replies(), arguments)
                .thenApply(ServerHello::of);
        return protocol != null
                ? greeted
                : greeted.handle((said, failure) -> failure == null
                                ? greeted
                                : RedisFailure.speaksOnlyResp2(failure) ? resp2(channel, credentials) : greeted)
                        .thenCompose(answered -> answered);
    }

    private CompletableFuture<ServerHello> resp2(Channel channel, RedisCredentials credentials) {
        return authenticate(channel, credentials)
                // The rest is good to know; who may not ask, or asks an old server, goes on without.
                .thenCompose(ready -> uri.getClientName() == null
                        ? CompletableFuture.completedFuture(null)
                        : send(
                                        channel,
                                        CommandType.CLIENT,
                                        ServerCommands.status(),
                                        ServerCommands.arguments()
                                                .add("SETNAME")
                                                .add(uri.getClientName()))
                                .exceptionally(refused -> null))
                .thenCompose(
                        named -> send(channel, CommandType.HELLO, ServerCommands.replies(), ServerCommands.arguments()))
                .handle((said, failure) -> failure == null ? ServerHello.of(said) : ServerHello.UNKNOWN);
    }

    private CompletableFuture<String> authenticate(Channel channel, RedisCredentials credentials) {
        if (!credentials.hasPassword()) {
            // Tells at once if the server wants a password.
            return send(channel, CommandType.PING, ServerCommands.status(), ServerCommands.arguments());
        }
        CommandArgs<byte[], byte[]> arguments = ServerCommands.arguments();
        if (credentials.hasUsername()) {
            arguments.add(credentials.getUsername());
        }
        return send(channel, CommandType.AUTH, ServerCommands.status(), arguments.add(credentials.getPassword()));
    }

    private CompletableFuture<Void> selectDatabase(Channel channel) {
        return uri.getDatabase() == 0
                ? CompletableFuture.completedFuture(null)
                : send(
                                channel,
                                CommandType.SELECT,
                                ServerCommands.status(),
                                ServerCommands.arguments().add(uri.getDatabase()))
                        .thenApply(selected -> null);
    }

    private static <T> CompletableFuture<T> send(
            Channel channel,
            CommandType type,
            CommandOutput<byte[], byte[], T> output,
            CommandArgs<byte[], byte[]> arguments) {
        AsyncCommand<byte[], byte[], T> command = new AsyncCommand<>(new Command<>(type, output, arguments));
        channel.writeAndFlush(command).addListener(written -> {
            if (!written.isSuccess()) {
                command.completeExceptionally(written.cause());
            }
        });
        return command;
    }
}
