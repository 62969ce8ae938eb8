package io.idempotenttrace.scala;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MethodDoors;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A call of a Scala method is one claim, through whichever of its copies it comes. */
class OneClaimIT {

    static List<Jdks.Jdk> everyJdk() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("everyJdk")
    void eachCallIsOneClaim(Jdks.Jdk jdk) {
        String classPath = String.join(
                File.pathSeparator,
                System.getProperty("application.classpath"),
                "target/test-classes",
                MethodDoors.classPath());
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(Path.of(System.getProperty("agent.jar")), "store=memory")
                .main(classPath, ScalaDoors.class.getName())
                .run();
        assertNull(MethodDoors.problem(result));
        System.out.println(jdk + ", Scala: " + result.lastOut());
    }
}
