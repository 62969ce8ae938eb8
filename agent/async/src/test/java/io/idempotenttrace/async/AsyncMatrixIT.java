package io.idempotenttrace.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import io.idempotenttrace.testkit.TestRedis;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All that can become of a call of each asynchronous type, called on each kind of thread. */
@Tag("matrix")
class AsyncMatrixIT {

    private static final List<String> STORES = List.of(
            "store=memory", TestRedis.shared().settings(), TestRedis.shared().settings() + ",completion=sync");

    static List<Arguments> everyJdkAndStore() {
        return Pairs.all(Jdks.all(), STORES);
    }

    @Test
    void everyCellIsAsItShouldBe() {
        assertEveryCell(Jdks.newest(), STORES.get(1));
    }

    private static void assertEveryCell(Jdks.Jdk jdk, String store) {
        ForkedJvm.Result result = AsyncRun.of(
                        jdk, store + ",in-progress-wait=1m,tenant=" + UUID.randomUUID(), AsyncMatrix.class)
                .run();
        assertEquals("cells=" + AsyncMatrix.cells() + " wrong=0", result.lastOut(), result::toString);
        assertEquals(0, result.exitCode());
        assertTrue(result.err().stream().allMatch(line -> line.startsWith("idempotent-trace: ")), result::toString);
    }

    @MatrixTest
    @MethodSource("everyJdkAndStore")
    void everyCellIsAsItShouldBeOnEachJdkAndStore(Jdks.Jdk jdk, String store) {
        assertEveryCell(jdk, store);
    }
}
