package io.idempotenttrace.core.store;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.testkit.RedisDeployment;
import io.idempotenttrace.testkit.TestRedis;

/** By the protocol that every server and every proxy in front of one speaks. The other tests speak RESP3. */
class Resp2IdempotencyStoreIT extends RedisStoreContract {

    @Override
    RedisDeployment redis() {
        return TestRedis.shared();
    }

    @Override
    Configuration access(Configuration configuration) {
        return configuration.with(Setting.REDIS_PROTOCOL, "resp2");
    }
}
