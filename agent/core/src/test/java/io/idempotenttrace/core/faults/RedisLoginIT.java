package io.idempotenttrace.core.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.MissingRightException;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.testkit.RedisConnection;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** User and password: which are used, and that a new password is found. */
class RedisLoginIT {

    @TempDir
    private Path folder;

    private Verdict claim(IdempotencyStore store, String key) {
        return store.check(Claims.of(
                        new RecordId("tenant", "login", key),
                        "a".repeat(64),
                        "python",
                        "",
                        "0".repeat(31) + key,
                        60_000,
                        60_000,
                        60_000,
                        ""))
                .verdict();
    }

    private IdempotencyStore open(String url, Path passwordFile, String protocol) {
        return IdempotencyStores.open(Configuration.defaults()
                .with(Setting.REDIS_URL, url)
                .with(Setting.REDIS_PROTOCOL, protocol)
                .with(Setting.REDIS_PASSWORD_FILE, passwordFile.toString())
                .with(Setting.COMMAND_TIMEOUT, "20s"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "resp2"})
    void aPasswordThatWasReplacedIsReadAnew(String protocol) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "first\n");
        try (TestRedis redis = TestRedis.start("--requirepass", "first");
                IdempotencyStore store = open(redis.url(), file, protocol)) {
            assertEquals(Verdict.NEW, claim(store, "1"));
            Files.writeString(file, "second\n");
            try (RedisConnection operator = redis.connect()) {
                operator.call("AUTH", "first");
                operator.call("CONFIG", "SET", "requirepass", "second");
                operator.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            }
            assertEquals(Verdict.NEW, claim(store, "2"));
            assertEquals(Verdict.IN_PROGRESS.name(), claimOfAnother(store, "1"));
        }
    }

    private static String claimOfAnother(IdempotencyStore store, String key) {
        return store.check(Claims.of(
                        new RecordId("tenant", "login", key),
                        "a".repeat(64),
                        "python",
                        "",
                        "f".repeat(32),
                        60_000,
                        60_000,
                        60_000,
                        ""))
                .verdict()
                .name();
    }

    @Test
    void theUrlNamesTheUserOfTheFilesPassword() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "s3cret\n");
        try (TestRedis redis = TestRedis.start()) {
            redis.call("ACL", "SETUSER", "s/me", "on", ">s3cret", "~*", "&*", "+@all");
            redis.call("ACL", "SETUSER", "default", "off");
            try (IdempotencyStore store = open(redis.url().replace("://", "://s%2Fme@"), file, "auto")) {
                assertEquals(Verdict.NEW, claim(store, "1"));
            }
        }
    }

    /** Others are allowed: nothing is away. */
    @Test
    void aKeyThatTheUserMayNotTouchIsAMissingRight() {
        try (TestRedis redis = TestRedis.start()) {
            redis.call("ACL", "SETUSER", "of-one-tenant", "on", ">s3cret", "~idem:tenant*", "&*", "+@all");
            redis.call("ACL", "SETUSER", "without-scripts-rights", "on", ">s3cret", "~*", "&*", "+@all", "-hset");
            try (IdempotencyStore store =
                    open(redis.url().replace("://", "://of-one-tenant:s3cret@"), Path.of(""), "auto")) {
                assertEquals(Verdict.NEW, claim(store, "1"));
                assertThrows(MissingRightException.class, () -> store.status(new RecordId("another", "login", "1")));
            }
            try (IdempotencyStore store =
                    open(redis.url().replace("://", "://without-scripts-rights:s3cret@"), Path.of(""), "auto")) {
                assertThrows(MissingRightException.class, () -> claim(store, "2"));
            }
        }
    }
}
