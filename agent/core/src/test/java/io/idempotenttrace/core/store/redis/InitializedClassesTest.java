package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.failure.StaticInitializers;
import org.junit.jupiter.api.Test;

/** What a class does at its first use can fail for lack of stack or memory, and then for ever: it is done before. */
class InitializedClassesTest {

    @Test
    void eachClassThatHasSomethingToInitializeIsInitializedAtTheStart() throws Exception {
        // Commands alone use it.
        StaticInitializers.assertAre(
                RedisIdempotencyStore.INITIALIZED, RedisIdempotencyStore.class, /* besides= */ "RedisRecords");
    }
}
