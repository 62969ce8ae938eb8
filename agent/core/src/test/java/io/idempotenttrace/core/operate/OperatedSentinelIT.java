package io.idempotenttrace.core.operate;

import io.idempotenttrace.testkit.RedisDeployment;
import io.idempotenttrace.testkit.RedisSentinel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** On a primary that Sentinels name. */
@Tag("matrix")
class OperatedSentinelIT extends OperatedStoreContract {

    private static RedisSentinel sentinels;

    @BeforeAll
    static void start() {
        sentinels = RedisSentinel.start(1).inWhichNobodyDies();
    }

    @AfterAll
    static void stop() {
        sentinels.close();
    }

    @Override
    RedisDeployment redis() {
        return sentinels;
    }
}
