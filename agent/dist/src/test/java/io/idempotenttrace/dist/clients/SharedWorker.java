package io.idempotenttrace.dist.clients;

import io.idempotenttrace.DuplicateTraceException;
import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceInProgressException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A worker that shares its keys with workers in other languages. Its arguments and files are those of {@code worker.py}; lease and tenant
 * are the agent's settings.
 */
public final class SharedWorker {

    private static final long PATIENCE_SECONDS = 120;
    private static final int WARM_UPS = 500;

    private static final class BodyFailedException extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    private final Map<String, String> given = new HashMap<>(Map.of("part", "0/1", "failures", "0", "body", "0"));
    private boolean ran;

    private SharedWorker(String[] words) {
        for (String word : words) {
            given.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
        }
    }

    public static void main(String[] words) throws IOException, InterruptedException {
        SharedWorker worker = new SharedWorker(words);
        worker.awaitGo();
        for (int i : worker.share()) {
            worker.deliver(i);
        }
        System.out.println("done");
    }

    /** All workers of a race begin at once, however long each takes to start. */
    private void awaitGo() throws InterruptedException {
        String go = given.get("go");
        for (int i = 0; go != null && i < WARM_UPS; i++) {
            warmUp(given.get("worker") + i);
        }
        System.out.println("ready");
        while (go != null && !Files.exists(Path.of(go))) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** The first calls of a JVM are slow: without these, the others would have run all bodies before it. */
    @IdempotentTrace(scope = "warm-up")
    private void warmUp(@IdempotencyKey String key) {
        ran = false;
    }

    /** From the last key on: whoever has begun behind the others stays behind them at each key, and would run no body. */
    private List<Integer> share() throws IOException {
        Set<String> done = new HashSet<>();
        Path answers = Path.of(given.get("answers"));
        if (Files.exists(answers)) {
            for (String line : Files.readAllLines(answers)) {
                String[] columns = line.split("\t", -1);
                if (columns[1].equals(given.get("worker"))) {
                    done.add(columns[0]);
                }
            }
        }
        String[] part = given.get("part").split("/");
        List<Integer> keys = new ArrayList<>();
        for (int i = Integer.parseInt(part[0]);
                i < Integer.parseInt(given.get("keys"));
                i += Integer.parseInt(part[1])) {
            if (!done.contains("k" + i)) {
                keys.add(i);
            }
        }
        Collections.reverse(keys);
        for (int i = 0; i + 8 <= keys.size(); i += 8) {
            Collections.shuffle(keys.subList(i, i + 8));
        }
        return keys;
    }

    private void deliver(int i) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("n", i);
        payload.put("amount", i + 0.5);
        payload.put("text", "k" + i + " \u00e9\u20ac");
        payload.put("tags", Arrays.asList("a", null, true));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            ran = false;
            try {
                String traceId = emit("k" + i, payload);
                append("answers", "k" + i, given.get("worker"), ran ? "RAN" : "DUPLICATE", traceId);
                return;
            } catch (DuplicateTraceException e) {
                // A worker with five fields stores no result.
                append("answers", "k" + i, given.get("worker"), "DUPLICATE", "");
                return;
            } catch (TraceConflictException e) {
                append("answers", "k" + i, given.get("worker"), "CONFLICT", "");
                return;
            } catch (BodyFailedException | TraceInProgressException | IdempotencyStoreException e) {
                if (System.nanoTime() - deadline >= 0) {
                    append("answers", "k" + i, given.get("worker"), "UNDECIDED", "");
                    return;
                }
            }
        }
    }

    @IdempotentTrace(scope = IdempotentTrace.SHARED)
    private String emit(@IdempotencyKey String key, Map<String, Object> payload) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (random.nextDouble() * 100 < Double.parseDouble(given.get("failures"))) {
            throw new BodyFailedException();
        }
        ran = true;
        try {
            TimeUnit.MICROSECONDS.sleep((long) (random.nextDouble() * 1000 * Double.parseDouble(given.get("body"))));
            String hold = given.get("hold");
            if (hold != null && !Files.exists(Path.of(hold))) {
                System.out.println("in the body of " + key);
            }
            while (hold != null && !Files.exists(Path.of(hold))) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        String traceId = UUID.randomUUID().toString();
        append("bodies", key, given.get("worker"), traceId);
        return traceId;
    }

    private void append(String file, String... columns) {
        String line = String.join("\t", columns) + "\t" + System.currentTimeMillis() + "\n";
        try {
            Files.write(
                    Path.of(given.get(file)),
                    line.getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
