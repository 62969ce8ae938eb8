package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.SwitchedProgram;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code watch} of the packed jar, while three workers run: in the end its figures are those of their exit lines. */
class WatchIT {

    private static final int WORKERS = 3;
    private static final int CHROMIUM_SECONDS = 120;
    private static final Pattern COUNT = Pattern.compile("\"?([a-z-]+)\"?[=:](\\d+)");

    @TempDir
    private Path folder;

    @Test
    void itsFiguresAreThoseOfTheExitLines() throws Exception {
        try (TestRedis redis = TestRedis.start();
                ForkedJvm watch = ForkedJvm.on(Jdks.newest())
                        .shortLived()
                        .jar(
                                AgentRun.AGENT,
                                "watch",
                                "--json",
                                "--http",
                                "127.0.0.1:0",
                                "--set",
                                "command-timeout=30s",
                                "--set",
                                "connect-timeout=30s",
                                "--redis-url",
                                redis.url())
                        .start()) {
            String url =
                    watch.awaitErr(line -> line.contains("the page is at ")).replaceAll(".* ", "");
            List<ForkedJvm> workers = new ArrayList<>();
            Map<String, Long> sums = new LinkedHashMap<>();
            try {
                for (int i = 0; i < WORKERS; i++) {
                    workers.add(AgentRun.of(
                                    Jdks.newest(),
                                    redis.settings() + ",fleet-poll=100ms,hash-secret=of-more-than-sixteen-characters",
                                    SwitchedProgram.class)
                            .start());
                }
                watch.awaitOut(line -> line.split("\"state\":\"runs\"", -1).length == WORKERS + 1
                        && line.contains("\"scope\":\"paid\",\"key\":\"k\",\"members\":[\"/amount\"]"));
                refusesRequestsForOthers(url);
                for (ForkedJvm worker : workers) {
                    worker.stop();
                    ForkedJvm.Result result = worker.await();
                    Map<String, Long> counts = counts(result.lastErr().replaceAll(" store=.*", ""));
                    counts.forEach((name, count) -> sums.merge(name, count, Long::sum));
                    String seen = watch.awaitOut(line -> ended(line, worker) != null);
                    assertEquals(counts, counts(ended(seen, worker)), result::toString);
                }
            } finally {
                workers.forEach(ForkedJvm::close);
            }
            String last = watch.awaitOut(line -> line.split("\"state\":\"ended\"", -1).length == WORKERS + 1);
            assertEquals(sums, counts(last.replaceAll(".*?\"calls\":\\{([^}]*)}.*", "$1")), last);
            showsThemInChromium(url, sums);
        }
    }

    /** The counts of a worker that has ended, in a line of the view; null while it has not. */
    private static String ended(String line, ForkedJvm worker) {
        Matcher found = Pattern.compile("\"process\":\"[^\"]*/" + worker.pid()
                        + "\",\"version\":\"[^\"]*\",\"mode\":\"enforce\",\"state\":\"ended\",\"calls\":\\{([^}]*)}")
                .matcher(line);
        return found.find() ? found.group(1) : null;
    }

    private static Map<String, Long> counts(String text) {
        Map<String, Long> counts = new LinkedHashMap<>();
        Matcher each = COUNT.matcher(text);
        while (each.find()) {
            counts.put(each.group(1), Long.parseLong(each.group(2)));
        }
        assertEquals(6, counts.size(), text);
        return counts;
    }

    /** A name that leads here, but is not this address: the page of an attacker would be read by it. */
    private static void refusesRequestsForOthers(String url) throws Exception {
        int port = URI.create(url).getPort();
        assertTrue(answer(port, "GET", "/frames", "127.0.0.1:" + port).startsWith("HTTP/1.1 200 "));
        assertTrue(answer(port, "GET", "/", "localhost:" + port).startsWith("HTTP/1.1 200 "));
        for (String host :
                List.of("attacker.example:" + port, "attacker.example", "127.0.0.1:1", "127.0.0.2:" + port)) {
            String answer = answer(port, "GET", "/frames", host);
            assertTrue(answer.startsWith("HTTP/1.1 421 ") && !answer.contains("amount"), host + ": " + answer);
        }
        assertTrue(answer(port, "POST", "/frames", "127.0.0.1:" + port).startsWith("HTTP/1.1 405 "));
        assertTrue(answer(port, "GET", "/other", "127.0.0.1:" + port).startsWith("HTTP/1.1 404 "));
        HttpResponse<String> page = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; script-src 'nonce-"), policy);
        assertFalse(page.body().matches("(?s).*(src|href)=.*"), "self-contained");
    }

    private static String answer(int port, String method, String path, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port);
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream()) {
            out.write((method + " " + path + " HTTP/1.1\r\nHost: " + host
                            + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void showsThemInChromium(String url, Map<String, Long> sums) throws Exception {
        List<String> command = List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + folder.resolve("profile"),
                "--virtual-time-budget=20000",
                "--dump-dom",
                url);
        Path dumped = folder.resolve("page.html");
        Process chromium;
        try {
            chromium = new ProcessBuilder(command)
                    .redirectOutput(dumped.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            System.out.println("skipped the page in Chromium: there is no program 'chromium' on the PATH");
            return;
        }
        if (!chromium.waitFor(CHROMIUM_SECONDS, TimeUnit.SECONDS)) {
            chromium.destroyForcibly();
            throw new AssertionError("Chromium has not shown the page in " + CHROMIUM_SECONDS + " s");
        }
        String page = Files.readString(dumped);
        assertEquals(0, chromium.exitValue(), page);
        Matcher shown = Pattern.compile("data-calls=\"([^\"]*)\"").matcher(page);
        assertTrue(shown.find(), page);
        assertEquals(sums, counts(shown.group(1).replace("&quot;", "\"")), page);
        assertTrue(page.contains("<polyline points=\""), page);
        assertTrue(page.contains("<td>/amount</td>"), page);
    }
}
