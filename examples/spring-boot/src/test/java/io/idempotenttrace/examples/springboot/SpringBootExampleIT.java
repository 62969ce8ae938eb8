package io.idempotenttrace.examples.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.SharedData;
import io.idempotenttrace.testkit.ShownCommand;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/** Replicas of the packed application on one Redis and one database, with the packed agent. */
class SpringBootExampleIT {

    private static final Path README = SharedData.repository().resolve("examples/spring-boot/README.md");
    private static final String SPAN =
            "{\"traceId\":\"a1\",\"id\":\"b1\",\"service\":\"checkout\",\"durationMicros\":%d}";

    private final String tenant = "spring-boot-" + UUID.randomUUID();
    private Server databaseServer;
    private String database;

    static List<Jdks.Jdk> olderJdks() {
        return Jdks.older();
    }

    @BeforeEach
    void startDatabase() throws SQLException {
        databaseServer = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        database = "jdbc:h2:tcp://localhost:" + databaseServer.getPort() + "/mem:" + tenant
                + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=120000";
    }

    @AfterEach
    void stopDatabase() {
        databaseServer.stop();
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    /** A number of the agent's exit line. */
    private static int counted(ForkedJvm.Result result, String name) {
        Matcher number =
                Pattern.compile("idempotent-trace: .*\\b" + name + "=(\\d+)").matcher(result.lastErr());
        assertTrue(number.find(), result::toString);
        return Integer.parseInt(number.group(1));
    }

    /** A verdict as the actuator tells it, of all scopes. */
    private static double counted(Replica replica, String verdict) {
        return replica.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line ->
                        line.startsWith("idempotent_trace_calls_total{") && line.contains("verdict=\"" + verdict + '"'))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** How long Redis took, and all that it was asked in the last of the buckets. */
    private static boolean hasBuckets(Replica replica, String step) {
        List<String> lines = replica.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line ->
                        line.startsWith("idempotent_trace_store_seconds_") && line.contains("step=\"" + step + '"'))
                .toList();
        return lines.stream().anyMatch(line -> line.contains("_bucket{") && line.contains("le=\"0.0025\""))
                && lines.stream()
                        .anyMatch(line ->
                                line.contains("_bucket{") && line.contains("le=\"+Inf\"") && !line.endsWith(" 0"));
    }

    private static ForkedJvm.Result stop(Replica replica) {
        replica.jvm().stop();
        return replica.jvm().await();
    }

