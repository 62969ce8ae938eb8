package io.idempotenttrace.core.redisclient;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.push.PushListener;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A connection to one server, without Lettuce's three interfaces to every command there is. Safe for use by many threads. */
final class LeanConnection extends RedisChannelHandler<byte[], byte[]>
        implements StatefulConnection<byte[], byte[]>, ServerCommands.Sender {

    private final LeanEndpoint endpoint;
    private final LeanHandshake handshake;
    private final Executor whileNotConnected;
    private final ServerCommands commands = new ServerCommands(this);
    /** As it was named when it was last connected; null before. */
    private volatile @Nullable SocketAddress server;

    /** @param whileNotConnected takes commands while there is no channel whose thread could */
    LeanConnection(LeanEndpoint endpoint, LeanHandshake handshake, Duration timeout, Executor whileNotConnected) {
        super(endpoint, timeout);
        this.endpoint = endpoint;
        this.handshake = handshake;
        this.whileNotConnected = whileNotConnected;
    }

    @Override
    public <T> CompletableFuture<T> send(
            ProtocolKeyword command, CommandOutput<byte[], byte[], T> output, CommandArgs<byte[], byte[]> arguments) {
        Channel channel = endpoint.channel();
        Executor thread = channel == null ? whileNotConnected : channel.eventLoop();
        return HandedCommand.send(thread, sent -> write(channel, sent), command, output, arguments);
    }

    /** On the channel's own thread. What was written is ended by its reply, or by Lettuce where the channel closes. */
    private void write(@Nullable Channel channel, HandedCommand<?> command) {
        if (channel == null || !channel.isActive()) {
            if (handshake.failure() != null) {
                command.completeExceptionally(new RedisException("not connected", handshake.failure()));
                return;
            }
            // To be rejected.
            dispatch(command);
            if (endpoint.isClosed()) {
                // It may have been queued just after a close had emptied the queue: nobody would ever end it.
                command.completeExceptionally(new RedisException("the connection was closed"));
            }
            return;
        }
        channel.writeAndFlush(command).addListener(written -> {
            if (!written.isSuccess()) {
                command.completeExceptionally(written.cause());
            }
        });
    }

    void leadsTo(SocketAddress named) {
        server = named;
    }

    /** The server, as it was named when this was last connected; null before. */
    @Nullable
    SocketAddress server() {
        return server;
    }

    ServerCommands commands() {
        return commands;
    }

    /** What the server said when the connection was opened last. */
    ServerHello hello() {
        return handshake.hello();
    }

    /** @param listener told of what the server pushes, on the connection's own thread */
    void addPushListener(PushListener listener) {
        endpoint.addListener(listener);
    }

    @Override
    public RedisCodec<byte[], byte[]> getCodec() {
        return ByteArrayCodec.INSTANCE;
    }

    @Override
    public <T> RedisCommand<byte[], byte[], T> dispatch(RedisCommand<byte[], byte[], T> command) {
        return super.dispatch(command);
    }

    @Override
    public Collection<RedisCommand<byte[], byte[], ?>> dispatch(
            Collection<? extends RedisCommand<byte[], byte[], ?>> commands) {
        return super.dispatch(commands);
    }
}
