package io.idempotenttrace.core.redisclient;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.pubsub.PubSubCommandHandler;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers of replies before Lettuce does, and closes the connection at one that no server of ours sends: a few bytes that
 * announce two thousand million elements make a decoder allocate a list for them, and an OutOfMemoryError may end the application.
 *
 * <p>It looks at announcements alone and steps over what they announce, so that a reply costs it a few nanoseconds. What it let pass
 * goes on at once: Lettuce holds a reply until it is whole, so the bounds below are what a reply can make it hold.
 */
final class ReplyLimits implements NettyCustomizer {

    /** Far above what any command here gets: of a Cluster's nodes, a claim, or the keys of one push. Of one reply in all. */
    private static final long MOST_ELEMENTS = 1 << 17;

    private static final int DEEPEST = 16;
    /** A status, an error, a number. */
    private static final int LONGEST_LINE = 1 << 16;

    private static final long FEWEST_BYTES = 4L << 20;
    private static final long MOST_BYTES = 512L << 20;
    private static final int PART_OF_THE_HEAP = 16;

    private final long mostBytes;

    ReplyLimits() {
        this(mostBytes());
    }

    /** @param mostBytes what the texts of one reply may have in all */
    ReplyLimits(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** What one reply may have, in bytes: a part of the heap, since it is held twice while it is read. */
    static long mostBytes() {
        return Math.max(FEWEST_BYTES, Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / PART_OF_THE_HEAP));
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
        ChannelHandlerContext commands = channel.pipeline().context(CommandHandler.class);
        if (commands == null) {
            channel.pipeline().addLast(new Reader(null));
        } else {
            channel.pipeline().addBefore(commands.name(), null, new Reader((CommandHandler) commands.handler()));
        }
    }

    /** All on the channel's event loop. */
    private final class Reader extends ChannelInboundHandlerAdapter {

        /** Of the lists that are open, from the outermost: how many elements are to come. */
        private final long[] left = new long[DEEPEST];

        private int depth;
        private long elements;
        private long bytes;

        /** The type of the line that is being read; 0 between two lines. */
        private byte type;

        private int lineLength;
        /** What a line of a length says so far; -1 where it stands for nothing. */
        private long number;

        /** Of a text: how many of its bytes, the line end among them, are to come. */
        private long skipped;

        private boolean refused;
        /** Null where nobody waits for replies to commands alone: messages answer none before RESP3. */
        private final @Nullable CommandHandler commands;

        private Reader(@Nullable CommandHandler commands) {
            this.commands = commands instanceof PubSubCommandHandler ? null : commands;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (refused) {
                ReferenceCountUtil.release(message);
                return;
            }
            String problem = message instanceof ByteBuf buffer ? problem(buffer) : null;
            if (problem == null) {
                context.fireChannelRead(message);
                return;
            }
            refused = true;
            ReferenceCountUtil.release(message);
            context.fireExceptionCaught(new UnusableReplyException(problem));
            context.close();
        }

        /** Null while the bytes may be a reply. */
        private @Nullable String problem(ByteBuf buffer) {
            int at = buffer.readerIndex();
            int end = buffer.writerIndex();
            if (at < end && isUnasked(buffer.getByte(at))) {
                return "a reply that nobody has asked for";
            }
            while (at < end) {
                if (skipped > 0) {
                    long step = Math.min(skipped, end - at);
                    skipped -= step;
                    at += (int) step;
                    if (skipped == 0) {
                        ended();
                    }
                    continue;
                }
                byte next = buffer.getByte(at++);
                String problem = type == 0 ? begins(next) : goesOn(next);
                if (problem != null) {
                    return problem;
                }
            }
            return null;
        }

        /** Lettuce would keep it for the next command, which would get it, and all that come after it. */
        private boolean isUnasked(byte first) {
            return commands != null
                    && type == 0
                    && skipped == 0
                    && depth == 0
                    && first != '>'
                    && commands.getStack().isEmpty();
        }

        private @Nullable String begins(byte next) {
            type = next;
            lineLength = 0;
            number = 0;
            return switch (next) {
                case '+', '-', ':', ',', '#', '_', '(', '$', '=', '!', '*', '~', '>', '%' -> null;
                default -> String.format("what is no reply of Redis: it begins with the byte 0x%02x", next);
            };
        }

        private @Nullable String goesOn(byte next) {
            if (next == '\n') {
                return lineEnded();
            }
            if (++lineLength > LONGEST_LINE) {
                return "a line of more than " + LONGEST_LINE + " bytes";
            }
            if (next == '\r' || isContent(type)) {
                return null;
            }
            if (next == '-' && lineLength == 1) {
                number = -1;
            } else if (next < '0' || next > '9' || number > Long.MAX_VALUE / 100) {
                return "a length that is no number";
            } else if (number >= 0) {
                number = number * 10 + next - '0';
            }
            return null;
        }

        /** Whether a line of that type is its own content, and announces nothing. */
        private static boolean isContent(byte type) {
            return switch (type) {
                case '$', '=', '!', '*', '~', '>', '%' -> false;
                default -> true;
            };
        }

        private @Nullable String lineEnded() {
            byte ofLine = type;
            type = 0;
            if (isContent(ofLine) || number < 0) {
                bytes += lineLength;
                ended();
                return null;
            }
            if (ofLine == '$' || ofLine == '=' || ofLine == '!') {
                bytes += number;
                if (bytes > mostBytes) {
                    return "a text of " + number + " bytes; " + mostBytes + " are allowed in a reply";
                }
                skipped = number + 2;
                return null;
            }
            elements += number;
            if (elements > MOST_ELEMENTS) {
                return "a list of " + number + " elements; " + MOST_ELEMENTS + " are allowed in a reply";
            }
            if (number == 0) {
                ended();
                return null;
            }
            if (depth == DEEPEST) {
                return "lists that are nested more than " + DEEPEST + " deep";
            }
            left[depth++] = ofLine == '%' ? 2 * number : number;
            return null;
        }

        /** An element has ended, and with it each list of which it was the last. */
        private void ended() {
            while (depth > 0 && --left[depth - 1] == 0) {
                depth--;
            }
            if (depth == 0) {
                elements = 0;
                bytes = 0;
            }
        }
    }
}
