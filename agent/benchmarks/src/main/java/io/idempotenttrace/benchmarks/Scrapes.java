package io.idempotenttrace.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Asks for a process's metrics twice a second, as no Prometheus would more often. */
final class Scrapes implements AutoCloseable {

    private static final long MILLIS_BETWEEN = 500;

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpRequest request;
    private final Thread thread = new Thread(this::scrape, "scrapes");
    private volatile int answered;

    private Scrapes(int port) {
        request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
    }

    static Scrapes of(int port) {
        Scrapes scrapes = new Scrapes(port);
        scrapes.thread.setDaemon(true);
        scrapes.thread.start();
        return scrapes;
    }

    private void scrape() {
        try {
            while (true) {
                Thread.sleep(MILLIS_BETWEEN);
                if (served()) {
                    answered++;
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private boolean served() throws InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .contains("idempotent_trace_calls_total");
        } catch (IOException e) {
            // The process has not opened its port yet, or has ended.
            return false;
        }
    }

    /** A process that was never scraped would look splendid. */
    void requireSome() {
        if (answered == 0) {
            throw new IllegalStateException("nothing answered at " + request.uri());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
