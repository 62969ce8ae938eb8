package io.idempotenttrace.core.store.redis;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;

/**
 * Lets commands that wait together travel together: of the flushes that stand in the event loop's queue, or come up while replies
 * are read, one is made. A command that waits alone goes at once.
 */
final class FlushTogether implements NettyCustomizer {

    private static final int MOST_COMMANDS_IN_A_FLUSH = 256;

    @Override
    public void afterChannelInitialized(Channel channel) {
        channel.pipeline().addFirst(new FlushConsolidationHandler(MOST_COMMANDS_IN_A_FLUSH, /* consolidateWhenNoReadInProgress= */ true));
    }
}
