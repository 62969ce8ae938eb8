package io.idempotenttrace.dist.versions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.AgentRun;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** This version of the agent and the one before it, in a JVM each, on one Redis, as in a deploy that is under way. */
@Tag("matrix")
class TwoVersionsIT {

    /** By far longer than the lease. */
    private static final long LONG_BODY_NANOS = TimeUnit.SECONDS.toNanos(7);

    private static final String TENANT = "versions-" + UUID.randomUUID();
    private static TestRedis redis;
    private static Worker previous;
    private static Worker present;
    private static ExecutorService pool;

    /** A JVM that takes calls. */
    private static final class Worker {

        private final String name;
        private final ForkedJvm jvm;
        private final int port;

        Worker(String name, Path agent) {
            this.name = name;
            jvm = ForkedJvm.on(Jdks.newest())
                    .agent(
                            agent,
                            redis.settings() + ",tenant=" + TENANT
                                    + ",lease=2s,in-progress-wait=120s,log-period=1ms,on-store-failure=throw")
                    .main(AgentRun.classPath(), VersionWorker.class.getName())
                    .start();
            port = Integer.parseInt(
                    jvm.awaitOut(line -> line.startsWith("port ")).substring(5));
        }

        Call call(String method, String key, String payload) {
            return new Call(port, method + ' ' + key + ' ' + payload);
        }

