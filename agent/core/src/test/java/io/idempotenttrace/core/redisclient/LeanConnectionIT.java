package io.idempotenttrace.core.redisclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.TestRedis;
import io.lettuce.core.RedisException;
import io.lettuce.core.resource.Transports;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import io.netty.util.concurrent.EventExecutor;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeanConnectionIT {

    private static final int COMMANDS = 60_000;
    /** More than the sockets of both sides take. */
    private static final int MOST_IN_SOCKETS = 20_000;

    private static RedisConnector connectorTo(TestRedis redis) {
        return new RedisConnector(
                new RedisSettings(
                        redis.url(),
                        /* passwordFile= */ "",
                        RedisSettings.PeerVerification.FULL,
                        RedisSettings.Protocol.AUTO,
                        new TlsFiles("", "", ""),
                        /* connectTimeoutMillis= */ 30_000),
                opened -> {});
    }

    @Test
    void aServerThatStandsStillHoldsABoundedNumberOfCommands() {
        byte[] kilobyte = new byte[1024];
        try (TestRedis redis = TestRedis.start();
                RedisConnector connector = connectorTo(redis)) {
            LeanConnection connection = connector.openServerConnection();
            redis.pause();
            List<CompletableFuture<List<Object>>> sent = new ArrayList<>();
            for (int i = 0; i < COMMANDS; i++) {
                sent.add(connection.commands().eval("return {1}", new byte[0][], kilobyte));
            }
            Await.until(
                    "those above the bound have failed",
                    () -> failed(sent) >= COMMANDS - MOST_IN_SOCKETS - RedisConnector.REQUEST_QUEUE);
            CompletableFuture<?> last = sent.get(COMMANDS - 1);
            Throwable refused =
                    assertThrows(ExecutionException.class, last::get).getCause();
            assertTrue(refused.getMessage().contains("" + RedisConnector.REQUEST_QUEUE), refused.getMessage());
            long failed = failed(sent);
            redis.resume();
            Await.until("the others are answered", () -> sent.stream().allMatch(CompletableFuture::isDone));
            assertEquals(failed, failed(sent));
        }
    }

    private static long failed(List<? extends CompletableFuture<?>> sent) {
        return sent.stream().filter(CompletableFuture::isCompletedExceptionally).count();
    }

    @Test
    void whatIsSentOverAClosedConnectionFails() throws Exception {
        try (TestRedis redis = TestRedis.start();
                RedisConnector connector = connectorTo(redis)) {
            LeanConnection connection = connector.openServerConnection();
            List<CompletableFuture<String>> sent = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                sent.add(connection.commands().info("server"));
                if (i == 500) {
                    connection.closeAsync();
                }
            }
            Await.until("each has ended", () -> sent.stream().allMatch(CompletableFuture::isDone));
            assertThrows(ExecutionException.class, sent.get(999)::get);
        }
    }

    @Test
    void threadsThatDiedAreReplacedByTheNextConnect() throws Exception {
        try (TestRedis redis = TestRedis.start();
                RedisConnector connector = connectorTo(redis)) {
            RedisLink first = connector.begin().get();
            connector
                    .clients()
                    .resources()
                    .eventExecutorGroup()
                    .shutdownGracefully(0, 0, TimeUnit.SECONDS)
                    .get();
            connector.replace(first);
            Await.until("another connection is there", () -> connector.begin().isDone() && connector.link() != null);
            RedisLink second = connector.begin().get();
            assertTrue(second.commands().info("server").get().contains("redis_version"));
            connector.later(() -> {}, 1);
        }
    }

    /** An Error outside of a task or a handler ends a thread of Netty's; its channels stay open, and nobody is told. */
    @Test
    void aThreadThatEndsByAnErrorIsReplacedAtOnceAndWhatItServedIsTold() throws Exception {
        try (TestRedis redis = TestRedis.start();
                RedisConnector connector = connectorTo(redis)) {
            RedisLink first = connector.begin().get();
            redis.pause();
            CompletableFuture<String> waiting = first.commands().info("server");
            for (EventExecutor thread : connector
                    .clients()
                    .resources()
                    .eventLoopGroupProvider()
                    .allocate(Transports.eventLoopGroupClass())) {
                endByAnError((IoEventLoop) thread);
            }
            // By the end of its own thread, or as the client is closed for the end of the other one.
            assertInstanceOf(
                    RedisException.class,
                    assertThrows(ExecutionException.class, () -> waiting.get(60, TimeUnit.SECONDS))
                            .getCause());
            redis.resume();
            Await.until("another connection is there", () -> connector.link() != null);
            RedisLink second = connector.begin().get();
            assertNotSame(first, second);
            assertTrue(second.commands().info("server").get().contains("redis_version"));
        }
    }

    @Test
    void aTimerThatEndsIsReplacedAtOnce() throws Exception {
        try (TestRedis redis = TestRedis.start();
                RedisConnector connector = connectorTo(redis)) {
            RedisLink first = connector.begin().get();
            connector.clients().resources().timer().stop();
            Await.until("another connection is there", () -> connector.link() != null && connector.link() != first);
            assertTrue(connector.begin().get().commands().info("server").get().contains("redis_version"));
        }
    }

    private static void endByAnError(IoEventLoop thread) throws Exception {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        thread.register(new NioIoHandle() {
                    @Override
                    public SelectableChannel selectableChannel() {
                        return pipe.source();
                    }

                    @Override
                    public void handle(IoRegistration registration, IoEvent event) {
                        throw new OutOfMemoryError("while a thread of Netty's reads");
                    }

                    @Override
                    public void close() {}
                })
                .get()
                .submit(NioIoOps.READ);
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
    }
}
