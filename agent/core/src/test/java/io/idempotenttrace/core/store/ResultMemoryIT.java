package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.testkit.TestRedis;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What results take in Redis. Its allocator rounds a record up to the next size that it has, so that one record tells little: each figure
 * is the mean of records that differ by a byte each.
 */
class ResultMemoryIT {

    private static final String HASH = "a".repeat(64);
    private static final int RECORDS = 64;

    private static TestRedis redis;
    private static IdempotencyStore store;

    @BeforeAll
    static void open() {
        redis = TestRedis.start();
        store = IdempotencyStores.open(
                Configuration.defaults().with(Setting.REDIS_URL, redis.url()).with(Setting.COMMAND_TIMEOUT, "30s"));
    }

    @AfterAll
    static void close() {
        store.close();
        redis.close();
    }

    private static long bytes(int traceIdLength, String result) {
        RecordId id = new RecordId("tenant", "scope", UUID.randomUUID().toString());
        Claim claim = Claims.forAMinute(id);
        store.check(claim);
        store.markCompleted(claim, new Completion("t".repeat(traceIdLength), result, HASH));
        return (Long) redis.call("MEMORY", "USAGE", id.redisKey(), "SAMPLES", "0");
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64, 65, 100, 256, 512, 1000, 1024})
    void aResultOfUpToAKilobyteCostsAtMostThreeTenthsMoreThanItsBytes(int length) {
        assertCosts(length, 1.3);
    }

    @Test
    void aResultOfTwoKilobytesCostsLittleMoreThanThat() {
        assertCosts(2000, 1.4);
    }

    private static void assertCosts(int length, double most) {
        long more = 0;
        for (int i = 1; i <= RECORDS; i++) {
            more += bytes(i, "7".repeat(length)) - bytes(i, null);
        }
        double timesItsBytes = more / (double) RECORDS / length;
        assertTrue(timesItsBytes <= most, length + " bytes take " + timesItsBytes + " times as much");
    }
}
