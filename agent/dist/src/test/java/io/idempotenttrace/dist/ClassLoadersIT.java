package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.ChildFirst;
import io.idempotenttrace.dist.app.ChildFirstCalls;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loaders that ask themselves first, as those of plugins and bundles do. */
class ClassLoadersIT {

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    private static ForkedJvm.Result run(Jdks.Jdk jdk, boolean seesBridge, String settings) {
        String classes = Path.of("target", "test-classes").toUri().toString();
        return ForkedJvm.on(jdk)
                .shortLived()
                .agent(AgentRun.AGENT, "store=memory" + settings)
                .main(
                        AgentRun.classPath(),
                        ChildFirst.class.getName(),
                        classes,
                        AgentRun.ANNOTATIONS.toUri().toString(),
                        Boolean.toString(seesBridge))
                .run();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void eachLoaderCatchesItsOwnCopyOfTheException(Jdks.Jdk jdk) {
        ForkedJvm.Result result = run(jdk, /* seesBridge= */ true, "");
        assertEquals(
                List.of(
                        "true",
                        "body",
                        "Receipt[key=k1, payload=1] Receipt[key=k1, payload=1] conflict true",
                        "true",
                        "body",
                        "Receipt[key=k2, payload=1] Receipt[key=k2, payload=1] conflict true"),
                result.out(),
                result::toString);
        assertEquals(2, result.err().size(), result::toString);
        assertTrue(result.lastErr().contains(" new=2 duplicate=2 conflict=2 "), result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void oneThatHidesTheBridgeIsNamedAndItsMethodsRun(Jdks.Jdk jdk) {
        ForkedJvm.Result result = run(jdk, /* seesBridge= */ false, "");
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(6, result.out().stream().filter("body"::equals).count(), result::toString);
        assertEquals(4, result.err().size(), result::toString);
        for (String line : result.err().subList(1, 3)) {
            assertTrue(
                    line.startsWith("idempotent-trace: " + ChildFirstCalls.class.getName()
                            + ".emit runs unguarded: its class loader " + ChildFirst.class.getName() + "$Loader@"),
                    result::toString);
            assertTrue(
                    line.contains(" does not delegate package io.idempotenttrace.bridge to its parents; let it "),
                    result::toString);
        }
    }

    /** [P26] Nothing of the agent is in such a class but the refusal. */
    @Test
    void oneThatHidesTheBridgeIsRefusedWhereThatIsThePolicy() {
        ForkedJvm.Result result = run(Jdks.newest(), /* seesBridge= */ false, ",on-store-failure=throw");
        assertEquals(1, result.exitCode(), result::toString);
        assertFalse(result.out().contains("body"), result::toString);
        assertTrue(
                result.err().stream()
                        .anyMatch(line -> line.contains("io.idempotenttrace.IdempotencyStoreException: "
                                + ChildFirstCalls.class.getName() + ".emit can't be guarded: its class loader ")),
                result::toString);
    }
}
