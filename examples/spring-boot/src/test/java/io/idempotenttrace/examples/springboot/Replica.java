package io.idempotenttrace.examples.springboot;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packed application in a JVM of its own, as one of several. */
final class Replica implements AutoCloseable {

    static final Path AGENT = Path.of(System.getProperty("agent.jar")).normalize();
    static final Path APPLICATION = Path.of(System.getProperty("application.jar"));

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(60)).build();
    private final ForkedJvm jvm;
    private final int port;

    private Replica(ForkedJvm jvm) {
        this.jvm = jvm;
        Matcher started = PORT.matcher(jvm.awaitOut(line -> PORT.matcher(line).find()));
        started.find();
        port = Integer.parseInt(started.group(1));
    }

    /** Starts one; it serves when its {@link #await} has returned. */
    static ForkedJvm start(Jdks.Jdk jdk, String tenant, String database) {
        return jvm(jdk, database)
                .agent(AGENT, TestRedis.shared().settings() + ",in-progress-wait=1m,tenant=" + tenant)
                .start();
    }

    static ForkedJvm startWithoutAgent(Jdks.Jdk jdk, String database) {
        return jvm(jdk, database).start();
    }

    private static ForkedJvm.Builder jvm(Jdks.Jdk jdk, String database) {
        return ForkedJvm.on(jdk)
                .shortLived()
                .jvm("-Xmx256m")
                .jar(
                        APPLICATION,
                        "--server.port=0",
                        "--spring.datasource.url=" + database,
                        // Each second, so that both replicas run it many times in a minute.
                        "--summary.cron=* * * * * *");
    }

    static Replica await(ForkedJvm started) {
        return new Replica(started);
    }

    int port() {
        return port;
    }

    CompletableFuture<HttpResponse<String>> post(String span) {
        return client.sendAsync(
                HttpRequest.newBuilder(uri("/spans"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(span))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) {
        return client.sendAsync(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString())
                .join();
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    ForkedJvm jvm() {
        return jvm;
    }

    @Override
    public void close() {
        jvm.close();
    }
}