    @Test
    void theSameRequestTwiceGivesOneTraceWhicheverReplicaGetsIt() throws Exception {
        twoReplicasEmitOnce(Jdks.newest());
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void theSameRequestTwiceGivesOneTraceOnOlderJdks(Jdks.Jdk jdk) throws Exception {
        twoReplicasEmitOnce(jdk);
    }

    private void twoReplicasEmitOnce(Jdks.Jdk jdk) throws Exception {
        ForkedJvm oneStarted = Replica.start(jdk, tenant, database);
        ForkedJvm otherStarted = Replica.start(jdk, tenant, database);
        try (Replica one = Replica.await(oneStarted);
                Replica other = Replica.await(otherStarted)) {
            assertTheReadmeShowsWhatHappens(one);
            assertAnsweredAlike(one, other);
            Await.until("both replicas have run the scheduled job", () -> hasRunTheJob(one) && hasRunTheJob(other));
            // Nobody has told the agent of Spring's registry; the exit lines, below, have the same numbers.
            Await.until(
                    "the actuator has the agent's counts",
                    () -> counted(one, "conflict") + counted(other, "conflict") == 1
                            && counted(one, "failed") + counted(other, "failed") == 2
                            && counted(one, "new") + counted(other, "new") > 2);
            Await.until(
                    "the actuator has the buckets that the dashboard asks for",
                    () -> hasBuckets(one, "claim") && hasBuckets(one, "complete"));

            ForkedJvm.Result first = stop(one);
            ForkedJvm.Result second = stop(other);

            assertEquals(2, count("select count(*) from span"), "spans");
            assertEquals(2, count("select spans from service_total where service = 'checkout'"), "spans counted");
            long summaries = count("select count(*) from summary");
            assertEquals(count("select count(distinct ended_at) from summary"), summaries, "a minute has one summary");
            assertTrue(summaries > 0, "no summary");
            assertEquals(2 + summaries, counted(first, "new") + counted(second, "new"), first + "\n" + second);
            assertEquals(2, counted(first, "failed") + counted(second, "failed"), first + "\n" + second);
            assertEquals(1, counted(first, "conflict") + counted(second, "conflict"), first + "\n" + second);
            assertEquals(0, counted(first, "unguarded") + counted(second, "unguarded"), first + "\n" + second);
        }
    }

    /** Its commands, on a database in which nothing was emitted yet. */
    private static void assertTheReadmeShowsWhatHappens(Replica replica) throws Exception {
        List<ShownCommand> commands = ShownCommand.of(README);
        assertEquals(3, commands.size(), commands::toString);
        for (ShownCommand command : commands) {
            assertEquals(
                    command.output(),
                    command.with("localhost:8080", "localhost:" + replica.port())
                            .run(),
                    command::command);
        }
        String readme = Files.readString(README);
        for (Path jar : List.of(Replica.AGENT, Replica.APPLICATION)) {
            assertTrue(readme.contains(SharedData.repository().relativize(jar).toString()), () -> "not shown: " + jar);
        }
    }

    private static void assertAnsweredAlike(Replica one, Replica other) {
        HttpResponse<String> emitted = one.post(SPAN.formatted(5)).join();
        assertEquals(200, emitted.statusCode(), emitted::body);
        for (Replica replica : List.of(one, other, other)) {
            assertEquals(emitted.body(), replica.post(SPAN.formatted(5)).join().body());
        }
        HttpResponse<String> conflict = other.post(SPAN.formatted(6)).join();
        assertEquals(422, conflict.statusCode(), conflict::body);
        // Nothing of the first client's payload, such as its hash.
        assertTrue(conflict.body().contains("\"detail\":\"this key was used for another span\""), conflict::body);
        // The database refuses it after its first insert: the transaction is rolled back, and the key is free for a
        // second attempt.
        String refused = SPAN.formatted(-1).replace("b1", "b2").replace("checkout", "cart");
        for (Replica replica : List.of(one, other)) {
            HttpResponse<String> answer = replica.post(refused).join();
            assertEquals(422, answer.statusCode(), answer::body);
        }
    }

    private static boolean hasRunTheJob(Replica replica) {
        return replica.get("/actuator/prometheus")
                .body()
                .lines()
                .anyMatch(line -> line.startsWith("tasks_scheduled_execution_seconds_count")
                        && line.contains("outcome=\"SUCCESS\""));
    }

    @Tag("matrix")
    @Test
    void aRequestThatRunsAtTheStopEndsAndItsKeyIsCompleted() throws Exception {
        try (Replica replica = Replica.await(Replica.startWithoutJob(Jdks.newest(), tenant, database));
                Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement()) {
            statement.execute("insert into service_total values ('checkout', 0, 0)");
            connection.setAutoCommit(false);
            statement.execute("select * from service_total for update");
            CompletableFuture<HttpResponse<String>> answer = replica.post(SPAN.formatted(5));
            Await.until(
                    "the request runs",
                    () -> TestRedis.shared().statuses(tenant).contains("pending"));

            replica.jvm().stop();
            replica.jvm().awaitOut(line -> line.contains("Commencing graceful shutdown"));
            connection.commit();

            assertAnsweredOrCutOff(answer);
            ForkedJvm.Result result = replica.jvm().await();
            // 128 and the number of the signal.
            assertEquals(143, result.exitCode(), result::toString);
            assertEquals(0, counted(result, "failed"), result::toString);
            List<String> statuses = TestRedis.shared().statuses(tenant);
            assertEquals(Collections.nCopies(statuses.size(), "completed"), statuses);
        }
        // Whoever was cut off sends it again, to a replica that still runs.
        try (Replica other = Replica.await(Replica.startWithoutJob(Jdks.newest(), tenant, database))) {
            assertEquals(
                    "{\"position\":1}", other.post(SPAN.formatted(5)).join().body());
        }
        assertEquals(1, count("select count(*) from span"));
    }

    /** Tomcat takes a request for ended before its answer is written, and a stop may close the connection in between. */
    private static void assertAnsweredOrCutOff(CompletableFuture<HttpResponse<String>> answer) {
        try {
            assertEquals("{\"position\":1}", answer.join().body());
        } catch (CompletionException cutOff) {
            assertInstanceOf(IOException.class, cutOff.getCause());
        }
    }

    /** What makes the other tests worth something. */
    @Tag("matrix")
    @Test
    void withoutTheAgentTheSameRequestTwiceGivesTwoTraces() throws Exception {
        try (Replica replica = Replica.await(Replica.startWithoutAgent(Jdks.newest(), database))) {
            assertEquals(
                    "{\"position\":1}", replica.post(SPAN.formatted(5)).join().body());
            assertEquals(
                    "{\"position\":2}", replica.post(SPAN.formatted(5)).join().body());
        }
    }
}
