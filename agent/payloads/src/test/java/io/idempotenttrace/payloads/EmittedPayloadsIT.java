package io.idempotenttrace.payloads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packed agent under a program that emits values of libraries: every different one once, every redelivered one not again. */
class EmittedPayloadsIT {

    /** Of the agent itself the program sees the annotations alone. */
    private static final List<String> NOT_OF_THE_PROGRAM =
            List.of("agent/core/", "agent/config/", "agent/dist/", "agent/testkit/", "jackson-core-3");

    static List<Jdks.Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void fifteenDifferentPayloadsAreEmittedOnce(Jdks.Jdk jdk) throws Exception {
        String classPath = Arrays.stream(
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .split(File.pathSeparator))
                .filter(entry -> NOT_OF_THE_PROGRAM.stream().noneMatch(entry::contains))
                .collect(Collectors.joining(File.pathSeparator));
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .agent(Path.of(System.getProperty("agent.jar")), "store=memory")
                .shortLived()
                .main(classPath, Emitter.class.getName())
                .run();
        assertEquals("15 emitted", result.lastOut(), result::toString);
        assertTrue(result.lastErr().contains("new=15 duplicate=15 conflict=0"), result::toString);
    }
}
