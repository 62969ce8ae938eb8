package io.idempotenttrace.core.store;

import io.idempotenttrace.testkit.RedisDeployment;
import io.idempotenttrace.testkit.RedisSentinel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Against a primary that three Sentinels name. */
@Tag("matrix")
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
