package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.Stopped;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import io.idempotenttrace.testkit.TcpProxy;
import io.idempotenttrace.testkit.TestRedis;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM that is stopped while calls run: each that ends is completed and counted, and the exit line comes last. */
class StopIT {

    private static final int CALLS = 20;

    static List<Arguments> someJdksAndWaysToStop() {
        return Pairs.crossSection(Jdks.all(), List.of("drain", "alone"));
    }

    static List<Arguments> otherJdksAndWaysToStop() {
        return Pairs.others(Jdks.all(), List.of("drain", "alone"));
    }

    private static ForkedJvm.Result stopped(Jdks.Jdk jdk, String settings, String way) {
        try (ForkedJvm jvm = ForkedJvm.on(jdk)
                .shortLived()
                .agent(AgentRun.AGENT, settings)
                .main(AgentRun.classPath(), Stopped.class.getName(), way)
                .start()) {
            jvm.awaitOut(line -> line.equals("running"));
            jvm.stop();
            return jvm.await();
        }
    }

    @ParameterizedTest
    @MethodSource("someJdksAndWaysToStop")
    void callsThatEndAfterTheStopHasBegunAreCompletedAndCounted(Jdks.Jdk jdk, String way) {
        String tenant = "stop-" + UUID.randomUUID();
        int calls = way.equals("drain") ? CALLS + 1 : CALLS;
        try (TcpProxy far = TcpProxy.to(TestRedis.shared())) {
            far.delayReplies(5);
            ForkedJvm.Result result = stopped(
                    jdk,
                    "command-timeout=30s,connect-timeout=30s,stop-wait=60s,tenant=" + tenant + ",redis-url="
                            + far.url(),
                    way);
            assertEquals(
                    "idempotent-trace: new=" + calls
                            + " duplicate=0 conflict=0 in-progress=0 failed=0 unguarded=0 store=redis",
                    result.lastErr(),
                    result::toString);
        }
        assertEquals(Collections.nCopies(calls, "completed"), TestRedis.shared().statuses(tenant));
    }

    @ParameterizedTest
    @MethodSource("someJdksAndWaysToStop")
    void soIsItWithRecordsInMemory(Jdks.Jdk jdk, String way) {
        ForkedJvm.Result result = stopped(jdk, "store=memory,stop-wait=60s", way);
        assertEquals(
                "idempotent-trace: new=" + (way.equals("drain") ? CALLS + 1 : CALLS)
                        + " duplicate=0 conflict=0 in-progress=0 failed=0 unguarded=0 store=memory",
                result.lastErr(),
                result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void bodiesThatNeverEndHoldTheStopNoLongerThanStopWait(Jdks.Jdk jdk) {
        ForkedJvm.Result result = stopped(jdk, "store=memory,stop-wait=300ms", "endless");
        assertTrue(
                result.err().stream().anyMatch(line -> line.contains("the JVM stops while 20 calls run")),
                result::toString);
        assertTrue(result.lastErr().contains("new=0 "), result::toString);
    }

    static List<Jdks.Jdk> jdks() {
        return Jdks.all();
    }

    @MatrixTest
    @MethodSource("otherJdksAndWaysToStop")
    void soIsItInTheOtherPairs(Jdks.Jdk jdk, String way) {
        callsThatEndAfterTheStopHasBegunAreCompletedAndCounted(jdk, way);
        soIsItWithRecordsInMemory(jdk, way);
    }
}
