package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results that are encrypted in Redis: workers with other keys, and with none, meet them; and people change them there. */
class EncryptedResultsIT {

    private static final String FIRST = "first=" + key(1);
    private static final String SECOND = "second=" + key(2);
    private static final String SECRET = "{\"card\":\"4111\"}";

    @TempDir
    Path folder;

    private final String tenant = "test-" + UUID.randomUUID();
    private final List<String> said = new CopyOnWriteArrayList<>();

    private static String key(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return Base64.getEncoder().encodeToString(key);
    }

    /** @param lines of the file with keys; none for a worker without such a file */
    private IdempotencyStore store(String... lines) throws IOException {
        return store(Map.of(), lines);
    }

    private IdempotencyStore store(Map<Setting, String> settings, String... lines) throws IOException {
        Configuration configuration = Configuration.defaults()
                .with(Setting.REDIS_URL, TestRedis.shared().url())
                .with(Setting.COMMAND_TIMEOUT, "30s")
                .with(Setting.DUPLICATE_CACHE_BYTES, "0")
                .with(Setting.LOG_PERIOD, "1h");
        if (lines.length > 0) {
            Path file = Files.write(folder.resolve(UUID.randomUUID() + ".keys"), List.of(lines));
            configuration = configuration.with(Setting.RESULT_KEY_FILE, file.toString());
        }
        for (Map.Entry<Setting, String> setting : settings.entrySet()) {
            configuration = configuration.with(setting.getKey(), setting.getValue());
        }
        return IdempotencyStores.open(configuration, warning -> {
            // How this Redis is set up is of no interest here.
            if (warning.contains("stored result")) {
                said.add(warning);
            }
        });
    }

    private RecordId id(String key) {
        return new RecordId(tenant, "scope", key);
    }

    private void complete(IdempotencyStore store, String key, String result) {
        Claim claim = Claims.forAMinute(id(key));
        assertEquals(Verdict.NEW, store.check(claim).verdict());
        assertEquals(Update.APPLIED, store.markCompleted(claim, new Completion("", result, "")));
    }

    private String duplicate(IdempotencyStore store, String key) {
        ClaimResult answer = store.check(Claims.forAMinute(id(key)));
        assertEquals(Verdict.DUPLICATE, answer.verdict());
        assertEquals(
                answer.result(), store.status(id(key)).orElseThrow().fields().get("result"));
        return answer.result();
    }

    private Object call(String command, String key, String... more) {
        String[] all = new String[more.length + 2];
        all[0] = command;
        all[1] = id(key).redisKey();
        System.arraycopy(more, 0, all, 2, more.length);
        return TestRedis.shared().call(all);
    }

    private String stored(String key) {
        Object size = call("HGET", key, "r0");
        if (size == null) {
            return (String) call("HGET", key, "result");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 1; text.length() < Integer.parseInt((String) size); i++) {
            text.append((String) call("HGET", key, "r" + i));
        }
        return text.toString();
    }

    @Test
    void aResultIsReadableForThoseWhoHaveItsKey() throws IOException {
        try (IdempotencyStore writer = store(FIRST)) {
            for (String result : List.of(
                    "1", SECRET, "\"" + "\u00e9\ud83d\ude02".repeat(400) + "\"", "[" + "9".repeat(20_000) + "]")) {
                String key = "k" + result.length();
                complete(writer, key, result);
                assertTrue(stored(key).matches("enc:first:[A-Za-z0-9+/]+=*"), stored(key));
                assertEquals(result, duplicate(writer, key));
                try (IdempotencyStore other = store(FIRST)) {
                    assertEquals(result, duplicate(other, key));
                }
            }
            assertEquals(0, writer.unreadableResults());
        }
        assertEquals(List.of(), said);
    }

    @Test
    void aKeyIsRotatedWithoutLoss() throws IOException {
        try (IdempotencyStore before = store(FIRST);
                IdempotencyStore ready = store(FIRST, SECOND);
                IdempotencyStore rotated = store("# the new one", "", SECOND, FIRST);
                IdempotencyStore after = store(SECOND)) {
            complete(before, "old", SECRET);
            complete(rotated, "new", SECRET);
            assertTrue(stored("new").startsWith("enc:second:"), stored("new"));
            for (IdempotencyStore each : List.of(ready, rotated)) {
                assertEquals(SECRET, duplicate(each, "old"));
                assertEquals(SECRET, duplicate(each, "new"));
            }
            assertEquals(List.of(), said);
            assertNull(duplicate(before, "new"));
            assertNull(duplicate(after, "old"));
            assertEquals(SECRET, duplicate(after, "new"));
            assertTrue(
                    said.stream()
                            .anyMatch(line -> line.contains("key 'second', which the result-key-file here has not")),
                    said::toString);
        }
        assertTrue(
                said.stream()
                        .noneMatch(line -> line.contains("4111") || line.contains(key(1)) || line.contains(key(2))),
                said::toString);
    }

