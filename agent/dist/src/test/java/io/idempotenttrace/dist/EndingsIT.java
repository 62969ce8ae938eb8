package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.dist.app.Endings;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.TestRedis;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that end in the midst of something end as they would without the agent. */
class EndingsIT {

    private static final String NOTHING = "new=0 duplicate=0 conflict=0 in-progress=0 failed=0 unguarded=0";

    static Stream<Arguments> endings() {
        return endings(Jdks.newest());
    }

    static Stream<Arguments> endingsOnOlderJdks() {
        return Jdks.older().stream().flatMap(EndingsIT::endings);
    }

    private static Stream<Arguments> endings(Jdks.Jdk jdk) {
        return Stream.of(
                Arguments.of(jdk, "at once", 0, NOTHING),
                Arguments.of(jdk, "exit in an initialiser", 7, NOTHING),
                Arguments.of(jdk, "exit in a body", 5, NOTHING),
                Arguments.of(jdk, "halt", 6, null));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void aProgramEndsAsItWould(Jdks.Jdk jdk, String ending, int status, String counts) {
        assertEnds(jdk, ending, status, counts);
    }

    @MatrixTest
    @MethodSource("endingsOnOlderJdks")
    void aProgramEndsAsItWouldOnOlderJdks(Jdks.Jdk jdk, String ending, int status, String counts) {
        assertEnds(jdk, ending, status, counts);
    }

    /** @param counts of the exit line; null for none: the JVM runs no hook */
    private static void assertEnds(Jdks.Jdk jdk, String ending, int status, String counts) {
        for (String store : List.of("memory", "redis")) {
            String argument = store.equals("memory")
                    ? "store=memory"
                    : TestRedis.shared().settings() + ",tenant=endings-" + UUID.randomUUID();
            ForkedJvm.Result result = ForkedJvm.on(jdk)
                    .shortLived()
                    .agent(AgentRun.AGENT, argument)
                    .main(AgentRun.classPath(), Endings.class.getName(), ending)
                    .run();
            assertEquals(status, result.exitCode(), result::toString);
            assertEquals(List.of(), result.out(), result::toString);
            assertEquals(List.of(), AgentRun.foreign(result), result::toString);
            long lines = result.err().stream()
                    .filter(line -> line.equals("idempotent-trace: " + counts + " store=" + store))
                    .count();
            assertEquals(counts == null ? 0 : 1, lines, result::toString);
        }
    }
}
