package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.Closed;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With on-store-failure=throw no body runs without a claim; with proceed each such body is counted. */
class ClosedIT {

    static List<Jdks.Jdk> jdks() {
        return Jdks.all();
    }

    private static ForkedJvm.Result run(Jdks.Jdk jdk, String settings, String what, String... jvm) {
        return ForkedJvm.on(jdk)
                .shortLived()
                .agent(AgentRun.AGENT, "store=memory," + settings)
                .jvm(jvm)
                .main(AgentRun.classPath(), Closed.class.getName(), what)
                .run();
    }

    /** An image without java.xml, which the engine needs. */
    private static ForkedJvm.Result withoutEngine(Jdks.Jdk jdk, String settings) {
        return run(jdk, settings, "calls", "--limit-modules", "java.base,java.instrument");
    }

    // [P26]
    @ParameterizedTest
    @MethodSource("jdks")
    void withoutAnEngineCallsAreRefusedWhereThePolicyIsThrow(Jdks.Jdk jdk) {
        ForkedJvm.Result result = withoutEngine(jdk, "on-store-failure=throw");
        String refused = "IdempotencyStoreException";
        assertEquals(
                List.of("[" + refused + ", " + refused + ", " + refused + "] bodies=0"),
                result.out(),
                result::toString);
        assertTrue(
                result.lastErr()
                        .contains(" failed=3 unguarded=0 store=memory mode=off reason=the engine could not start ("),
                result::toString);
    }

    // [P27]
    @ParameterizedTest
    @MethodSource("jdks")
    void withoutAnEngineBodiesAreCountedWhereThePolicyIsProceed(Jdks.Jdk jdk) {
        ForkedJvm.Result result = withoutEngine(jdk, "on-store-failure=proceed");
        assertEquals(
                List.of("[returned, IdempotencyStoreException, returned] bodies=3"), result.out(), result::toString);
        assertTrue(
                result.lastErr()
                        .contains(" failed=1 unguarded=3 store=memory mode=off reason=the engine could not start ("),
                result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void onADeepStackNoBodyRunsBesideTheOneThatIsDone(Jdks.Jdk jdk) {
        ForkedJvm.Result result = run(jdk, "on-store-failure=throw", "deep");
        assertEquals("bodies=1", result.lastOut(), result::toString);
        assertTrue(result.lastErr().contains("new=1 ") && result.lastErr().contains(" unguarded=0 "), result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void onADeepStackTheBodiesThatRunAreCounted(Jdks.Jdk jdk) {
        ForkedJvm.Result result = run(jdk, "on-store-failure=proceed", "deep");
        int bodies = Integer.parseInt(result.lastOut().substring("bodies=".length()));
        assertTrue(result.lastErr().contains("new=1 "), result::toString);
        assertTrue(result.lastErr().contains(" unguarded=" + (bodies - 1) + " "), result::toString);
    }
}