        /** How a call ends whose body, if it runs, ends by itself. */
        String answer(String method, String key, String payload) {
            try (Call call = new Call(port, method + ' ' + key + ' ' + payload + " auto")) {
                return call.next();
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** A call under way. */
    private static final class Call implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader in;
        private final PrintWriter out;

        Call(int port, String line) {
            try {
                socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setSoTimeout(120_000);
                in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                out = new PrintWriter(socket.getOutputStream(), /* autoFlush= */ true, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            out.println(line);
        }

        String next() {
            try {
                return in.readLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Its body runs, and waits to be told its end. */
        Call inBody() {
            assertEquals("body", next());
            return this;
        }

        String end(String traceIdOrFail) {
            out.println(traceIdOrFail);
            return next();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Who owns a key, who comes while it does, and whether the key is shared.
     *
     * @param method {@code shared} or {@code scoped}
     */
    record Pair(Worker owner, Worker other, String method) {

        String key(String what) {
            return what + '-' + owner + '-' + method;
        }

        String redisKey(String key) {
            return "idem:" + TENANT + (method.equals("shared") ? ":" : "%:versions:") + key;
        }

        String field(String key, String field) {
            return (String) redis.call("HGET", redisKey(key), field);
        }

        @Override
        public String toString() {
            return owner + " owns, " + other + " comes, " + method;
        }
    }

    static Stream<Pair> pairs() {
        return Stream.of("shared", "scoped")
                .flatMap(method -> Stream.of(new Pair(previous, present, method), new Pair(present, previous, method)));
    }

    @BeforeAll
    static void start() throws Exception {
        Path jar = PreviousAgent.jar();
        redis = TestRedis.start();
        previous = new Worker("previous", jar);
        present = new Worker("present", AgentRun.AGENT);
        pool = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stop() {
        for (Worker worker : new Worker[] {previous, present}) {
            if (worker != null) {
                worker.jvm.close();
            }
        }
        if (redis != null) {
            redis.close();
            pool.shutdownNow();
        }
    }

    // [P7]
    @Test
    void aLongBodyThatRenewsAShortLeaseIsNotTakenOverAndEndsForAll() throws Exception {
        List<Future<?>> all = new ArrayList<>();
        pairs().forEach(pair -> all.add(pool.submit(() -> longBody(pair))));
        for (Future<?> each : all) {
            each.get(120, TimeUnit.SECONDS);
        }
    }

    private static void longBody(Pair pair) {
        String key = pair.key("long");
        long begun = System.nanoTime();
        try (Call body = pair.owner.call(pair.method, key, "p").inBody();
                Call waiting = pair.other.call(pair.method + "-waiting", key, "p")) {
            Await.until("the body has run for 7 s", () -> {
                assertEquals("in-progress", pair.other.answer(pair.method, key, "p"), pair::toString);
                assertEquals("conflict", pair.other.answer(pair.method, key, "another"), pair::toString);
                return System.nanoTime() - begun > LONG_BODY_NANOS;
            });
            assertEquals("ran long", body.end("long"), pair::toString);
            assertEquals("duplicate long", waiting.next(), pair::toString);
        }
        for (Worker each : new Worker[] {pair.owner, pair.other}) {
            assertEquals("duplicate long", each.answer(pair.method, key, "p"), pair::toString);
            assertEquals("conflict", each.answer(pair.method, key, "another"), pair::toString);
        }
        assertEquals("completed", pair.field(key, "status"), pair::toString);
    }

    // [P14]
    @ParameterizedTest
    @MethodSource("pairs")
    void aPausedOwnerIsTakenOverAndFencedOff(Pair pair) {
        String key = pair.key("paused");
        try (Call late = pair.owner.call(pair.method, key, "p").inBody()) {
            pair.owner.jvm.pause();
            try (Call next = pair.other.call(pair.method + "-waiting", key, "p")) {
                assertEquals("ran right", next.inBody().end("right"));
            } finally {
                pair.owner.jvm.resume();
            }
            Await.until("the successor has completed it", () -> "completed".equals(pair.field(key, "status")));
            assertEquals("ran late", late.end("late"));
            pair.owner.jvm.awaitErr(line -> line.contains("ran twice") && line.contains(key));
        }
        assertEquals("right", pair.field(key, "trace_id"));
        assertEquals("duplicate right", pair.other.answer(pair.method, key, "p"));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void whatFailedIsClaimedAnew(Pair pair) {
        String key = pair.key("failed");
        try (Call failing = pair.owner.call(pair.method, key, "p").inBody();
                Call waiting = pair.other.call(pair.method + "-waiting", key, "p")) {
            assertEquals("failed", failing.end("fail"));
            assertEquals("ran again", waiting.inBody().end("again"));
        }
        // Completions are written soon after their calls have returned: who comes at once may have to wait for that.
        assertEquals("duplicate again", pair.owner.answer(pair.method + "-waiting", key, "p"));
        assertEquals("duplicate again", pair.other.answer(pair.method, key, "p"));
    }

    /** The previous version does not know the failed note, and so begins anew. */
    @ParameterizedTest
    @MethodSource("pairs")
    void aFailedRecordsPayloadIsComparedWhereItsNoteIsKnown(Pair pair) {
        String key = pair.key("compared");
        try (Call failing = pair.owner.call(pair.method, key, "p").inBody()) {
            assertEquals("failed", failing.end("fail"));
        }
        boolean noteIsUnknown = pair.method.equals("shared") && pair.other == previous;
        Await.until("the failure has reached Redis", () -> !"pending".equals(pair.field(key, "status")));
        String answer = pair.other.answer(pair.method, key, "another");
        assertTrue(answer.startsWith(noteIsUnknown ? "ran " : "conflict"), answer);
    }

    // [P2]
    @Test
    void ofBothVersionsOneRunsEachKey() throws Exception {
        int keys = 150;
        for (String method : List.of("shared", "scoped")) {
            Map<String, List<Future<String>>> answers = new HashMap<>();
            for (int i = 0; i < keys; i++) {
                String key = "race-" + i;
                List<Future<String>> ofKey = new ArrayList<>();
                for (Worker worker : List.of(previous, present, previous, present)) {
                    ofKey.add(pool.submit(() -> worker.answer(method + "-waiting", key, "p")));
                }
                answers.put(key, ofKey);
            }
            for (Map.Entry<String, List<Future<String>>> each : answers.entrySet()) {
                int bodies = 0;
                String traceId = null;
                for (Future<String> answer : each.getValue()) {
                    String[] words = answer.get(120, TimeUnit.SECONDS).split(" ");
                    bodies += words[0].equals("ran") ? 1 : 0;
                    assertTrue(words[0].equals("ran") || words[0].equals("duplicate"), words[0]);
                    assertTrue(traceId == null || traceId.equals(words[1]), each.getKey());
                    traceId = words[1];
                }
                assertEquals(1, bodies, each.getKey());
            }
        }
    }
}
