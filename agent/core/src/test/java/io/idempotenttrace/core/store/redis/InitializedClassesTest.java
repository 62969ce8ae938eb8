package io.idempotenttrace.core.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.core.failure.StaticInitializers;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a class does at its first use can fail for lack of stack or memory, and then for ever: it is done before. */
class InitializedClassesTest {

    @Test
    void eachClassThatHasSomethingToInitializeIsInitializedAtTheStart() throws Exception {
        TreeSet<String> expected = StaticInitializers.beside(RedisIdempotencyStore.class);
        // Commands alone use it.
        expected.remove("RedisRecords");
        assertEquals(expected, new TreeSet<>(Set.of(RedisIdempotencyStore.INITIALIZED)));
    }
}
