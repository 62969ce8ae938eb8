package io.idempotenttrace.core.redisclient;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.flush.FlushConsolidationHandler;
import org.jspecify.annotations.Nullable;

/**
 * Lets commands that wait together travel together: of the flushes that come up while replies are read, or stand in the event loop's
 * queue while many commands are on their way, one is made. A command that waits alone goes at once.
 */
final class FlushTogether implements NettyCustomizer {

    private static final int MOST_COMMANDS_IN_A_FLUSH = 256;
    /**
     * Up to so many on their way, a command goes at once also where others stand behind it: else the commands of a few threads go back
     * and forth as one, and the server idles while they are made.
     */
    private static final int FEW_COMMANDS = 16;

    @Override
    public void afterChannelInitialized(Channel channel) {
        channel.pipeline().addFirst(new Handler());
    }

    /** All on the channel's event loop. */
    private static final class Handler extends FlushConsolidationHandler {

        /** Null until it is first needed, or where the channel has none. */
        private @Nullable CommandHandler commands;

        private boolean reading;

        private Handler() {
            super(MOST_COMMANDS_IN_A_FLUSH, /* consolidateWhenNoReadInProgress= */ true);
        }

        @Override
        public void flush(ChannelHandlerContext context) throws Exception {
            if (reading || onTheirWay(context) > FEW_COMMANDS) {
                super.flush(context);
            } else {
                context.flush();
            }
        }

        private int onTheirWay(ChannelHandlerContext context) {
            if (commands == null) {
                commands = context.pipeline().get(CommandHandler.class);
            }
            return commands == null ? 0 : commands.getStack().size();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            reading = true;
            super.channelRead(context, message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) throws Exception {
            reading = false;
            super.channelReadComplete(context);
        }
    }
}
