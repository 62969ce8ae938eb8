package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.GuardedCalls;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import io.idempotenttrace.testkit.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Guarded methods of many kinds, as users run them. */
class GuardedCallsIT {

    private static final List<String> GUARDED = List.of(
            "void: same, bodies 1",
            "trace id: same, bodies 1",
            "uuid: same, bodies 1",
            "long trace id: same, bodies 1",
            "record: same, bodies 1",
            "generic result: same, bodies 1",
            "optional: same, bodies 1",
            "null: same, bodies 1",
            "int: same, bodies 1",
            "boolean: same, bodies 1",
            "array: same, bodies 1",
            "wide arguments: same, bodies 1",
            "generic method: same, bodies 1",
            "bridge: same, bodies 1",
            "default method: same, bodies 1",
            "no key: same, bodies 1",
            "throw on duplicate: returned / DuplicateTraceException, bodies 1",
            "too large: 100000 / DuplicateTraceException, bodies 1",
            "failing: same, bodies 2",
            "failing once: IOException / second, bodies 0",
            "nested: same, bodies 1",
            "missing key: same, bodies 2",
            "conflict: TENANT conflict null emit",
            "conflict skipped: 25",
            "conflict proceeds: payload 2",
            "unhashed: of first",
            "tenants: 1 2 1",
            "mutated arguments: 1 mutated",
            "in progress: TraceInProgressException, 8 waited");

    /** By how each call ended: see the cases above. */
    private static final String COUNTS =
            "idempotent-trace: new=28 duplicate=30 conflict=3 in-progress=1 failed=3 unguarded=2 store=";

    static Stream<Arguments> everyJdkAndStore() {
        List<Arguments> runs = new ArrayList<>();
        for (Jdks.Jdk jdk : Jdks.all()) {
            runs.add(Arguments.of(jdk, "memory"));
            runs.add(Arguments.of(jdk, "redis"));
        }
        return runs.stream();
    }

    private static ForkedJvm.Result run(Jdks.Jdk jdk, String store, String more) {
        String tenant = "calls-" + UUID.randomUUID();
        String argument = "store=" + store + ",tenant=" + tenant + more
                + (store.equals("redis") ? "," + TestRedis.shared().settings() : "");
        return AgentRun.of(jdk, argument, GuardedCalls.class).run();
    }

    @ParameterizedTest
    @MethodSource("everyJdkAndStore")
    void everyBodyRunsOnceAndTheJvmPrintsNoWarning(Jdks.Jdk jdk, String store) {
        ForkedJvm.Result result = run(jdk, store, "");
        assertEquals(0, result.exitCode(), result::toString);
        List<String> out = result.out().stream()
                .map(line -> line.replaceAll("calls-[0-9a-f-]{36}", "TENANT"))
                .toList();
        assertEquals(GUARDED, out, result::toString);
        assertEquals(COUNTS + store, result.lastErr(), result::toString);
        assertTrue(
                result.err().get(0).matches("idempotent-trace: version=\\S+ store=" + store + " mode=enforce"),
                result::toString);
        assertEquals(List.of(), AgentRun.foreign(result), result::toString);
    }

    @ParameterizedTest
    @MethodSource("someJdksAndStores")
    void modeOffIsAsWithoutTheAgent(Jdks.Jdk jdk, String store) {
        ForkedJvm.Result without =
                AgentRun.of(jdk, null, GuardedCalls.class).start().await();
        ForkedJvm.Result off = run(jdk, store, ",mode=off");
        assertEquals(without.exitCode(), off.exitCode());
        assertEquals(without.out(), off.out());
        assertTrue(off.err().get(0).endsWith("store=" + store + " mode=off"), off::toString);
        assertEquals(without.err().size(), AgentRun.foreign(off).size(), off::toString);
    }

    static List<Arguments> someJdksAndStores() {
        return Pairs.crossSection(Jdks.all(), List.of("memory", "redis"));
    }

    static List<Arguments> otherJdksAndStores() {
        return Pairs.others(Jdks.all(), List.of("memory", "redis"));
    }

    @MatrixTest
    @MethodSource("otherJdksAndStores")
    void modeOffIsAsWithoutTheAgentInTheOtherPairs(Jdks.Jdk jdk, String store) {
        modeOffIsAsWithoutTheAgent(jdk, store);
    }
}
