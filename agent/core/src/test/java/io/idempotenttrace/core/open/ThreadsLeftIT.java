package io.idempotenttrace.core.open;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Closing a store ends its threads. In a JVM of its own, since other tests start threads beside this one. */
class ThreadsLeftIT {

    private static ForkedJvm.Builder program() {
        return ForkedJvm.on(Jdks.newest())
                .shortLived()
                .main(System.getProperty("java.class.path"), ThreadsLeft.class.getName())
                .environment("IDEMPOTENT_TRACE_COMMAND_TIMEOUT", "30s");
    }

    @Test
    void thatOfMemoryEndsWithIt() {
        ForkedJvm.Result result =
                program().environment("IDEMPOTENT_TRACE_STORE", "memory").run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals("threads of the store: 1, left: 0", result.lastOut(), result::toString);
    }

    @Test
    void thoseOfRedisEndWithIt() {
        ForkedJvm.Result result = program()
                .environment("REDIS_URL", TestRedis.shared().url())
                .environment("IDEMPOTENT_TRACE_TENANT", UUID.randomUUID().toString())
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(result.lastOut().matches("threads of the store: [1-9]\\d*, left: 0"), result::toString);
    }
}