    @Test
    void whoHasNoKeysGetsNoneAndIsToldOnce() throws IOException {
        try (IdempotencyStore writer = store(FIRST);
                IdempotencyStore plain = store()) {
            complete(writer, "k", SECRET);
            for (int i = 1; i <= 5; i++) {
                assertNull(plain.check(Claims.forAMinute(id("k"))).result());
                assertEquals(i, plain.unreadableResults());
            }
            assertEquals(1, said.size(), said::toString);
            assertTrue(
                    said.get(0).contains("'k'") && said.get(0).contains("no result-key-file is set here"),
                    said::toString);
        }
    }

    @Test
    void whatWasChangedOrCopiedIsRefused() throws IOException {
        try (IdempotencyStore store = store(FIRST)) {
            complete(store, "k", SECRET);
            complete(store, "other", "{\"card\":\"5500\"}");
            assertEquals(SECRET, duplicate(store, "k"));
            String text = stored("k");
            char last = text.charAt(30) == 'A' ? 'B' : 'A';
            for (String wrong : List.of(
                    stored("other"),
                    text.substring(0, 30) + last + text.substring(31),
                    text.substring(0, text.length() - 4),
                    text.replace("first", "none"),
                    "enc:first",
                    "enc:",
                    "enc::" + text.substring(10),
                    "!" + text)) {
                call("HDEL", "k", "r0");
                call("HSET", "k", "result", wrong);
                String result = duplicate(store, "k");
                // What says that it is a failure stays one, without its text.
                assertEquals(
                        wrong.startsWith("!") ? "!an exception whose text can't be decrypted here" : null,
                        result,
                        wrong);
            }
            assertTrue(said.get(0).contains("changed, or belongs to another record"), said::toString);
        }
    }

    @Test
    void aPlainResultIsAcceptedWhileWorkersAreChangedOver() throws IOException {
        try (IdempotencyStore plain = store();
                IdempotencyStore accepts = store(FIRST);
                IdempotencyStore refuses = store(Map.of(Setting.PLAIN_RESULTS, "refuse"), FIRST)) {
            complete(plain, "k", SECRET);
            assertEquals(SECRET, duplicate(accepts, "k"));
            assertEquals(List.of(), said);
            assertNull(duplicate(refuses, "k"));
            assertTrue(said.get(0).contains("plain-results=refuse"), said::toString);
            complete(refuses, "own", SECRET);
            assertEquals(SECRET, duplicate(refuses, "own"));
        }
    }

    @Test
    void theLimitIsThatOfThePlainText() throws IOException {
        Map<Setting, String> limit = Map.of(Setting.MAX_RESULT_BYTES, "1000");
        try (IdempotencyStore plain = store();
                IdempotencyStore writer = store(FIRST);
                IdempotencyStore limited = store(limit, FIRST)) {
            complete(writer, "fits", "7".repeat(1000));
            complete(plain, "plain", "7".repeat(1000));
            complete(plain, "too long", "7".repeat(1001));
            assertEquals("7".repeat(1000), duplicate(limited, "fits"));
            assertEquals("7".repeat(1000), duplicate(limited, "plain"));
            assertNull(duplicate(limited, "too long"));
        }
    }

    @Test
    void aFinalFailureIsEncryptedAndStaysAFailureForThoseWithoutItsKey() throws IOException {
        try (IdempotencyStore writer = store(FIRST);
                IdempotencyStore other = store(SECOND)) {
            complete(writer, "k", "!java.lang.IllegalStateException: 4111");
            assertTrue(stored("k").startsWith("!enc:first:"), stored("k"));
            assertFalse(stored("k").contains("Exception"));
            assertEquals("!java.lang.IllegalStateException: 4111", duplicate(writer, "k"));
            assertEquals("!an exception whose text can't be decrypted here", duplicate(other, "k"));
        }
    }

    @Test
    void theCacheOfDuplicatesKnowsThePlainText() throws IOException {
        try (TestRedis redis = TestRedis.start();
                IdempotencyStore store = store(
                        Map.of(Setting.REDIS_URL, redis.url(), Setting.DUPLICATE_CACHE_BYTES, "1000000"), FIRST)) {
            complete(store, "k", SECRET);
            Await.until("a duplicate is answered without Redis", () -> {
                long before = redis.scriptsRun();
                assertEquals(SECRET, store.check(Claims.forAMinute(id("k"))).result());
                return redis.scriptsRun() == before;
            });
        }
    }

    @Test
    void aVanishedRecordAndCompletionsTogetherAreEncryptedToo() throws Exception {
        try (IdempotencyStore store = store(FIRST)) {
            Claim vanished = Claims.forAMinute(id("vanished"));
            store.check(vanished);
            store.delete(vanished.id());
            assertEquals(Update.GONE, store.markCompleted(vanished, new Completion("", SECRET, "")));
            List<HeardCompletion> all = List.of("a", "b", "c").stream()
                    .map(key -> new HeardCompletion(Claims.forAMinute(id(key)), new Completion("", SECRET, "")))
                    .toList();
            all.forEach(each -> store.check(each.claim()));
            store.markCompletedTogether(all);
            for (HeardCompletion each : all) {
                assertEquals(Update.APPLIED, each.end().get(30, TimeUnit.SECONDS));
            }
            for (String key : List.of("vanished", "a", "b", "c")) {
                assertTrue(stored(key).startsWith("enc:first:"), key);
                assertEquals(SECRET, duplicate(store, key));
            }
        }
    }
}
