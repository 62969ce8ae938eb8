package io.idempotenttrace.kotlin.copies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MethodDoors;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A call of a Kotlin method is one claim, through whichever of its copies it comes. */
class OneClaimIT {

    static final String CLASS_PATH = System.getProperty("application.classpath") + File.pathSeparator
            + "target/test-classes" + File.pathSeparator + MethodDoors.classPath();

    static List<Jdks.Jdk> everyJdk() {
        return Jdks.all();
    }

    static ForkedJvm.Result run(
            Jdks.Jdk jdk, String settings, String classPath, Class<?> program, String... arguments) {
        return ForkedJvm.on(jdk)
                .shortLived()
                .agent(Path.of(System.getProperty("agent.jar")), settings)
                .main(classPath, program.getName(), arguments)
                .run();
    }

    @ParameterizedTest
    @MethodSource("everyJdk")
    void eachCallIsOneClaim(Jdks.Jdk jdk) {
        ForkedJvm.Result result = run(jdk, "store=memory", CLASS_PATH, KotlinDoors.class);
        assertNull(MethodDoors.problem(result));
        System.out.println(jdk + ", Kotlin: " + result.lastOut());
        assertEquals(
                List.of(),
                result.err().stream()
                        .filter(line -> line.contains("without effect") && !line.contains("Abstract.abs"))
                        .toList());
    }

    @Test
    void whatIsInlinedOrCountedUpIsReported() {
        ForkedJvm.Result result = run(Jdks.newest(), "store=memory", CLASS_PATH, ReportedCalls.class);
        assertTrue(
                result.err().stream().anyMatch(line -> line.contains("Reported.inlined is an inline function")),
                result::toString);
        assertTrue(
                result.err().stream().anyMatch(line -> line.contains("has a name that the compiler counts up")),
                result::toString);
        assertEquals("lambda=1", result.lastOut(), result::toString);
    }
}
