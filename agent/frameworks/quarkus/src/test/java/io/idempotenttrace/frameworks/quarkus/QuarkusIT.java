package io.idempotenttrace.frameworks.quarkus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The application as Quarkus packs it for the JVM: with a class loader of its own, in front of each bean a proxy and a subclass. */
class QuarkusIT {

    private static final List<String> STORES = List.of("memory", "redis");

    static List<Arguments> someJdksAndStores() {
        return Pairs.crossSection(Jdks.all(), STORES);
    }

    static List<Arguments> otherJdksAndStores() {
        return Pairs.others(Jdks.all(), STORES);
    }

    @MatrixTest
    @MethodSource("otherJdksAndStores")
    void soItIsInTheOtherPairs(Jdks.Jdk jdk, String store) {
        aBeanIsGuardedOnceAndItsInterceptorsStillRun(jdk, store);
    }

    @ParameterizedTest
    @MethodSource("someJdksAndStores")
    void aBeanIsGuardedOnceAndItsInterceptorsStillRun(Jdks.Jdk jdk, String store) {
        String argument = store.equals("memory")
                ? "store=memory"
                : TestRedis.shared().settings() + ",tenant=" + UUID.randomUUID();
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(Path.of(System.getProperty("agent.jar")).normalize(), argument)
                .jar(Path.of(System.getProperty("quarkus.jar")))
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals("bodies 1, the same true, conflict, intercepted 3", result.lastOut(), result::toString);
        assertTrue(
                result.lastErr()
                        .startsWith(
                                "idempotent-trace: new=1 duplicate=1 conflict=1 in-progress=0 failed=0 unguarded=0 "),
                result::toString);
    }
}
