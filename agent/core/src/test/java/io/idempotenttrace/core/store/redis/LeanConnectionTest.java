package io.idempotenttrace.core.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.TestRedis;
import io.lettuce.core.RedisFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class LeanConnectionTest {

    private static final int COMMANDS = 60_000;
    /** More than the sockets of both sides take. */
    private static final int MOST_IN_SOCKETS = 20_000;

    private static RedisConnector connectorTo(TestRedis redis) {
        return new RedisConnector(Configuration.defaults().with(Setting.REDIS_URL, redis.url()), opened -> { });
    }

    @Test
    void aServerThatStandsStillHoldsABoundedNumberOfCommands() {
        byte[] kilobyte = new byte[1024];
        try (TestRedis redis = TestRedis.start(); RedisConnector connector = connectorTo(redis)) {
            LeanConnection connection = connector.openServerConnection();
            redis.pause();
            List<RedisFuture<List<Object>>> sent = new ArrayList<>();
            for (int i = 0; i < COMMANDS; i++) {
                sent.add(connection.commands().eval("return {1}", new byte[0][], kilobyte));
            }
            Await.until("those above the bound have failed",
                    () -> failed(sent) >= COMMANDS - MOST_IN_SOCKETS - RedisConnector.REQUEST_QUEUE);
            RedisFuture<?> last = sent.get(COMMANDS - 1);
            Throwable refused = assertThrows(ExecutionException.class, last::get).getCause();
            assertTrue(refused.getMessage().contains("" + RedisConnector.REQUEST_QUEUE), refused.getMessage());
            long failed = failed(sent);
            redis.resume();
            Await.until("the others are answered", () -> sent.stream().allMatch(RedisFuture::isDone));
            assertEquals(failed, failed(sent));
        }
    }

    private static long failed(List<? extends RedisFuture<?>> sent) {
        return sent.stream().map(RedisFuture::toCompletableFuture).filter(CompletableFuture::isCompletedExceptionally).count();
    }

    @Test
    void whatIsSentOverAClosedConnectionFails() throws Exception {
        try (TestRedis redis = TestRedis.start(); RedisConnector connector = connectorTo(redis)) {
            LeanConnection connection = connector.openServerConnection();
            List<RedisFuture<String>> sent = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                sent.add(connection.commands().info("server"));
                if (i == 500) {
                    connection.closeAsync();
                }
            }
            Await.until("each has ended", () -> sent.stream().allMatch(RedisFuture::isDone));
            assertThrows(ExecutionException.class, sent.get(999)::get);
        }
    }
}
