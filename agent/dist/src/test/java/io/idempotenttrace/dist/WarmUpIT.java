package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.FirstCall;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code warm-up=true} the start of the JVM does what the first guarded call waits for otherwise: seen by the classes it loads. */
@Tag("matrix")
class WarmUpIT {

    /** What a call in memory needs, in the order of its way. */
    private static final List<String> OF_CALL = List.of(
            "io.idempotenttrace.weaver.GuardWriter",
            "io.idempotenttrace.weaver.ImmediateMethod",
            "io.idempotenttrace.core.canonical.PayloadHasher",
            "io.idempotenttrace.core.guard.RunningCall",
            "io.idempotenttrace.core.store.memory.MemoryRecord",
            "sun.security.provider.SHA2");

    private static final List<String> OF_CONNECTION = List.of(
            "io.lettuce.core.protocol.CommandHandler",
            "io.netty.channel.socket.nio.NioSocketChannel",
            "io.idempotenttrace.core.store.redis.ScriptCall");

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    private record Run(ForkedJvm.Result result, List<String> beforeCall, List<String> duringCall) {

        List<String> engineClassesOfCall() {
            return duringCall.stream()
                    .filter(name ->
                            name.startsWith("io.idempotenttrace.") && !name.startsWith("io.idempotenttrace.dist."))
                    .toList();
        }
    }

    private Run run(Jdks.Jdk jdk, String settings) throws IOException {
        Path log = folder.resolve("loaded");
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .jvm("-Xlog:class+load=info:file=" + log + ":none")
                .agent(AgentRun.AGENT, settings)
                .main(AgentRun.classPath(), FirstCall.class.getName())
                .run();
        List<String> loaded =
                Files.readAllLines(log).stream().map(line -> line.split(" ")[0]).toList();
        int before = loaded.indexOf(FirstCall.class.getName() + "$Before");
        int after = loaded.indexOf(FirstCall.class.getName() + "$After");
        assertTrue(before > 0 && after > before, result::toString);
        return new Run(result, loaded.subList(0, before), loaded.subList(before, after));
    }

    private static void assertCounts(ForkedJvm.Result result, String store) {
        assertEquals(
                "idempotent-trace: new=1 duplicate=0 conflict=0 in-progress=0 failed=0 unguarded=0 store=" + store,
                result.lastErr(),
                result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theClassesOfTheFirstCallAreLoadedBeforeTheApplicationBegins(Jdks.Jdk jdk) throws IOException {
        Run warm = run(jdk, "store=memory,warm-up=true");
        for (String name : OF_CALL) {
            assertTrue(warm.beforeCall().contains(name), () -> name + " is not loaded: " + warm.result());
        }
        assertCounts(warm.result(), "memory");
        assertEquals(2, warm.result().err().size(), warm.result()::toString);

        Run cold = run(jdk, "store=memory");
        for (String name : OF_CALL) {
            assertFalse(cold.beforeCall().contains(name), () -> name + " is loaded: " + cold.result());
        }
        int leftToCall = warm.engineClassesOfCall().size();
        int all = cold.engineClassesOfCall().size();
        assertTrue(leftToCall * 10 < all, () -> leftToCall + " of " + all + ": " + warm.engineClassesOfCall());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theConnectionToRedisIsThereTooAndNoRecordIsLeft(Jdks.Jdk jdk) throws IOException {
        TestRedis redis = TestRedis.shared();
        String tenant = "warm-up-" + UUID.randomUUID();
        Run warm = run(jdk, redis.settings() + ",warm-up=true,tenant=" + tenant);
        for (String name : OF_CONNECTION) {
            assertTrue(warm.beforeCall().contains(name), () -> name + " is not loaded: " + warm.result());
        }
        assertCounts(warm.result(), "redis");
        assertEquals(List.of("completed"), redis.statuses(tenant));
        assertEquals(List.of(), redis.statuses("idempotent-trace"));
    }

    @Test
    void anUnreachableRedisIsSaidAndTheApplicationStarts() throws IOException {
        TestRedis gone = TestRedis.start();
        gone.kill();
        Run run = run(Jdks.newest(), "warm-up=true,redis-url=redis://127.0.0.1:" + gone.port());
        assertEquals(0, run.result().exitCode(), run.result()::toString);
        assertTrue(run.result().out().contains("body"), run.result()::toString);
        String said = run.result().err().get(1);
        assertTrue(
                said.startsWith(
                                "idempotent-trace: warm-up=true: not everything could be done at the start (store redis at")
                        && said.contains("can't be reached"),
                run.result()::toString);
    }

    /** A server that takes the connection and says nothing must not hold the start longer than connect-timeout. */
    @Test
    void aSilentRedisHoldsTheStartNoLongerThanConnectTimeout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) {
            Run run = run(
                    Jdks.newest(),
                    "warm-up=true,connect-timeout=100ms,command-timeout=100ms,redis-url=redis://127.0.0.1:"
                            + silent.getLocalPort());
            assertEquals(0, run.result().exitCode(), run.result()::toString);
            assertTrue(run.result().out().contains("body"), run.result()::toString);
            assertTrue(
                    run.result()
                            .err()
                            .get(1)
                            .startsWith("idempotent-trace: warm-up=true: not everything could be done at the start ("),
                    run.result()::toString);
        }
    }
}
