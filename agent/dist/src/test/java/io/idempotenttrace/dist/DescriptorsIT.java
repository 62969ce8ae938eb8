package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.dist.app.NoDescriptorLeft;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No file can be opened at the first guarded call. What fails for that must not fail for ever. */
@Tag("matrix")
class DescriptorsIT {

    static List<Jdks.Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void callsAreGuardedAgainWhenFilesCanBeOpenedAgain(Jdks.Jdk jdk) {
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .descriptors(200)
                .agent(AgentRun.AGENT, "store=memory,on-store-failure=throw")
                .main(AgentRun.classPath(), NoDescriptorLeft.class.getName())
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(
                List.of(
                        "body last",
                        "returned Answer[key=last, parts=[a, b]]",
                        "returned Answer[key=last, parts=[a, b]]"),
                result.out().subList(result.out().size() - 3, result.out().size()),
                result::toString);
    }
}
