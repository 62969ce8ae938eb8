package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.testkit.TestRedis;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** No tenant, scope and key share a record with any other tenant, scope and key. */
class RecordIdPropertiesIT {

    /** What separates, encodes, marks, nests or ends something somewhere between here and Redis. */
    private static final String ODD =
            ":%3A25{}\u0000\n\r \"'\\*?[]$\u007f\u0080\u00e9\u2028\ufffd\ud83d\ude02\ud800\udbff\udc00\udfff";

    private static TestRedis redis;
    private static IdempotencyStore store;

    @BeforeContainer
    static void start() {
        redis = TestRedis.start();
        store = IdempotencyStores.open(Configuration.defaults()
                .with(Setting.REDIS_URL, redis.url())
                .with(Setting.COMMAND_TIMEOUT, "30s")
                .with(Setting.CONNECT_TIMEOUT, "30s"));
    }

    @AfterContainer
    static void stop() {
        store.close();
        redis.close();
    }

    /** Short texts of few characters: such ids come close to each other. */
    private static Arbitrary<String> text() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars(':', '%', 'a').ofMinLength(1).ofMaxLength(4),
                Arbitraries.strings()
                        .withChars(':', '%', '3', 'A', '2', '5')
                        .ofMinLength(1)
                        .ofMaxLength(4),
                Arbitraries.strings()
                        .withChars('\ud83d', '\ude02', '?', '\ufffd', ':')
                        .ofMinLength(1)
                        .ofMaxLength(3),
                Arbitraries.strings()
                        .withChars(ODD.toCharArray())
                        .ofMinLength(1)
                        .ofMaxLength(3),
                Arbitraries.strings().ofMinLength(1).ofMaxLength(3));
    }

    @Provide
    Arbitrary<Set<RecordId>> ids() {
        return Combinators.combine(
                        text(), Arbitraries.oneOf(text(), Arbitraries.just("")).injectNull(0.3), text())
                .as(RecordId::new)
                .set()
                .ofMinSize(2)
                .ofMaxSize(60);
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void everyIdHasANameOfItsOwn(@ForAll("ids") Set<RecordId> ids) {
        assertEquals(
                ids.size(),
                ids.stream().map(RecordId::redisKey).collect(Collectors.toSet()).size());
    }

    // [P44]
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void everyIdHasARecordOfItsOwn(@ForAll("ids") Set<RecordId> ids) {
        redis.call("FLUSHALL");
        for (RecordId id : ids) {
            Claim claim = Claims.of(id, "a".repeat(64), "python", "", "0".repeat(32), 60_000, 60_000, 60_000, "");
            assertEquals(Verdict.NEW, store.check(claim).verdict(), id.toString());
        }
        assertEquals((long) ids.size(), redis.call("DBSIZE"));
        for (RecordId id : ids) {
            // By another owner: each record is there, under its id.
            Claim claim = Claims.of(id, "a".repeat(64), "python", "", "1".repeat(32), 60_000, 60_000, 60_000, "");
            assertEquals(Verdict.IN_PROGRESS, store.check(claim).verdict(), id.toString());
        }
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void everyListOfKeyPartsHasAKeyOfItsOwn(@ForAll("parts") Set<List<String>> lists) {
        assertEquals(
                lists.size(),
                lists.stream()
                        .map(RecordIdPropertiesIT::joined)
                        .collect(Collectors.toSet())
                        .size());
    }

    @Provide
    Arbitrary<Set<List<String>>> parts() {
        return Arbitraries.oneOf(text(), Arbitraries.just(""))
                .list()
                .ofMinSize(2)
                .ofMaxSize(4)
                .set()
                .ofMinSize(2)
                .ofMaxSize(60);
    }

    private static String joined(List<String> parts) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            key.append(i == 0 ? "" : ":");
            RecordId.appendEncoded(parts.get(i), key);
        }
        return key.toString();
    }

    /** The ids come close enough: namings that are nearly right are caught. */
    @Property(tries = 1, shrinking = ShrinkingMode.OFF)
    void theseIdsFindNamingsThatAreNotInjective() {
        List<Function<RecordId, String>> mutants = List.of(
                id -> "idem:" + id.tenant() + (id.scope() == null ? "" : ":" + id.scope()) + ":" + id.key(),
                id -> "idem:" + id.tenant().replace(":", "%3A")
                        + (id.scope() == null ? "" : "%:" + id.scope().replace(":", "%3A")) + ":" + id.key(),
                id -> id.redisKey().replace("%:", ":"),
                id -> new String(
                        id.redisKey().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        java.nio.charset.StandardCharsets.UTF_8));
        for (Function<RecordId, String> mutant : mutants) {
            boolean caught = false;
            Set<RecordId> seen = new HashSet<>();
            Set<String> names = new HashSet<>();
            for (Set<RecordId> ids :
                    (Iterable<Set<RecordId>>) ids().sampleStream().limit(1000)::iterator) {
                for (RecordId id : ids) {
                    caught |= seen.add(id) && !names.add(mutant.apply(id));
                }
            }
            assertTrue(caught, "mutant " + mutants.indexOf(mutant) + " was not caught");
        }
    }
}
