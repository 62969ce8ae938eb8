package io.idempotenttrace.kotlin.coroutines;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of suspend function, called from every dispatcher, meets everything that can become of a call; and each call is one claim. */
class SuspendMatrixIT {

    private static final Path AGENT = Path.of(System.getProperty("agent.jar"));
    private static final String PROGRAM = "io.idempotenttrace.kotlin.coroutines.SuspendMatrixKt";
    private static final Pattern SUM = Pattern.compile("shapes=(\\d+) cells=(\\d+) wrong=0");
    private static final Pattern ENDINGS =
            Pattern.compile("endings=\\{conflict=(\\d+), duplicate=(\\d+), failed=(\\d+), new=(\\d+)}");

    private static final List<String> STORES =
            List.of("store=memory", TestRedis.shared().settings());

    static List<Arguments> everyJdkAndStore() {
        return Pairs.all(Jdks.all(), STORES);
    }

    @MatrixTest
    @MethodSource("everyJdkAndStore")
    void eachShapeMeetsEachFateOnOneDispatcher(Jdks.Jdk jdk, String store) {
        assertRight(jdk, store, "some");
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("everyJdkAndStore")
    void eachShapeMeetsEachFateOnEachDispatcherFromEachKindOfThread(Jdks.Jdk jdk, String store) {
        assertRight(jdk, store, "all");
        assertRight(jdk, store + ",completion=sync", "all");
    }

    private static void assertRight(Jdks.Jdk jdk, String store, String cells) {
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(AGENT, store + ",in-progress-wait=2m,tenant=" + UUID.randomUUID())
                .main(System.getProperty("application.classpath"), PROGRAM, cells)
                .run();
        Matcher sum = SUM.matcher(result.lastOut());
        assertTrue(sum.matches(), result::toString);
        System.out.println(jdk + ", " + store.replaceAll("[,:].*", "") + ": " + result.lastOut());
        assertTrue(Integer.parseInt(sum.group(1)) == 48, result::toString);
        Matcher endings = ENDINGS.matcher(result.out().get(result.out().size() - 2));
        assertTrue(endings.matches(), result::toString);
        // More than one claim of a call would be counted besides.
        assertTrue(
                result.lastErr()
                        .startsWith("idempotent-trace: new=" + endings.group(4) + " duplicate=" + endings.group(2)
                                + " conflict=" + endings.group(1) + " in-progress=0 failed=" + endings.group(3) + " "),
                result::toString);
    }
}
