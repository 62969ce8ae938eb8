package io.idempotenttrace.chaos.run;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** One process of a worker, from its start to its end. */
final class WorkerProcess {

    /** Its kind, when, and what; tabs between them. */
    private static final int WORDS_OF_A_LINE = 3;

    /** Who hears what the process says and when it has ended. */
    interface Listener {

        /** @param words kind, microseconds, and the rest */
        void said(WorkerProcess worker, String[] words);

        /** A line of stderr. */
        void printed(WorkerProcess worker, String line);

        /** Its outputs have ended, and all of them was heard. */
        void ended(WorkerProcess worker);
    }

    private final String name;
    private final int slot;
    private final Process process;
    private final BufferedWriter in;
    private final Listener listener;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean available;
    private volatile boolean paused;

    WorkerProcess(String name, int slot, List<String> command, Map<String, String> environment, Listener listener)
            throws IOException {
        this.name = name;
        this.slot = slot;
        this.listener = listener;
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(variable -> variable.equals("REDIS_URL")
                        || variable.startsWith("IDEMPOTENT_TRACE_")
                        || variable.equals("JAVA_TOOL_OPTIONS")
                        || variable.equals("JDK_JAVA_OPTIONS"));
        builder.environment().putAll(environment);
        process = builder.start();
        in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        Thread out = read("out", process.getInputStream(), WorkerProcess::heard);
        Thread err = read("err", process.getErrorStream(), listener::printed);
        Thread end = new Thread(() -> awaitEnd(out, err), "chaos-end-" + name);
        end.setDaemon(true);
        end.start();
    }

    private Thread read(String what, InputStream stream, BiConsumer<WorkerProcess, String> taker) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader reader =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                            taker.accept(this, line);
                        }
                    } catch (IOException e) {
                        // The process was killed.
                    }
                },
                "chaos-" + what + "-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void heard(String line) {
        String[] words = line.split("\t", -1);
        if (words.length < WORDS_OF_A_LINE) {
            // The JVM warns there that it could not start a thread.
            listener.printed(this, line);
            return;
        }
        switch (words[0]) {
            case "R" -> ready.countDown();
            case "S" -> stopped.countDown();
            default -> listener.said(this, words);
        }
    }

    private void awaitEnd(Thread out, Thread err) {
        try {
            process.waitFor();
            available = false;
            out.join();
            err.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ready.countDown();
        stopped.countDown();
        listener.ended(this);
        ended.countDown();
    }

    String name() {
        return name;
    }

    int slot() {
        return slot;
    }

    long pid() {
        return process.pid();
    }

    /** From now on it takes deliveries like the others. */
    void warm() {
        available = process.isAlive();
    }

    /** Whether deliveries may be sent to it. */
    boolean isAvailable() {
        return available && !paused;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    boolean isPaused() {
        return paused;
    }

    void awaitReady() throws InterruptedException {
        if (!ready.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("worker " + name + " did not start within 60 s; look at its stderr");
        }
    }

    boolean awaitEnd(long seconds) throws InterruptedException {
        return ended.await(seconds, TimeUnit.SECONDS);
    }

    /** Of no effect on a process that has ended. */
    void tell(String... words) {
        try {
            synchronized (in) {
                in.write(String.join("\t", words));
                in.write('\n');
                in.flush();
            }
        } catch (IOException e) {
            available = false;
        }
    }

    /** As {@code kill -9}. */
    void kill() {
        available = false;
        process.destroyForcibly();
    }

    /** It takes nothing new from now on, and is asked to end: what runs is drained. */
    void stop() throws InterruptedException {
        available = false;
        tell("stop");
        stopped.await(30, TimeUnit.SECONDS);
        signal("TERM");
    }

    void pause() {
        paused = true;
        signal("STOP");
    }

    void resume() {
        signal("CONT");
        paused = false;
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
