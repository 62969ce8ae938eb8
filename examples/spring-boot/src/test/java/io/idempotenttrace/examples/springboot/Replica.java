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
import org.springframework.scheduling.annotation.Scheduled;

/** The packed application in a JVM of its own, as one of several. */
final class Replica implements AutoCloseable {

    static final Path AGENT = Path.of(System.getProperty("agent.jar")).normalize();
    static final Path APPLICATION = Path.of(System.getProperty("application.jar"));

    /** So that replicas run the job many times in the minute that is its key. */
    private static final String EACH_SECOND = "* * * * * *";

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
        return start(jdk, tenant, database, EACH_SECOND);
    }

    /** One that serves requests and runs no scheduled job: each record of the tenant is that of a request. */
    static ForkedJvm startWithoutJob(Jdks.Jdk jdk, String tenant, String database) {
        return start(jdk, tenant, database, Scheduled.CRON_DISABLED);
    }

    private static ForkedJvm start(Jdks.Jdk jdk, String tenant, String database, String cron) {
        return jvm(jdk, database, cron)
                .agent(AGENT, TestRedis.shared().settings() + ",in-progress-wait=1m,tenant=" + tenant)
                .start();
    }

    static ForkedJvm startWithoutAgent(Jdks.Jdk jdk, String database) {
        return jvm(jdk, database, EACH_SECOND).start();
    }

    private static ForkedJvm.Builder jvm(Jdks.Jdk jdk, String database, String cron) {
        return ForkedJvm.on(jdk)
                .shortLived()
                .jvm("-Xmx256m")
                .jar(APPLICATION, "--server.port=0", "--spring.datasource.url=" + database, "--summary.cron=" + cron);
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
