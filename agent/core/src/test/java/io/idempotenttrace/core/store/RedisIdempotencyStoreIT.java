package io.idempotenttrace.core.store;

import io.idempotenttrace.testkit.TestRedis;

/** Against the Redis that is found first: a given URL, the installed one, Docker, an embedded one. */
class RedisIdempotencyStoreIT extends SharedRecordContract {

    @Override
    TestRedis redis() {
        return TestRedis.shared();
    }
}
