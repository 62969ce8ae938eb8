package io.idempotenttrace.kotlin.coroutines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What coroutines do inside of each other: calls inside of calls, and coroutines that share a thread. */
@Tag("matrix")
class CoroutinesIT {

    private static final Path AGENT = Path.of(System.getProperty("agent.jar"));

    private static final List<String> EXPECTED = List.of(
            "nested call = outer inner 2",
            "nested elsewhere = outer inner 2",
            "nested child = outer inner 2",
            "nested blocking = outer plain 2",
            "nested itself = outer outer end 2",
            "nested late call = outer inner 2",
            "nested late elsewhere = outer inner 2",
            "nested late child = outer inner 2",
            "nested late blocking = outer plain 2",
            "nested late itself = outer outer end 2",
            "a blocking call around = inner 1",
            "in the middle of another = 11 1",
            "side by side = [inner]1",
            "checked = IOException: checked",
            "checked at once = IOException: checked",
            "checked in a flow = IOException: checked",
            // The first collector left early, which is a cancel.
            "first of a flow, then all, then stored = [1, [1, 2], [1, 2], 2]",
            "a flow in a flow = [1, 2]",
            "shared = 5",
            "state = 2",
            "context = mine",
            "without kotlinx = [false, false] [1, 1] 1");

    @TempDir
    private Path folder;

    static List<Jdks.Jdk> jdks() {
        return Jdks.all();
    }

    static List<Arguments> someJdksAndStores() {
        return Pairs.crossSection(
                Jdks.all(), List.of("store=memory", TestRedis.shared().settings()));
    }

    static List<Arguments> otherJdksAndStores() {
        return Pairs.others(
                Jdks.all(), List.of("store=memory", TestRedis.shared().settings()));
    }

    @ParameterizedTest
    @MethodSource("someJdksAndStores")
    void aCallInsideOfACallIsAPartOfItAndACoroutineOnTheSameThreadIsNot(Jdks.Jdk jdk, String store) {
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(AGENT, store + ",in-progress-wait=2m,tenant=" + UUID.randomUUID())
                .main(System.getProperty("application.classpath"), "io.idempotenttrace.kotlin.coroutines.EdgesKt")
                .run();
        assertEquals(EXPECTED, result.out(), result::toString);
        assertReported(result, "Edges.state returns kotlinx.coroutines.flow.StateFlow", "its body runs on every call");
        // Only the value shows it: by then the body has run.
        assertReported(
                result,
                "Edges.sharedAsFlow returned a kotlinx.coroutines.flow.SharedFlowImpl",
                "the next call runs the body");
        assertTrue(
                result.lastErr()
                        .startsWith("idempotent-trace: new=17 duplicate=102 conflict=0 in-progress=0 failed=4 "),
                result::toString);
    }

    @MatrixTest
    @MethodSource("otherJdksAndStores")
    void aCallInsideOfACallIsAPartOfItInTheOtherPairs(Jdks.Jdk jdk, String store) {
        aCallInsideOfACallIsAPartOfItAndACoroutineOnTheSameThreadIsNot(jdk, store);
    }

    /** The caller asks for the acknowledgement, and there is none. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aCallWhoseCompletionIsNotAcknowledgedFails(Jdks.Jdk jdk) throws IOException {
        Path lost = folder.resolve("lost");
        try (TestRedis redis = TestRedis.start();
                ForkedJvm jvm = ForkedJvm.on(jdk)
                        .shortLived()
                        .agent(
                                AGENT,
                                "completion=sync,command-timeout=5s,connect-timeout=30s,on-store-failure=throw,redis-url="
                                        + redis.url())
                        .main(
                                System.getProperty("application.classpath"),
                                "io.idempotenttrace.kotlin.coroutines.StoreLostKt",
                                lost.toString())
                        .start()) {
            jvm.awaitOut("begun"::equals);
            redis.kill();
            Files.createFile(lost);
            ForkedJvm.Result result = jvm.await();
            assertEquals(
                    List.of(
                            "begun",
                            "suspends IdempotencyStoreException",
                            "blocks IdempotencyStoreException",
                            "items IdempotencyStoreException"),
                    result.out(),
                    result::toString);
            assertTrue(result.err().get(result.err().size() - 2).contains(" unacknowledged=3"), result::toString);
        }
    }

    private static void assertReported(ForkedJvm.Result result, String report, String consequence) {
        assertEquals(
                1,
                result.err().stream()
                        .filter(line -> line.contains(report) && line.contains(consequence))
                        .count(),
                result::toString);
    }
}
