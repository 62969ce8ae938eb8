package io.idempotenttrace.dist.faults;

import io.idempotenttrace.DuplicateTraceException;
import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceId;
import io.idempotenttrace.TraceInProgressException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A worker that consumes messages, each some times, from several threads. What its bodies do and what its callers are answered it
 * appends to files, line by line: they last when it is killed. It says on stdout when a held body begins.
 *
 * <p>Arguments, all {@code name=value}: {@code bodies}, {@code answers} (files), {@code worker} (its name), {@code threads},
 * {@code keys} (a list of names, or a number), {@code deliveries} (of each key), {@code body} (milliseconds it takes at most),
 * {@code patience} (milliseconds a refused message is redelivered), {@code hold} (a file: bodies do not end before it exists),
 * {@code line} (begin or end: when a body leaves its line).
 */
public final class FaultWorker {

    private static final String PAYLOAD = "payload";

    private final Map<String, String> arguments;
    private final FileChannel bodies;
    private final FileChannel answers;
    private final ThreadLocal<Boolean> ran = ThreadLocal.withInitial(() -> false);

    private FaultWorker(Map<String, String> arguments) throws IOException {
        this.arguments = arguments;
        bodies = open("bodies");
        answers = open("answers");
    }

    private FileChannel open(String name) throws IOException {
        return FileChannel.open(
                Path.of(arguments.get(name)),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
    }

    public static void main(String[] words) throws Exception {
        Map<String, String> arguments = new HashMap<>(
                Map.of("threads", "1", "deliveries", "1", "body", "0", "patience", "60000", "line", "end"));
        for (String word : words) {
            arguments.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
        }
        new FaultWorker(arguments).work();
    }

    private long number(String name) {
        return Long.parseLong(arguments.get(name));
    }

    private List<String> keys() {
        String named = arguments.get("keys");
        if (!named.matches("[0-9]+")) {
            return List.of(named.split(","));
        }
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(named); i++) {
            keys.add("k" + i);
        }
        return keys;
    }

    private void work() throws Exception {
        List<Thread> running = new ArrayList<>();
        int threads = (int) number("threads");
        for (int i = 0; i < threads; i++) {
            List<String> share = share(keys(), i, threads);
            Thread thread = new Thread(() -> share.forEach(this::deliver), "worker-" + i);
            thread.start();
            running.add(thread);
        }
        for (Thread thread : running) {
            thread.join();
        }
        System.out.println("done");
    }

    /** Each key goes to as many threads as it has deliveries, which come to it at about the same time. */
    private List<String> share(List<String> keys, int thread, int threads) {
        List<String> share = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (Math.floorMod(thread - i, threads) < number("deliveries")) {
                share.add(keys.get(i));
            }
        }
        Random order = new Random(31L * thread + arguments.get("worker").hashCode());
        for (int i = 0; i + 8 <= share.size(); i += 8) {
            Collections.shuffle(share.subList(i, i + 8), order);
        }
        return share;
    }

    private void deliver(String key) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(number("patience"));
        while (true) {
            ran.set(false);
            try {
                String traceId = emit(key, PAYLOAD);
                answered(key, ran.get() ? "RAN" : "DUPLICATE", traceId);
                return;
            } catch (DuplicateTraceException e) {
                answered(key, "DUPLICATE", "");
                return;
            } catch (TraceConflictException e) {
                answered(key, "CONFLICT", "");
                return;
            } catch (TraceInProgressException | IdempotencyStoreException e) {
                if (System.nanoTime() - deadline >= 0) {
                    answered(key, "UNDECIDED", "");
                    return;
                }
            }
        }
    }

    @IdempotentTrace(scope = "fault")
    @TraceId
    private String emit(@IdempotencyKey String key, String payload) {
        ran.set(true);
        String traceId = UUID.randomUUID().toString();
        boolean early = arguments.get("line").equals("begin");
        if (early) {
            append(bodies, key, arguments.get("worker"), traceId);
        }
        spendTime(key);
        if (!early) {
            append(bodies, key, arguments.get("worker"), traceId);
        }
        return traceId;
    }

    private void spendTime(String key) {
        try {
            String hold = arguments.get("hold");
            if (hold != null) {
                System.out.println("in the body of " + key + " at " + System.currentTimeMillis());
                while (!Files.exists(Path.of(hold))) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
            }
            long most = number("body");
            if (most > 0) {
                TimeUnit.MICROSECONDS.sleep(ThreadLocalRandom.current().nextLong(most * 1000 + 1));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answered(String key, String answer, String traceId) {
        append(answers, key, arguments.get("worker"), answer, traceId);
    }

    private static void append(FileChannel file, String... columns) {
        try {
            file.write(ByteBuffer.wrap((String.join("\t", columns) + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
