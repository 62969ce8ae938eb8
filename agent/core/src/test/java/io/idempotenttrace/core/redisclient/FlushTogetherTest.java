package io.idempotenttrace.core.redisclient;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.resource.Delay;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlushTogetherTest {

    private final LeanResources resources =
            new LeanResources(Delay.constant(Duration.ofSeconds(1)), new FlushTogether(), () -> {});
    private final CommandHandler commands =
            new CommandHandler(ClientOptions.create(), resources, new LeanEndpoint(ClientOptions.create(), resources));
    /** What is queued on its event loop runs when the test says so. */
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private int flushes;

    @BeforeEach
    void connect() {
        channel.pipeline()
                .addLast(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext context, Object message) {
                                // In place of the replies' decoder: three commands are written on what was read.
                                flush(3);
                            }
                        },
                        commands);
        resources.nettyCustomizer().afterChannelInitialized(channel);
        // Where the socket is.
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext context) {
                flushes++;
                context.flush();
            }
        });
    }

    @AfterEach
    void close() {
        channel.close();
        resources.shutdown();
    }

    private void onTheirWay(int count) {
        commands.getStack().clear();
        for (int i = 0; i < count; i++) {
            commands.getStack().add(new Command<>(CommandType.PING, new StatusOutput<>(ByteArrayCodec.INSTANCE)));
        }
    }

    private void flush(int times) {
        for (int i = 0; i < times; i++) {
            channel.pipeline().flush();
        }
    }

    @Test
    void ofFewCommandsEachGoesAtOnce() {
        onTheirWay(16);
        flush(3);
        assertEquals(3, flushes);
    }

    @Test
    void ofManyThoseGoTogetherThatStandInTheQueue() {
        onTheirWay(17);
        flush(3);
        assertEquals(0, flushes);
        channel.runPendingTasks();
        assertEquals(1, flushes);
        // At most so many at once.
        flush(256);
        assertEquals(2, flushes);
    }

    @Test
    void whatIsWrittenWhileRepliesAreReadGoesTogether() {
        for (int count : new int[] {1, 100}) {
            onTheirWay(count);
            flushes = 0;
            channel.pipeline().fireChannelRead(Unpooled.EMPTY_BUFFER);
            channel.pipeline().fireChannelRead(Unpooled.EMPTY_BUFFER);
            assertEquals(0, flushes);
            channel.pipeline().fireChannelReadComplete();
            assertEquals(1, flushes);
        }
        onTheirWay(1);
        flush(1);
        assertEquals(2, flushes);
    }
}
