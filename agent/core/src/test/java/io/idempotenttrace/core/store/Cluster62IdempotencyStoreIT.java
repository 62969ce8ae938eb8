package io.idempotenttrace.core.store;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.testkit.RedisBinary;
import io.idempotenttrace.testkit.RedisCluster;
import io.idempotenttrace.testkit.RedisDeployment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Against a Cluster of the oldest line that is supported, known by the plain URL of one of its nodes. */
@Tag("matrix")
class Cluster62IdempotencyStoreIT extends SharedRecordContract {

    private static RedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start(RedisBinary.EMBEDDED_6, RedisCluster.NOBODY_DIES);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    RedisDeployment redis() {
        return cluster;
    }

    @Override
    Configuration access(Configuration configuration) {
        return configuration.with(Setting.REDIS_URL, cluster.nodes().get(0).url());
    }
}
