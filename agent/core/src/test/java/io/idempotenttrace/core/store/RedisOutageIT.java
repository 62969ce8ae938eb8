package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisOutageIT {

    private static final Claim CLAIM = Claims.of(
            new RecordId("t", null, "k"),
            "a".repeat(64),
            "python",
            "",
            "0".repeat(32),
            86_400_000,
            300_000,
            30_000,
            "");

    @TempDir
    private Path folder;

    private static Configuration configuration(String url) {
        return Configuration.defaults()
                .with(Setting.REDIS_URL, url)
                .with(Setting.COMMAND_TIMEOUT, "30s")
                .with(Setting.CONNECT_TIMEOUT, "30s");
    }

    @Test
    void anUnreachableServerIsNamedWithoutItsPassword() {
        TestRedis gone = TestRedis.start();
        gone.kill();
        try (IdempotencyStore store =
                IdempotencyStores.open(configuration("redis://user:hunter2@127.0.0.1:" + gone.port()))) {
            IdempotencyStoreException failure = assertThrows(IdempotencyStoreException.class, () -> store.check(CLAIM));
            assertTrue(
                    failure.getMessage().contains("127.0.0.1:" + gone.port())
                            && failure.getMessage().contains("can't be reached"),
                    failure.getMessage());
            assertFalse(failure.getMessage().contains("hunter2"), failure.getMessage());
        }
    }

    @Test
    void aPasswordIsAskedForAndTakenFromAFile() throws Exception {
        try (TestRedis redis = TestRedis.start("--requirepass", "s3cret")) {
            try (IdempotencyStore store = IdempotencyStores.open(configuration(redis.url()))) {
                IdempotencyStoreException failure =
                        assertThrows(IdempotencyStoreException.class, () -> store.check(CLAIM));
                assertTrue(failure.getMessage().contains("redis-password-file"), failure.getMessage());
            }
            Path file = Files.writeString(folder.resolve("password"), "s3cret\n");
            try (IdempotencyStore store = IdempotencyStores.open(
                    configuration(redis.url()).with(Setting.REDIS_PASSWORD_FILE, file.toString()))) {
                assertEquals(Verdict.NEW, store.check(CLAIM).verdict());
            }
        }
    }

    @Test
    void aUserOfTheUrlGetsItsPasswordFromAFile() throws Exception {
        try (TestRedis redis = TestRedis.start()) {
            redis.call("ACL", "SETUSER", "worker", "on", ">s3cret", "~*", "&*", "+@all");
            Path file = Files.writeString(folder.resolve("password"), "s3cret\n");
            for (String protocol : List.of("auto", "resp2")) {
                try (IdempotencyStore store =
                        IdempotencyStores.open(configuration(redis.url().replace("://", "://worker:other@"))
                                .with(Setting.REDIS_PASSWORD_FILE, file.toString())
                                .with(Setting.REDIS_PROTOCOL, protocol))) {
                    assertEquals(Verdict.NEW, store.check(CLAIM).verdict(), protocol);
                    assertTrue(((String) redis.call("CLIENT", "LIST")).contains("user=worker"), protocol);
                }
            }
        }
    }

    @Test
    void aServerThatDoesNotKnowHelloIsSpokenToAsItCan() {
        try (TestRedis redis = TestRedis.start("--rename-command", "HELLO", "");
                IdempotencyStore store = IdempotencyStores.open(configuration(redis.url() + "/1"))) {
            assertEquals(Verdict.NEW, store.check(CLAIM).verdict());
            String clients = (String) redis.call("CLIENT", "LIST");
            assertTrue(
                    clients.contains("name=idempotent-trace") && clients.contains("db=1") && clients.contains("resp=2"),
                    clients);
        }
    }

    @Test
    void aCutConnectionIsMendedWithinTheCallAndTheClaimIsStillOurs() {
        try (TestRedis redis = TestRedis.start();
                IdempotencyStore store = IdempotencyStores.open(configuration(redis.url()))) {
            assertEquals(Verdict.NEW, store.check(CLAIM).verdict());
            for (int i = 0; i < 5; i++) {
                redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                assertEquals(Verdict.NEW, store.check(CLAIM).verdict());
            }
            assertEquals(Update.APPLIED, store.markCompleted(CLAIM, Completion.EMPTY));
        }
    }

    @Test
    void aServerThatIsPausedIsATimeoutThatSaysSo() {
        try (TestRedis redis = TestRedis.start();
                IdempotencyStore store = IdempotencyStores.open(configuration(redis.url())
                        .with(Setting.COMMAND_TIMEOUT, "300ms")
                        .with(Setting.CONNECT_TIMEOUT, "30s"))) {
            Await.until("connected", () -> store.status(CLAIM.id()).isEmpty());
            redis.call("CLIENT", "PAUSE", "600000");
            IdempotencyStoreException failure = assertThrows(IdempotencyStoreException.class, () -> store.check(CLAIM));
            assertTrue(
                    failure.getMessage().contains("300 ms")
                            && failure.getMessage().contains("command-timeout"),
                    failure.getMessage());
        }
    }
}
