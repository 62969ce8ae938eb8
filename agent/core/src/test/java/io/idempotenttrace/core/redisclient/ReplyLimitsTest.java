package io.idempotenttrace.core.redisclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server sends is looked at by its headers, before anything is made of it. */
class ReplyLimitsTest {

    private static final int MOST_BYTES = 1000;
    private static final String HUNDRED = "$100\r\n" + "x".repeat(100) + "\r\n";

    private final EmbeddedChannel channel = new EmbeddedChannel();

    ReplyLimitsTest() {
        new ReplyLimits(MOST_BYTES).afterChannelInitialized(channel);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private String refusalOf(String reply) {
        UnusableReplyException refused = assertThrows(UnusableReplyException.class, () -> {
            channel.writeInbound(bytes(reply.substring(0, reply.length() / 2)));
            channel.writeInbound(bytes(reply.substring(reply.length() / 2)));
        });
        assertFalse(channel.isOpen(), "the connection is closed");
        return refused.getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*2147483647\r\n", "%1000000000\r\n", "~200000\r\n", ">200000\r\n", "*2\r\n*100000\r\n"})
    void aListThatIsTooLongIsRefusedByItsHeader(String header) {
        String reply = header.startsWith("*2\r") ? header + ":1\r\n".repeat(100_000) + "*100000\r\n" : header;
        assertTrue(refusalOf(reply).contains("elements"), reply);
    }

    @Test
    void aTextThatIsTooLongIsRefusedByItsHeader() {
        assertEquals("it sent a text of 2147483647 bytes; 1000 are allowed in a reply", refusalOf("$2147483647\r\n"));
    }

    @Test
    void manyTextsCountTogether() {
        assertTrue(refusalOf("*20\r\n" + HUNDRED.repeat(10) + "$1\r\nx\r\n").contains("a text of 1 bytes"));
    }

    @Test
    void listsThatAreNestedTooDeepAreRefused() {
        assertTrue(refusalOf("*1\r\n".repeat(17)).contains("nested"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 400 Bad Request\r\n",
                "\u0015\u0003\u0001",
                "*x\r\n",
                "$?\r\n",
                "*99999999999999999999\r\n"
            })
    void whatIsNoReplyIsRefused(String garbage) {
        refusalOf(garbage);
    }

    @Test
    void aLineWithoutEndIsRefused() {
        assertTrue(refusalOf("+" + "x".repeat(100_000)).contains("line"));
    }

    @Test
    void whatCommandsGetPassesWhereverItIsCut() {
        String replies = "+OK\r\n-NOSCRIPT no such script\r\n:12\r\n$-1\r\n$0\r\n\r\n*-1\r\n*0\r\n_\r\n#t\r\n,1.5\r\n"
                + "%2\r\n$6\r\nserver\r\n$5\r\nredis\r\n+proto\r\n:3\r\n"
                + ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n"
                + "*3\r\n*2\r\n:1\r\n*0\r\n$4\r\n\r\n\r\n\r\n~1\r\n=5\r\ntxt:x\r\n" + HUNDRED;
        for (int round = 0; round < 300; round++) {
            for (int size : new int[] {1, 2, 3, 7, replies.length()}) {
                for (int at = 0; at < replies.length(); at += size) {
                    channel.writeInbound(bytes(replies.substring(at, Math.min(replies.length(), at + size))));
                }
            }
        }
        assertTrue(channel.isOpen(), "each reply counts by itself");
    }
}
