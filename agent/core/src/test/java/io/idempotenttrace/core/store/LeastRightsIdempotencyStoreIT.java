package io.idempotenttrace.core.store;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.testkit.RedisDeployment;
import io.idempotenttrace.testkit.TestRedis;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** As a user who has the least rights that the README lists, and no other. */
class LeastRightsIdempotencyStoreIT extends SharedRecordContract {

    private static TestRedis redis;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
        ReadmeRights.grant(List.of(redis), ReadmeRights.ALWAYS);
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Override
    RedisDeployment redis() {
        return redis;
    }

    @Override
    Configuration access(Configuration configuration) {
        return configuration.with(Setting.REDIS_URL, ReadmeRights.url(redis.url()));
    }

    @Override
    boolean tellsOfChanges() {
        return false;
    }
}
