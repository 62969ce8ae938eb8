package io.idempotenttrace.examples.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.RedisConnection;
import io.idempotenttrace.testkit.SharedData;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packed worker as users run it, with the packed agent and without. */
class WorkerIT {

    private static final Path AGENT = Path.of(System.getProperty("agent.jar"));
    private static final Path WORKER = Path.of(System.getProperty("worker.jar"));
    private static final String REAL = "traces/smartthings-mobile-web-install.json";

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    static List<Jdks.Jdk> olderJdks() {
        return Jdks.older();
    }

    private Path out() {
        return folder.resolve("out.jsonl");
    }

    private static ForkedJvm.Result without(String... arguments) {
        return ForkedJvm.on(Jdks.newest()).shortLived().jar(WORKER, arguments).run();
    }

    private static ForkedJvm.Builder with(Jdks.Jdk jdk, String argument, String... arguments) {
        return ForkedJvm.on(jdk).agent(AGENT, argument).jar(WORKER, arguments);
    }

    private static String redis() {
        return TestRedis.shared().settings();
    }

    private static void assertReport(
            ForkedJvm.Result result, int spans, int deliveries, int emitted, int duplicates, int conflicts)
            throws IOException {
        assertEquals(0, result.exitCode(), result::toString);
        JsonNode report = TraceFiles.JSON.readTree(result.lastOut());
        assertEquals(
                List.of(spans, deliveries, emitted, duplicates, conflicts, 0),
                Stream.of("spans", "deliveries", "emitted", "duplicates", "conflicts", "errors")
                        .map(name -> report.get(name).asInt())
                        .toList(),
                result::toString);
        assertTrue(report.get("seconds").isDouble(), result::toString);
    }

    private static String counts(int newOnes, int duplicates, int conflicts, String store) {
        return "idempotent-trace: new=" + newOnes + " duplicate=" + duplicates + " conflict=" + conflicts
                + " in-progress=0 failed=0 unguarded=0 store=" + store;
    }

