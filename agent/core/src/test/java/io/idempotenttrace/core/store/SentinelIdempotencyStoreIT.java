package io.idempotenttrace.core.store;

import io.idempotenttrace.testkit.RedisDeployment;
import io.idempotenttrace.testkit.RedisSentinel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Against a primary that three Sentinels name. */
class SentinelIdempotencyStoreIT extends SharedRecordContract {

    private static RedisSentinel set;

    @BeforeAll
    static void start() {
        set = RedisSentinel.start(1).inWhichNobodyDies();
    }

    @AfterAll
    static void stop() {
        set.close();
    }

    @Override
    RedisDeployment redis() {
        return set;
    }
}
