package io.idempotenttrace.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.async.vertx.VertxApplication;
import io.idempotenttrace.async.webflux.WebFluxApplication;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import io.idempotenttrace.testkit.TestRedis;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Redelivered requests, at the same time and later, to servers that never block. */
@Tag("matrix")
class ReactiveApplicationsIT {

    private static final int SAME = 8;

    private final HttpClient client = HttpClient.newHttpClient();

    private static List<String> stores() {
        return List.of("store=memory", TestRedis.shared().settings());
    }

    static List<Arguments> someJdksAndStores() {
        return Pairs.crossSection(Jdks.all(), stores());
    }

    static List<Arguments> otherJdksAndStores() {
        return Pairs.others(Jdks.all(), stores());
    }

    private CompletableFuture<HttpResponse<String>> post(String url, String key, String body) {
        return client.sendAsync(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Idempotency-Key", key)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String get(String url) {
        return client.sendAsync(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .join()
                .body();
    }

    private static String base(ForkedJvm application) {
        return "http://localhost:"
                + application.awaitOut(line -> line.startsWith("port ")).substring("port ".length());
    }

    /** The one answer that all get. */
    private String same(String url, String key, String body) {
        List<CompletableFuture<HttpResponse<String>>> sent =
                IntStream.range(0, SAME).mapToObj(i -> post(url, key, body)).toList();
        List<String> answers = sent.stream()
                .map(CompletableFuture::join)
                .map(HttpResponse::body)
                .toList();
        assertEquals(1, new HashSet<>(answers).size(), answers::toString);
        assertEquals(answers.get(0), post(url, key, body).join().body());
        return answers.get(0);
    }

    @ParameterizedTest
    @MethodSource("someJdksAndStores")
    void springWebFluxEmitsOnce(Jdks.Jdk jdk, String store) {
        try (ForkedJvm application = AsyncRun.of(
                        jdk,
                        store + ",in-progress-wait=1m,tenant=" + UUID.randomUUID(),
                        WebFluxApplication.class,
                        "--server.port=0")
                .start()) {
            String base = base(application);
            String first = same(base + "/traces", "one", "{\"span\": 1}");
            assertTrue(first.startsWith("1 by web on "), first);
            // Its event loop, or Reactor's scheduler for those: nothing of ours.
            assertTrue(
                    first.endsWith("reactor-http-epoll-") || first.contains("reactor") || first.contains("parallel"),
                    first);
            HttpResponse<String> conflict =
                    post(base + "/traces", "one", "{\"span\": 2}").join();
            assertEquals(409, conflict.statusCode(), conflict.body());
            assertEquals("2a\n3b\n", same(base + "/spans", "two", "{\"a\": 1, \"b\": 2}"));
            assertEquals("3", get(base + "/emitted"));
        }
    }

    @ParameterizedTest
    @MethodSource("someJdksAndStores")
    void vertxEmitsOnceAndAnswersOnItsContext(Jdks.Jdk jdk, String store) {
        try (ForkedJvm application = AsyncRun.of(
                        jdk, store + ",in-progress-wait=1m,tenant=" + UUID.randomUUID(), VertxApplication.class)
                .start()) {
            String base = base(application);
            assertEquals("1 on its context", same(base + "/future", "one", "{}"));
            assertEquals("2 on its context", same(base + "/uni", "one", "{}"));
            assertEquals(
                    409, post(base + "/future", "one", "{\"other\": 1}").join().statusCode());
            assertEquals("2", get(base + "/emitted"));
        }
    }

    @MatrixTest
    @MethodSource("otherJdksAndStores")
    void springWebFluxEmitsOnceInTheOtherPairs(Jdks.Jdk jdk, String store) {
        springWebFluxEmitsOnce(jdk, store);
    }

    @MatrixTest
    @MethodSource("otherJdksAndStores")
    void vertxEmitsOnceInTheOtherPairs(Jdks.Jdk jdk, String store) {
        vertxEmitsOnceAndAnswersOnItsContext(jdk, store);
    }
}
