package io.idempotenttrace.core.store;

import io.idempotenttrace.testkit.RedisBinary;
import io.idempotenttrace.testkit.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Against the oldest line that is supported. */
class Redis62IdempotencyStoreIT extends SharedRecordContract {

    private static TestRedis redis;

    @BeforeAll
    static void start() {
        redis = TestRedis.start(RedisBinary.EMBEDDED_6);
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Override
    TestRedis redis() {
        return redis;
    }
}
