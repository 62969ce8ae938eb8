package io.idempotenttrace.core.store;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.testkit.RedisBinary;
import io.idempotenttrace.testkit.RedisDeployment;
import io.idempotenttrace.testkit.TestRedis;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** On the oldest line that is supported, as a user who may also be woken. */
@Tag("matrix")
class LeastRights62IdempotencyStoreIT extends SharedRecordContract {

    private static TestRedis redis;

    @BeforeAll
    static void start() {
        redis = TestRedis.start(RedisBinary.EMBEDDED_6);
        ReadmeRights.grant(List.of(redis), ReadmeRights.ALWAYS, ReadmeRights.TO_BE_WOKEN);
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
}
