package io.idempotenttrace.core.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.redisclient.RedisConnector;
import io.idempotenttrace.core.redisclient.RedisSettings;
import io.idempotenttrace.core.redisclient.TlsFiles;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RefusedStepException;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server, or a record in it, may do to the memory of an application. */
class HostileRepliesIT {

    private static final long MOST_SENT = 100_000_000;

    private static Claim claim(String key) {
        return Claims.forAMinute(new RecordId("tenant", "hostile", key));
    }

    private static Configuration settings(String url) {
        return Configuration.defaults().with(Setting.REDIS_URL, url).with(Setting.COMMAND_TIMEOUT, "20s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*2147483647\r\n", "%1000000000\r\n", "$2147483647\r\n", "HTTP/1.1 400 Bad Request\r\n"})
    void aServerThatIsNoneIsNamed(String answer) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answerEach(server, answer), "hostile-server");
            answering.setDaemon(true);
            answering.start();
            try (IdempotencyStore store =
                    IdempotencyStores.open(settings("redis://127.0.0.1:" + server.getLocalPort()))) {
                String message = assertThrows(IdempotencyStoreException.class, () -> store.check(claim("k")))
                        .getMessage();
                assertTrue(message.contains("it sent "), message);
            }
        }
    }

    private static void answerEach(ServerSocket server, String answer) {
        try {
            while (true) {
                Socket client = server.accept();
                InputStream in = client.getInputStream();
                in.read();
                client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                client.getOutputStream().flush();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    /** Nobody asked for them, so nothing would ever take them out of memory. */
    @Test
    void repliesWithoutEndEndTheConnection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RedisConnector connector = connectorTo(server)) {
            CompletableFuture<Long> sent = CompletableFuture.supplyAsync(() -> sendWithoutEnd(server));
            connector.begin();
            assertTrue(sent.get(60, TimeUnit.SECONDS) < MOST_SENT, "the connection was closed long before");
        }
    }

    private static RedisConnector connectorTo(ServerSocket server) {
        return new RedisConnector(
                new RedisSettings(
                        "redis://127.0.0.1:" + server.getLocalPort(),
                        /* passwordFile= */ "",
                        RedisSettings.PeerVerification.FULL,
                        RedisSettings.Protocol.AUTO,
                        new TlsFiles("", "", ""),
                        /* connectTimeoutMillis= */ 2000),
                opened -> {});
    }

    /** How many bytes the client takes. */
    private static long sendWithoutEnd(ServerSocket server) {
        long taken = 0;
        try (Socket client = server.accept()) {
            client.getInputStream().read();
            client.getOutputStream()
                    .write("%3\r\n+server\r\n+redis\r\n+version\r\n+7.0.0\r\n+proto\r\n:3\r\n"
                            .getBytes(StandardCharsets.UTF_8));
            byte[] replies = "+OK\r\n".repeat(20_000).getBytes(StandardCharsets.UTF_8);
            for (; taken < MOST_SENT; taken += replies.length) {
                client.getOutputStream().write(replies);
            }
        } catch (IOException closed) {
            // As it should be.
        }
        return taken;
    }

    @Test
    void aResultAboveTheLimitIsAsIfNoneWereStored() {
        try (TestRedis redis = TestRedis.start();
                IdempotencyStore store = IdempotencyStores.open(settings(redis.url()))) {
            Claim owner = claim("k");
            store.check(owner);
            store.markCompleted(owner, new Completion("t", "1", ""));
            redis.call("HSET", owner.id().redisKey(), "result", "9".repeat(65_536));
            assertEquals("9".repeat(65_536), store.check(claim("k")).result());
            redis.call("HSET", owner.id().redisKey(), "result", "9".repeat(65_537));
            for (int i = 0; i < 20; i++) {
                ClaimResult duplicate = store.check(claim("k"));
                assertEquals(Verdict.DUPLICATE, duplicate.verdict());
                assertNull(duplicate.result());
            }
            assertNull(store.status(owner.id()).orElseThrow().fields().get("result"));
        }
    }

    @Test
    void aResultInChunksAboveTheLimitIsNotAnswered() {
        Configuration limited = settings("").with(Setting.MAX_RESULT_BYTES, "200");
        try (TestRedis redis = TestRedis.start();
                IdempotencyStore store = IdempotencyStores.open(limited.with(Setting.REDIS_URL, redis.url()))) {
            for (int length : new int[] {200, 201}) {
                Claim owner = claim("k" + length);
                store.check(owner);
                store.markCompleted(owner, new Completion("t", "7".repeat(length), ""));
                String expected = length == 200 ? "7".repeat(200) : null;
                assertEquals(expected, store.check(claim("k" + length)).result());
                assertEquals(
                        expected,
                        store.status(owner.id()).orElseThrow().fields().get("result"));
            }
        }
    }

    @Test
    void aRecordWithFieldsOfMegabytesConcernsItselfAlone() {
        try (TestRedis redis = TestRedis.start();
                IdempotencyStore store = IdempotencyStores.open(settings(redis.url()))) {
            for (String field : new String[] {"hash", "trace_id", "claim", "holder"}) {
                Claim owner = claim(field);
                store.check(owner);
                redis.call("HSET", owner.id().redisKey(), field, "9".repeat(8_000_000));
                assertThrows(RefusedStepException.class, () -> store.check(claim(field)), field);
                assertEquals(
                        Verdict.NEW, store.check(claim("other-than-" + field)).verdict());
            }
        }
    }
}
