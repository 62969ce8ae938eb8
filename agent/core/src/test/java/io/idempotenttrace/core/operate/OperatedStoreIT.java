package io.idempotenttrace.core.operate;

import io.idempotenttrace.testkit.RedisDeployment;
import io.idempotenttrace.testkit.TestRedis;

/** On one server. */
class OperatedStoreIT extends OperatedStoreContract {

    @Override
    RedisDeployment redis() {
        return TestRedis.shared();
    }
}
