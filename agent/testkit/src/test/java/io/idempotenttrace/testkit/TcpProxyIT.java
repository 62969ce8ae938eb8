package io.idempotenttrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyIT {

    private TestRedis redis;
    private TcpProxy proxy;

    @BeforeEach
    void start() {
        redis = TestRedis.start();
        proxy = TcpProxy.to(redis);
    }

    @AfterEach
    void stop() {
        proxy.close();
        redis.close();
    }

    private RedisConnection connect() throws IOException {
        return new RedisConnection("127.0.0.1", proxy.port());
    }

    @Test
    void repliesOfEveryShapePass() throws IOException {
        try (RedisConnection connection = connect()) {
            String text = "a\r\nb".repeat(50_000);
            assertEquals("OK", connection.call("SET", "k", text));
            assertEquals(text, connection.call("GET", "k"));
            assertNull(connection.call("GET", "absent"));
            assertEquals(3L, connection.call("RPUSH", "l", "a", "", "c"));
            assertEquals("[a, , c]", connection.call("LRANGE", "l", "0", "-1").toString());
            assertThrows(IOException.class, () -> connection.call("INCR", "k"));
            assertEquals(
                    "[[1, [a]], null]",
                    connection.call("EVAL", "return {{1, {'a'}}, false}", "0").toString());
        }
    }

    @Test
    void aCommandIsCutBeforeOrAfterItRan() throws IOException {
        TcpProxy.Fault before = proxy.cutBeforeSending(1, command -> command.equals("INCR a"));
        TcpProxy.Fault after = proxy.cutReply(1, command -> command.equals("INCR b"));
        try (RedisConnection connection = connect()) {
            assertThrows(IOException.class, () -> connection.call("INCR", "a"));
        }
        try (RedisConnection connection = connect()) {
            assertThrows(IOException.class, () -> connection.call("INCR", "b"));
        }
        assertEquals(1, before.struck());
        assertEquals(1, after.struck());
        try (RedisConnection connection = connect()) {
            assertEquals(1L, connection.call("INCR", "a"));
            assertEquals(2L, connection.call("INCR", "b"));
        }
    }

    @Test
    void aReplyIsReplacedAndTheNextOneIsNot() throws IOException {
        proxy.replaceReply(1, "LOADING Redis is loading the dataset in memory", command -> command.startsWith("INCR"));
        try (RedisConnection connection = connect()) {
            IOException loading = assertThrows(IOException.class, () -> connection.call("INCR", "a"));
            assertTrue(loading.getMessage().startsWith("LOADING"));
            assertEquals(2L, connection.call("INCR", "a"));
        }
    }

    @Test
    void aKeptReplyLeavesItsConnectionSilentAndOthersNot() throws IOException {
        proxy.keepReply(1, command -> command.equals("INCR a"));
        try (RedisConnection mute = connect();
                RedisConnection other = connect()) {
            mute.timeout(300);
            assertThrows(SocketTimeoutException.class, () -> mute.call("INCR", "a"));
            Await.until("Redis has run it", () -> "1".equals(redis.call("GET", "a")));
            assertEquals(2L, other.call("INCR", "a"));
        }
    }

    @Test
    void repliesAreDelayedSilencedRefusedAndHealed() throws IOException {
        try (RedisConnection connection = connect()) {
            proxy.delayReplies(200);
            long begun = System.nanoTime();
            connection.call("PING");
            assertTrue(System.nanoTime() - begun >= 200_000_000L);
            proxy.beSilent();
            connection.timeout(300);
            assertThrows(SocketTimeoutException.class, () -> connection.call("PING"));
        }
        proxy.refuse();
        // One that slips in while the listener closes is cut.
        assertThrows(IOException.class, () -> {
            try (RedisConnection late = connect()) {
                late.call("PING");
            }
        });
        proxy.heal();
        try (RedisConnection connection = connect()) {
            assertEquals("PONG", connection.call("PING"));
            proxy.cutAll();
            assertThrows(IOException.class, () -> connection.call("PING"));
        }
    }
}
