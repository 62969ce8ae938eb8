package io.idempotenttrace.core.store;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.testkit.RedisCluster;
import io.idempotenttrace.testkit.RedisDeployment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** In a Cluster, as a user who has the rights that the README lists for one, and no other. */
@Tag("matrix")
class LeastRightsClusterIdempotencyStoreIT extends SharedRecordContract {

    private static RedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start(RedisCluster.NOBODY_DIES);
        ReadmeRights.grant(
                cluster.nodes(), ReadmeRights.ALWAYS, ReadmeRights.IN_A_CLUSTER, ReadmeRights.TO_BE_WOKEN_IN_A_CLUSTER);
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
        return configuration.with(Setting.REDIS_URL, ReadmeRights.url(cluster.url()));
    }
}
