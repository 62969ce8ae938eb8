package io.idempotenttrace.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All that can become of a call of each asynchronous type, called on each kind of thread. */
class AsyncMatrixIT {

    static List<Arguments> everyJdkAndStore() {
        List<Arguments> runs = new ArrayList<>();
        for (Jdks.Jdk jdk : Jdks.all()) {
            runs.add(Arguments.of(jdk, "store=memory"));
            runs.add(Arguments.of(jdk, "redis-url=" + TestRedis.shared().url()));
            runs.add(Arguments.of(jdk, "completion=sync,redis-url=" + TestRedis.shared().url()));
        }
        return runs;
    }

    @ParameterizedTest
    @MethodSource("everyJdkAndStore")
    void everyCellIsAsItShouldBe(Jdks.Jdk jdk, String store) {
        ForkedJvm.Result result = AsyncRun.of(jdk, store + ",in-progress-wait=1m,tenant=" + UUID.randomUUID(), AsyncMatrix.class).run();
        assertEquals("cells=" + AsyncMatrix.cells() + " wrong=0", result.lastOut(), result::toString);
        assertEquals(0, result.exitCode());
        assertTrue(result.err().stream().allMatch(line -> line.startsWith("idempotent-trace: ")), result::toString);
    }
}
