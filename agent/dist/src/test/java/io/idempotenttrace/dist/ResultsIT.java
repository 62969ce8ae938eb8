package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.ManyResults;
import io.idempotenttrace.dist.app.Results;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What duplicates get back: an equal value or an exception, never a value that was made up. */
class ResultsIT {

    private static final String PACKAGE = "io.idempotenttrace.dist.app.Results$";

    private static final List<String> ANSWERS = List.of(
            "named: same Named id0 3 kept out, bodies 1",
            "subtype: same Cat[name=cat 1], bodies 1",
            "trusting: Trusted[name=t2] | DuplicateTraceException, bodies 1",
            "abstract: Concrete[name=c3] | DuplicateTraceException, bodies 1",
            "base: same 11, bodies 1",
            "derived: 1 | DuplicateTraceException, bodies 1",
            "no constructor: 7 | DuplicateTraceException, bodies 1",
            "own object: same [k], bodies 1",
            "own object or another: true | DuplicateTraceException, bodies 1",
            "own object later: true | CompletionException, bodies 1",
            "singleton: same true, bodies 1",
            "object text: same text12, bodies 1",
            "object long: same 5, bodies 1",
            "comparable: same text, bodies 1",
            "serializable: same 5, bodies 1",
            "char sequence: same text, bodies 1",
            "number: same 2.5, bodies 1",
            "other comparable: PT0S | DuplicateTraceException, bodies 1",
            "object iterator: same first, bodies 2",
            "type variable: same k, bodies 1",
            "type variable of another list: k | DuplicateTraceException, bodies 1",
            "future of a type variable: own k | DuplicateTraceException, bodies 1",
            "pooled future of a type variable: k | DuplicateTraceException, bodies 1",
            "empty trace id: same [], bodies 1",
            "connection: POST | DuplicateTraceException, bodies 1",
            "list of what: same {a=[1, x, {b=true}]}, bodies 1",
            "null optional: null | DuplicateTraceException, bodies 1",
            "stream: same [a, b], bodies 2",
            "input: 42 | DuplicateTraceException, bodies 1",
            "class: Results | DuplicateTraceException, bodies 1",
            "final failure: InvalidOrderException | DuplicateTraceException of " + PACKAGE
                    + "InvalidOrderException: no lines. Its body does"
                    + " not run again; acknowledge the message, or send it to where failed ones go, bodies 1",
            "final failure of a subclass:  | DuplicateTraceException of " + PACKAGE
                    + "1: never. Its body does not run again; acknowledge the"
                    + " message, or send it to where failed ones go, bodies 1",
            "other failure: same IllegalStateException, bodies 2",
            "final failure of void: InvalidOrderException | DuplicateTraceException of " + PACKAGE
                    + "InvalidOrderException. Its body does not"
                    + " run again; acknowledge the message, or send it to where failed ones go, bodies 1",
            "final failure that is thrown: InvalidOrderException | DuplicateTraceException of " + PACKAGE
                    + "InvalidOrderException: thrown. Its"
                    + " body does not run again; acknowledge the message, or send it to where failed ones go, bodies 1",
            "long message: InvalidOrderException | DuplicateTraceException of " + PACKAGE
                    + "InvalidOrderException: xx. Its body does not run"
                    + " again; acknowledge the message, or send it to where failed ones go, bodies 1",
            "final failure of trace id: InvalidOrderException | DuplicateTraceException of " + PACKAGE
                    + "InvalidOrderException: traced. Its"
                    + " body does not run again; acknowledge the message, or send it to where failed ones go, bodies 1");

    /** Said when the class was woven. The trusting one is annotated, so its first result shows. */
    private static final List<String> REPORTED = List.of(
            "hidden",
            "noConstructor",
            "object",
            "comparable",
            "serializable",
            "sequence",
            "number",
            "echo",
            "given",
            "task",
            "connection",
            "anything",
            "input",
            "type",
            "Client.emit");

    static Stream<Arguments> runs() {
        List<Arguments> runs = new ArrayList<>();
        for (Jdks.Jdk jdk : Jdks.all()) {
            runs.add(Arguments.of(jdk, "store=memory"));
        }
        runs.add(Arguments.of(Jdks.newest(), TestRedis.shared().settings()));
        return runs.stream();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void aDuplicateGetsAnEqualValueOrAnException(Jdks.Jdk jdk, String store) {
        ForkedJvm.Result result = AgentRun.of(
                        jdk,
                        store + ",tenant=results-" + UUID.randomUUID(),
                        Results.class,
                        Path.of(System.getProperty("other.versions"), "jackson-annotations-2.15.4.jar")
                                .toString())
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(ANSWERS, result.out(), result::toString);
        List<String> reported = result.err().stream()
                .filter(line -> line.contains(" returns what may not be read back"))
                .map(line -> line.substring(line.indexOf("Results") + 8, line.indexOf(" returns")))
                .toList();
        assertEquals(REPORTED, reported, result::toString);
        assertTrue(
                result.err().stream()
                        .anyMatch(line -> line.contains(
                                "Results.trusting: its result of type " + PACKAGE + "Trusting can't be stored")),
                result::toString);
        assertEquals(List.of(), AgentRun.foreign(result), result::toString);
    }

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    /** 240 MB of results go through a heap of 64 MB. */
    @MatrixTest
    @MethodSource("jdks")
    void resultsInMemoryAreBoundedAndTheOldestGo(Jdks.Jdk jdk) {
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .jvm("-Xmx64m")
                .agent(AgentRun.AGENT, "store=memory")
                .main(AgentRun.classPath(), ManyResults.class.getName())
                .run();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(
                List.of(
                        "the last one again: 3999, bodies 4000",
                        "the first one again: 4000, bodies 4001",
                        "a new one: true, bodies 4002"),
                result.out().subList(0, 3),
                result::toString);
        long bytes = number(result.out().get(3), "bytes ");
        assertTrue(bytes > 10 << 20 && bytes <= 16 << 20, result::toString);
        long dropped = number(result.out().get(4), "dropped ");
        assertTrue(dropped > 3_800 && dropped < 4_000, result::toString);
        assertTrue(
                result.err().stream()
                        .anyMatch(line -> line.contains("completed records before their time, since it holds at most")
                                && line.contains("(memory-max-bytes)")),
                result::toString);
        assertEquals(
                List.of(
                        "idempotent-trace: records in memory: dropped=" + dropped
                                + " completed ones before their time, for lack of room; a redelivery may run their bodies again",
                        "idempotent-trace: new=4002 duplicate=2 conflict=0 in-progress=0 failed=0 unguarded=0 store=memory"),
                result.err().subList(result.err().size() - 2, result.err().size()),
                result::toString);
        assertEquals(List.of(), AgentRun.foreign(result), result::toString);
    }

    private static long number(String line, String name) {
        assertTrue(line.startsWith(name), line);
        return Long.parseLong(line.substring(name.length()));
    }
}
