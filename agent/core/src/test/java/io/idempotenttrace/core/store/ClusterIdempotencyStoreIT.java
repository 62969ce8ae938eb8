package io.idempotenttrace.core.store;

import io.idempotenttrace.testkit.RedisCluster;
import io.idempotenttrace.testkit.RedisDeployment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Against three primaries with a replica each. */
class ClusterIdempotencyStoreIT extends SharedRecordContract {

    private static RedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start(RedisCluster.NOBODY_DIES);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    RedisDeployment redis() {
        return cluster;
    }
}
