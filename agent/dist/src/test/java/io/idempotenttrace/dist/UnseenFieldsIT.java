package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.HalfSeen;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects of which the agent sees a part are never taken for each other. */
class UnseenFieldsIT {

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void eachIsSaidByItsUnseenFieldAndNoneIsLost(Jdks.Jdk jdk) {
        ForkedJvm.Result result =
                AgentRun.of(jdk, "store=memory", HalfSeen.class).run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(List.of("8", "16"), result.out(), result::toString);
        for (String unseen : List.of("Span.name", "PackagePrivate.value", "Text.string", "Blob.bytes")) {
            String field = "(" + HalfSeen.class.getName() + "$" + unseen + ")";
            assertTrue(
                    result.err().stream().anyMatch(line -> line.contains(" can't be hashed: ") && line.contains(field)),
                    () -> field + ": " + result);
        }
        assertTrue(
                result.err()
                        .contains(
                                "idempotent-trace: new=0 duplicate=0 conflict=0 in-progress=0 failed=0 unguarded=16 store=memory"),
                result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void withTheirFieldsInThePayloadEachRunsOnce(Jdks.Jdk jdk) {
        ForkedJvm.Result result = AgentRun.of(
                        jdk, "store=memory,type." + HalfSeen.class.getName() + ".unseen-fields=hash", HalfSeen.class)
                .run();
        assertEquals(List.of("8", "8"), result.out(), result::toString);
        assertTrue(
                result.err()
                        .contains(
                                "idempotent-trace: new=8 duplicate=8 conflict=0 in-progress=0 failed=0 unguarded=0 store=memory"),
                result::toString);
    }
}
