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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All that can become of a call of each asynchronous type, called on each kind of thread. */
class AsyncMatrixIT {

    private static final List<String> STORES = List.of(
            "store=memory", TestRedis.shared().settings(), TestRedis.shared().settings() + ",completion=sync");

    static List<Arguments> someJdksAndStores() {
        return Pairs.crossSection(Jdks.all(), STORES);
    }

    static List<Arguments> otherJdksAndStores() {
        return Pairs.others(Jdks.all(), STORES);
    }

    @ParameterizedTest
    @MethodSource("someJdksAndStores")
    void everyCellIsAsItShouldBe(Jdks.Jdk jdk, String store) {
        ForkedJvm.Result result = AsyncRun.of(
                        jdk, store + ",in-progress-wait=1m,tenant=" + UUID.randomUUID(), AsyncMatrix.class)
                .run();
        assertEquals("cells=" + AsyncMatrix.cells() + " wrong=0", result.lastOut(), result::toString);
        assertEquals(0, result.exitCode());
        assertTrue(result.err().stream().allMatch(line -> line.startsWith("idempotent-trace: ")), result::toString);
    }

    @MatrixTest
    @MethodSource("otherJdksAndStores")
    void everyCellOfTheOtherPairsIsAsItShouldBe(Jdks.Jdk jdk, String store) {
        everyCellIsAsItShouldBe(jdk, store);
    }
}
