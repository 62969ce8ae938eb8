package io.idempotenttrace.core.redisclient;

import io.lettuce.core.RedisException;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.nio.AbstractNioChannel;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The channels that are open. Netty tells nobody of a channel whose thread has ended by an Error: it stays open, and the commands that
 * were sent over it wait for replies that nobody reads. Safe for use by many threads.
 */
final class OpenChannels implements NettyCustomizer {

    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();

    @Override
    public void afterChannelInitialized(Channel channel) {
        channels.add(channel);
        channel.closeFuture().addListener(closed -> channels.remove(channel));
    }

    /**
     * Fails what waits on channels whose thread has ended, and closes them. Not to be called once the client's threads were told to end:
     * they do this themselves.
     */
    synchronized void endThoseWithoutThread() {
        channels.removeIf(OpenChannels::endsWithoutThread);
    }

    private static boolean endsWithoutThread(Channel channel) {
        if (!channel.isRegistered() || !channel.eventLoop().isShuttingDown()) {
            return false;
        }
        CommandHandler sent = channel.pipeline().get(CommandHandler.class);
        if (sent != null) {
            RedisException ended =
                    new RedisException("the thread of the Redis client that served the connection has ended");
            for (RedisCommand<?, ?, ?> command : sent.drainQueue()) {
                command.completeExceptionally(ended);
            }
        }
        closeSocket(channel);
        return true;
    }

    /** Netty itself closes it on the channel's thread alone. */
    private static void closeSocket(Channel channel) {
        if (channel.unsafe() instanceof AbstractNioChannel.NioUnsafe nio) {
            try {
                nio.ch().close();
            } catch (IOException e) {
                // It is of no use any more.
            }
        }
    }
}