    @Test
    void withoutTheAgentEveryDeliveryOfTheSampleIsEmitted() throws IOException {
        ForkedJvm.Result result = without("--out", out().toString());
        assertReport(result, 28, 84, 84, 0, 0);
        assertEquals(84, Files.readAllLines(out()).size());
        assertEquals(List.of(), result.err());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void withTheAgentEachSpanOfTheSampleIsEmittedOnce(Jdks.Jdk jdk) throws IOException {
        ForkedJvm.Result result =
                with(jdk, "store=memory", "--out", out().toString()).run();
        assertReport(result, 28, 84, 27, 54, 3);
        List<String> lines = Files.readAllLines(out());
        assertEquals(27, lines.size());
        assertEquals(27, new HashSet<>(lines).size());
        assertEquals(counts(27, 54, 3, "memory"), result.lastErr(), result::toString);
        assertEquals(
                3,
                result.err().stream()
                        .filter(line -> line.startsWith("conflict: "))
                        .count(),
                result::toString);
    }

    @Test
    void eachSpanOfRealTracesIsEmittedOnce() throws IOException {
        assertFiguresOfRealTraces("1", "8");
    }

    @MatrixTest
    @CsvSource({"1,1", "2,8", "3,32"})
    void theFiguresOfRealTracesDependNeitherOnSeedNorOnThreads(String seed, String threads) throws IOException {
        assertFiguresOfRealTraces(seed, threads);
    }

    private void assertFiguresOfRealTraces(String seed, String threads) throws IOException {
        String file = SharedData.require(REAL).toString();
        ForkedJvm.Result result = with(
                        Jdks.newest(),
                        "store=memory",
                        "--deliveries",
                        "3",
                        "--threads",
                        threads,
                        "--seed",
                        seed,
                        "--out",
                        out().toString(),
                        file)
                .run();
        assertReport(result, 1041, 3123, 1037, 2074, 12);
        assertEquals(1037, Files.readAllLines(out()).size());
        assertEquals(counts(1037, 2074, 12, "memory"), result.lastErr(), result::toString);
    }

    @Test
    void withoutTheAgentRealTracesAreEmittedThreeTimes() throws IOException {
        assertReport(
                without(
                        "--deliveries",
                        "3",
                        "--threads",
                        "8",
                        "--out",
                        out().toString(),
                        SharedData.require(REAL).toString()),
                1041,
                3123,
                3123,
                0,
                0);
        assertEquals(3123, Files.readAllLines(out()).size());
    }

    @Test
    void aSecondRunOnTheSameRedisEmitsNothing() throws IOException {
        assertASecondRunEmitsNothing(Jdks.newest());
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void aSecondRunOnTheSameRedisEmitsNothingOnOlderJdks(Jdks.Jdk jdk) throws IOException {
        assertASecondRunEmitsNothing(jdk);
    }

    private void assertASecondRunEmitsNothing(Jdks.Jdk jdk) throws IOException {
        String tenant = "worker-" + UUID.randomUUID();
        String[] arguments = {"--threads", "8", "--tenant", tenant, "--out", out().toString()};
        ForkedJvm.Result first = with(jdk, redis(), arguments).run();
        assertReport(first, 28, 84, 27, 54, 3);
        assertEquals(counts(27, 54, 3, "redis"), first.lastErr(), first::toString);
        ForkedJvm.Result second = with(jdk, redis(), arguments).run();
        assertReport(second, 28, 84, 0, 81, 3);
        assertEquals(counts(0, 81, 3, "redis"), second.lastErr(), second::toString);
        assertEquals(27, Files.readAllLines(out()).size());
    }

    /** The payloads are hashed in the form of the records. */
    @Test
    @Tag("matrix")
    void aRunWithAnotherFormEmitsNothingEither() throws IOException {
        String[] arguments = {"--tenant", "worker-" + UUID.randomUUID(), "--out", out().toString()};
        with(Jdks.newest(), redis(), arguments).run();
        ForkedJvm.Result other =
                with(Jdks.newest(), redis() + ",canonical-form=jcs", arguments).run();
        assertReport(other, 28, 84, 0, 81, 3);
        assertEquals(counts(0, 81, 3, "redis"), other.lastErr(), other::toString);
        assertTrue(other.toString().contains("only where this process still knows the first payload"), other::toString);
        assertEquals(27, Files.readAllLines(out()).size());
    }

    /** Each line is what one worker of a fleet has, whose settings change step by step. */
    @Tag("matrix")
    @Test
    void secretsAreSwitchedOnAndRotatedWhileTracesAreDeliveredAgain() throws IOException {
        String one = "k1=the-first-secret-of-this-test";
        String two = "k2=the-second-secret-of-this-test";
        String tenant = "worker-" + UUID.randomUUID();
        String[] arguments = {"--threads", "8", "--tenant", tenant, "--out", out().toString()};
        assertReport(secretRun("plain;" + one, arguments), 28, 84, 27, 54, 3);
        ForkedJvm.Result keyed = secretRun(one, arguments);
        assertReport(keyed, 28, 84, 0, 81, 3);
        // New traces are claimed with the secret from now on.
        arguments[3] = "worker-" + UUID.randomUUID();
        Files.delete(out());
        assertReport(secretRun(one + ";" + two, arguments), 28, 84, 27, 54, 3);
        ForkedJvm.Result rotated = secretRun(two + ";" + one + ",canonical-form=jcs", arguments);
        assertReport(rotated, 28, 84, 0, 81, 3);
        assertTrue(rotated.toString().contains("payload differs in: /duration"), rotated::toString);
        assertFalse((keyed.toString() + rotated).contains("secret-of-this-test"), rotated::toString);
        assertEquals(27, Files.readAllLines(out()).size());
    }

    private ForkedJvm.Result secretRun(String secrets, String... arguments) throws IOException {
        return with(Jdks.newest(), redis() + ",hash-secret=" + secrets, arguments)
                .run();
    }

    @Test
    void twoJvmsOnOneRedisShareTheWork() throws IOException {
        String tenant = "worker-" + UUID.randomUUID();
        List<Path> outs = List.of(folder.resolve("a.jsonl"), folder.resolve("b.jsonl"));
        List<ForkedJvm> jvms = new ArrayList<>();
        for (Path out : outs) {
            jvms.add(with(
                            Jdks.newest(),
                            redis(),
                            "--threads",
                            "8",
                            "--deliveries",
                            "20",
                            "--seed",
                            Integer.toString(jvms.size()),
                            "--tenant",
                            tenant,
                            "--out",
                            out.toString())
                    .start());
        }
        for (ForkedJvm jvm : jvms) {
            ForkedJvm.Result result = jvm.await();
            assertEquals(0, result.exitCode(), result::toString);
            assertTrue(result.lastErr().endsWith(" in-progress=0 failed=0 unguarded=0 store=redis"), result::toString);
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(outs.get(0)));
        lines.addAll(Files.readAllLines(outs.get(1)));
        assertEquals(27, lines.size());
        assertEquals(27, new HashSet<>(lines).size());
    }

    @Test
    void theRecordOfASpanHasTheFieldsThatOtherWorkersRead() throws IOException {
        String tenant = "acme-" + UUID.randomUUID();
        with(Jdks.newest(), redis(), "--tenant", tenant, "--out", out().toString())
                .run();
        JsonNode span = TraceFiles.JSON.readTree(Files.readAllLines(out()).get(0));
        String key = "idem:" + tenant + ":" + span.get("traceId").asText() + ":"
                + span.get("id").asText() + ":" + span.path("kind").asText("") + ":"
                + span.path("shared").asText("");
        TestRedis redis = TestRedis.shared();
        try (RedisConnection connection = new RedisConnection("127.0.0.1", redis.port())) {
            List<?> fields = (List<?>) connection.call("HMGET", key, "tenant_id", "status", "trace_id");
            assertEquals(List.of(tenant, "completed", ""), fields);
            assertTrue(((String) connection.call("HGET", key, "hash")).matches("[0-9a-f]{64}"));
            assertTrue(((String) connection.call("HGET", key, "created_at")).matches("\\d{10}"));
            long ttl = (Long) connection.call("TTL", key);
            assertTrue(ttl > 86_000 && ttl <= 86_400, "ttl " + ttl);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[{]",
                "{}",
                "42",
                "[1]",
                "[[1]]",
                "[{\"traceId\":\"a\"}]",
                "[{\"traceId\":1,\"id\":\"b\"}]",
                "[] x",
                "[[[]]]",
                "[null]"
            })
    void whatIsNotSpansIsOneLineAndNothingIsEmitted(String content) throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.json"), content);
        Path good = Files.writeString(folder.resolve("good.json"), "[{\"traceId\":\"a\",\"id\":\"b\"}]");
        Files.writeString(out(), "before\n");
        ForkedJvm.Result result = without("--out", out().toString(), good.toString(), bad.toString());
        assertEquals(2, result.exitCode(), result::toString);
        assertEquals(1, result.err().size(), result::toString);
        assertTrue(result.err().get(0).contains("bad.json"), result::toString);
        assertEquals(List.of(), result.out());
        assertEquals("before\n", Files.readString(out()));
    }

    @Test
    void missingFilesFoldersAndWrongOptionsAreOneLine() {
        for (String[] arguments : List.of(
                new String[] {folder.resolve("none.json").toString()},
                new String[] {folder.toString()},
                new String[] {"--deliveries", "x"},
                new String[] {"--deliveries", "0"},
                new String[] {"--threads", "-1"},
                new String[] {"--nonsense"},
                new String[] {"--out", folder.resolve("no/such/folder").toString()})) {
            ForkedJvm.Result result = without(arguments);
            assertEquals(2, result.exitCode(), result::toString);
            assertEquals(1, result.err().size(), result::toString);
        }
    }

    @Test
    void anArrayOfTracesIsReadAsAnArrayOfSpans() throws IOException {
        Path nested = Files.write(
                folder.resolve("nested.json"),
                "[[{\"traceId\":\"a\",\"id\":\"1\"},{\"traceId\":\"a\",\"id\":\"2\",\"n\":1.50}],[]]"
                        .getBytes(StandardCharsets.UTF_8));
        assertReport(without("--deliveries", "1", "--out", out().toString(), nested.toString()), 2, 2, 2, 0, 0);
        assertFalse(Files.readString(out()).isEmpty());
    }
}
