package io.idempotenttrace.kotlin.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests to servers that answer each by a coroutine, on one thread: redelivered, failing, and left by their clients. */
class ServersIT {

    private static final Path AGENT = Path.of(System.getProperty("agent.jar"));
    private static final int SAME = 7;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private URI base;

    static List<Arguments> everyServerJdkAndStore() {
        List<Arguments> runs = new ArrayList<>();
        for (Jdks.Jdk jdk : Jdks.all()) {
            for (String server : List.of("WebFluxApplicationKt", "KtorApplicationKt")) {
                runs.add(Arguments.of(server, jdk, "store=memory"));
                runs.add(Arguments.of(server, jdk, TestRedis.shared().settings()));
            }
        }
        return runs;
    }

    @ParameterizedTest
    @MethodSource("everyServerJdkAndStore")
    void theRequestsOfAKeyAreOneClaim(String server, Jdks.Jdk jdk, String store) throws Exception {
        try (ForkedJvm application = ForkedJvm.on(jdk)
                .shortLived()
                .jvm("-Dreactor.netty.ioWorkerCount=1", "-Dserver.port=0")
                .agent(AGENT, store + ",in-progress-wait=2m,tenant=" + UUID.randomUUID())
                .main(System.getProperty("application.classpath"), "io.idempotenttrace.kotlin.web." + server)
                .start()) {
            base = URI.create("http://localhost:"
                    + application.awaitOut(line -> line.startsWith("port ")).substring("port ".length()));
            for (String path : List.of("traces", "spans")) {
                aDuplicateGetsTheStoredAnswer(path);
                aDuplicateOfARunningRequestSuspends(path);
                aClientThatLeavesReleasesTheKey(path);
                aWaitingClientThatLeavesDisturbsNobody(path);
            }
            aFailureReleasesTheKey();
            anotherPayloadIsAConflict();
            application.stop();
            ForkedJvm.Result result = application.await();
            assertTrue(
                    result.lastErr()
                            .startsWith(
                                    "idempotent-trace: new=10 duplicate=20 conflict=1 in-progress=0 failed=3 unguarded=0"),
                    result::toString);
        }
    }

    private void aDuplicateGetsTheStoredAnswer(String path) {
        String key = path + "-again";
        String first = answer(post(path, key));
        assertTrue(first.contains("run 1 of " + key), first);
        assertEquals(first, answer(post(path, key)));
        // A request is counted as left once its answer was sent.
        awaitSeen(key, "left=2");
        assertEquals("arrived=2 left=2 begun=1 cancelled=0", seen(key));
    }

    /** The server's only thread goes on to read other requests, and to say that these have come. */
    private void aDuplicateOfARunningRequestSuspends(String path) {
        String key = path + "-running";
        control("next/" + key + "/hold");
        CompletableFuture<HttpResponse<String>> first = post(path, key);
        awaitSeen(key, "begun=1");
        List<CompletableFuture<HttpResponse<String>>> same =
                IntStream.range(0, SAME).mapToObj(i -> post(path, key)).toList();
        awaitSeen(key, "arrived=" + (1 + SAME));
        assertEquals("arrived=8 left=0 begun=1 cancelled=0", seen(key));
        control("open/" + key);
        assertEquals(
                List.of(answer(first)),
                Stream.concat(Stream.of(first), same.stream())
                        .map(this::answer)
                        .distinct()
                        .toList());
        assertTrue(seen(key).contains("begun=1 cancelled=0"), seen(key));
    }

    private void aClientThatLeavesReleasesTheKey(String path) throws IOException {
        String key = path + "-left";
        control("next/" + key + "/hold");
        try (Socket leaving = send(path, key)) {
            awaitSeen(key, "begun=1");
        }
        awaitSeen(key, "cancelled=1");
        String second = answer(post(path, key));
        assertTrue(second.contains("run 2 of " + key), second);
        assertTrue(seen(key).contains("begun=2 cancelled=1"), seen(key));
    }

    private void aWaitingClientThatLeavesDisturbsNobody(String path) throws IOException {
        String key = path + "-waiting";
        control("next/" + key + "/hold");
        CompletableFuture<HttpResponse<String>> first = post(path, key);
        awaitSeen(key, "begun=1");
        try (Socket leaving = send(path, key)) {
            awaitSeen(key, "arrived=2");
        }
        awaitSeen(key, "left=1");
        assertEquals("arrived=2 left=1 begun=1 cancelled=0", seen(key));
        control("open/" + key);
        assertEquals(answer(first), answer(post(path, key)));
        assertTrue(seen(key).contains("begun=1 cancelled=0"), seen(key));
    }

    private void aFailureReleasesTheKey() {
        control("next/failing/fail");
        assertEquals(500, post("traces", "failing").join().statusCode());
        String second = answer(post("traces", "failing"));
        assertTrue(second.contains("run 2 of failing"), second);
    }

    private void anotherPayloadIsAConflict() {
        answer(post("traces", "conflict"));
        HttpResponse<String> conflict =
                post("traces", "conflict", "{\"span\": 2}").join();
        assertEquals(409, conflict.statusCode(), conflict::body);
        assertTrue(seen("conflict").contains("begun=1"), seen("conflict"));
    }

    private CompletableFuture<HttpResponse<String>> post(String path, String key) {
        return post(path, key, "{\"span\": 1}");
    }

    private CompletableFuture<HttpResponse<String>> post(String path, String key, String body) {
        return client.sendAsync(
                HttpRequest.newBuilder(base.resolve('/' + path))
                        .header("Idempotency-Key", key)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** A request over a connection that the test can close. */
    private Socket send(String path, String key) throws IOException {
        Socket socket = new Socket("localhost", base.getPort());
        String body = "{\"span\": 1}";
        socket.getOutputStream()
                .write(("POST /" + path + " HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: " + key
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private String answer(CompletableFuture<HttpResponse<String>> response) {
        assertEquals(200, response.join().statusCode(), () -> response.join().body());
        return response.join().body();
    }

    private void control(String path) {
        assertEquals(
                200,
                client.sendAsync(
                                HttpRequest.newBuilder(base.resolve('/' + path))
                                        .POST(HttpRequest.BodyPublishers.noBody())
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .join()
                        .statusCode());
    }

    private String seen(String key) {
        return client.sendAsync(
                        HttpRequest.newBuilder(base.resolve("/seen/" + key)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .join()
                .body();
    }

    private void awaitSeen(String key, String wanted) {
        Await.until(key + " shows " + wanted, () -> (seen(key) + ' ').contains(wanted + ' '));
    }
}
