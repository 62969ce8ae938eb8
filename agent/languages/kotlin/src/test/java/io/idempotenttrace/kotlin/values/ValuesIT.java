package io.idempotenttrace.kotlin.values;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.Pairs;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Kotlin methods take and return: equal arguments are one claim, others are not; what fails runs again, whether it is thrown, comes
 * later, or is carried by a Result; what can't be read back is refused to a duplicate, and never made up.
 */
class ValuesIT {

    private static final Path AGENT = Path.of(System.getProperty("agent.jar"));
    private static final String FAILURE = "Failure(java.lang.IllegalStateException: told to fail)";

    /** Of each call what it returned or threw, and how many bodies ran. */
    private static final List<String> EXPECTED = List.of(
            "deferred k = d, d (1)",
            "future k = f, f (1)",
            "flow k = [one, two], [one, two] (1)",
            "suspending k = s, s (1)",
            "result k = Success(ok), Success(ok) (1)",
            "result later k = Success(ok), Success(ok) (1)",
            "result of unit k = Success(kotlin.Unit), Success(kotlin.Unit) (1)",
            "deferred result k = Success(ok), DuplicateTraceException (1)",
            "flow of results k = [Success(ok)], DuplicateTraceException (1)",
            "generic result k = Success(kotlin.Unit), DuplicateTraceException (1)",
            "deferred bad = IllegalStateException, IllegalStateException (2)",
            "future bad = CompletionException, CompletionException (2)",
            "flow bad = IllegalStateException, IllegalStateException (2)",
            "suspending bad = IllegalStateException, IllegalStateException (2)",
            "result bad = " + FAILURE + ", " + FAILURE + " (2)",
            "result later bad = " + FAILURE + ", " + FAILURE + " (2)",
            "result of unit bad = " + FAILURE + ", " + FAILURE + " (2)",
            "deferred result bad = " + FAILURE + ", " + FAILURE + " (2)",
            "flow of results bad = [" + FAILURE + "], [" + FAILURE + "] (2)",
            "generic result bad = " + FAILURE + ", " + FAILURE + " (2)",
            "sequence = [q], [q] (2)",
            "channel = c, c (2)",
            "flow later = [l], [l] (2)",
            "deferred later = l, l (2)",
            "futures = [l], [l] (2)",
            "value class = SpanId(value=a), SpanId(value=a) (1)",
            "data class = Span(id=SpanId(value=k), isRoot=true, attributes={a=1}, pair=null), DuplicateTraceException (1)",
            "data classes = [Span(id=SpanId(value=k), isRoot=false, attributes={}, pair=null)], DuplicateTraceException (1)",
            "default argument of a data class = Money(amount=1.50, currency=EUR), DuplicateTraceException (1)",
            "pair = (k, 3), DuplicateTraceException (1)",
            "unit = kotlin.Unit, kotlin.Unit (1)",
            "generic text = text, text (1)",
            "generic number = 5, 5 (1)",
            "sealed = Opened(count=5), DuplicateTraceException (1)",
            "data object = Closed, Closed (1)",
            "enum = azure, azure (1)",
            "unsigned = 4000000000, 4000000000 (1)",
            "duration = 1m, 1m (1)",
            "null = null, null (1)",
            "nothing = IllegalStateException, IllegalStateException (2)",
            "takes a data class = kotlin.Unit, kotlin.Unit (1)",
            "takes sealed classes = kotlin.Unit, kotlin.Unit, kotlin.Unit, kotlin.Unit, kotlin.Unit, kotlin.Unit (4)",
            "takes enums = kotlin.Unit, kotlin.Unit, kotlin.Unit (2)",
            "takes pairs = kotlin.Unit, kotlin.Unit, kotlin.Unit (2)",
            "takes many = kotlin.Unit, kotlin.Unit, kotlin.Unit (2)",
            "takes durations = kotlin.Unit, kotlin.Unit, TraceConflictException (1)",
            "takes a lambda = kotlin.Unit, kotlin.Unit (2)",
            "takes unsigned numbers = kotlin.Unit, kotlin.Unit, kotlin.Unit (2)");

    static List<Arguments> everyJdkAndStore() {
        return Pairs.all(Jdks.all(), List.of("store=memory", TestRedis.shared().settings()));
    }

    @ParameterizedTest
    @MethodSource("everyJdkAndStore")
    void eachCallIsOneClaimAndNoValueIsMadeUp(Jdks.Jdk jdk, String store) {
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(AGENT, store + ",in-progress-wait=2m,tenant=" + UUID.randomUUID())
                .main(System.getProperty("application.classpath"), "io.idempotenttrace.kotlin.values.ValuesKt")
                .run();
        assertEquals(EXPECTED, result.out(), result::toString);
        for (String named : List.of(
                "Values.sequence returns kotlin.sequences.Sequence",
                "Values.channel returns kotlinx.coroutines.channels.",
                "Values.flowLater returns kotlinx.coroutines.flow.Flow",
                "Values.deferredLater returns kotlinx.coroutines.Deferred",
                "Values.futures returns java.util.concurrent.CompletableFuture")) {
            assertEquals(
                    1,
                    result.err().stream()
                            .filter(line -> line.contains(named) && line.contains("its body runs on every call"))
                            .count(),
                    () -> named + ": " + result);
        }
        assertTrue(
                result.lastErr()
                        .startsWith(
                                "idempotent-trace: new=38 duplicate=32 conflict=1 in-progress=0 failed=22 unguarded=12 "),
                result::toString);
    }
}
