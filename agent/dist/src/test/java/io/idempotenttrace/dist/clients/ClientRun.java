package io.idempotenttrace.dist.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.dist.AgentRun;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.FaultCount;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** One scenario of workers in several languages on one Redis, with a tenant and files of their own. */
final class ClientRun {

    /** One worker's process. Its outputs are files. */
    final class Worker implements AutoCloseable {

        private final String name;
        private final Process process;
        private final Path output;

        private Worker(String name, List<String> command, Map<String, String> environment) {
            this.name = name;
            try {
                output = Files.createTempFile(folder, name + "-", ".out");
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
                builder.environment().keySet().removeIf(each -> each.startsWith("IDEMPOTENT_TRACE_"));
                builder.environment().remove("REDIS_URL");
                builder.environment().remove("JAVA_TOOL_OPTIONS");
                builder.environment().putAll(environment);
                process = builder.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String output() {
            try {
                return Files.readString(output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void awaitOutput(String text) {
            Await.until(name + " prints '" + text + "'", () -> output().contains(text));
        }

        boolean isAlive() {
            return process.isAlive();
        }

        /** As {@code kill -9}; returns when it is dead. */
        void kill() {
            try {
                process.destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /** Waits until it has acknowledged all its keys. */
        void awaitDone() {
            try {
                assertEquals(
                        true, process.waitFor(MAX_SECONDS, TimeUnit.SECONDS), () -> name + " goes on: " + output());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            assertEquals(0, process.exitValue(), () -> name + ": " + output());
            assertEquals(true, output().contains("done"), () -> name + ": " + output());
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static final long MAX_SECONDS = 300;

    private final Path folder;
    private final TestRedis redis;
    private final Path scripts;
    private final long leaseMillis;
    private final String tenant = "clients-" + UUID.randomUUID();

    ClientRun(TestRedis redis, Path parent, long leaseMillis) {
        this.redis = redis;
        this.leaseMillis = leaseMillis;
        try {
            folder = Files.createTempDirectory(parent, "run-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        scripts = scripts(parent);
    }

    /** Written by the command of the jar, once for each folder of tests. */
    static Path scripts(Path parent) {
        Path scripts = parent.resolve("scripts");
        if (!Files.isDirectory(scripts)) {
            ForkedJvm.Result result = ForkedJvm.on(Jdks.newest())
                    .shortLived()
                    .jar(AgentRun.AGENT, "scripts", "--out", scripts.toString())
                    .run();
            assertEquals(0, result.exitCode(), result::toString);
        }
        return scripts;
    }

    /** @param url of Redis, or of a proxy before it */
    Worker start(Language language, String name, String url, String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of(
                "worker=" + name, "bodies=" + folder.resolve("bodies"), "answers=" + folder.resolve("answers")));
        if (language == Language.JAVA) {
            List<String> command = new ArrayList<>(List.of(
                    Jdks.newest().java().toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-javaagent:" + AgentRun.AGENT + "=redis-url=" + url + ",tenant=" + tenant + ",lease=" + leaseMillis
                            + "ms,in-progress-wait=2s,command-timeout=30s,connect-timeout=30s,on-store-failure=throw",
                    "-cp",
                    AgentRun.classPath(),
                    SharedWorker.class.getName()));
            command.addAll(words);
            return new Worker(name, command, Map.of());
        }
        words.addAll(List.of("redis=" + url, "tenant=" + tenant, "lease=" + leaseMillis, "kind=" + language.kind()));
        words.add(0, language.worker());
        return new Worker(name, language.command(words.toArray(new String[0])), environment(scripts));
    }

    static Map<String, String> environment(Path scripts) {
        return Map.of(
                "PYTHONPATH",
                Language.EXAMPLES.resolve("python").toString() + File.pathSeparator,
                "PYTHONDONTWRITEBYTECODE",
                "1",
                "IDEMPOTENT_TRACE_SCRIPTS",
                scripts.toString(),
                "IDEMPOTENT_TRACE_CLIENT",
                Language.EXAMPLES.resolve("node/idempotent-trace.mjs").toString());
    }

    /** For a worker's argument hold: its bodies do not end before {@link #release()}. */
    String hold() {
        return "hold=" + folder.resolve("release");
    }

    void release() {
        create("release");
    }

    /** For a worker's argument go: it begins at {@link #go}. */
    String atGo() {
        return "go=" + folder.resolve("go");
    }

    /** Lets these begin, and all that are started from now on. */
    void go(List<Worker> workers) {
        workers.forEach(worker -> worker.awaitOutput("ready"));
        create("go");
    }

    private void create(String file) {
        try {
            Files.createFile(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until somebody has said that he waits for that key's owner. */
    void awaitWaiter(String key) {
        Await.until("somebody waits for " + key, () -> {
            String claim = (String) redis.call("HGET", "idem:" + tenant + ":" + key, "claim");
            return claim != null && claim.split(" ").length > 5 && !claim.split(" ")[5].isEmpty();
        });
    }

    FaultCount count() {
        return FaultCount.read(folder.resolve("bodies"), folder.resolve("answers"));
    }

    /** How many answers there are by now; workers may be writing more. */
    int answered() {
        Path answers = folder.resolve("answers");
        try {
            int lines = 0;
            for (byte each : Files.exists(answers) ? Files.readAllBytes(answers) : new byte[0]) {
                lines += each == '\n' ? 1 : 0;
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last answers of a worker, by key: the answer, and the trace id that its caller was given. */
    Map<String, List<String>> answersOf(String worker) {
        Map<String, List<String>> answers = new HashMap<>();
        for (String[] line : lines("answers")) {
            if (line[1].equals(worker)) {
                answers.put(line[0], List.of(line[2], line[3]));
            }
        }
        return answers;
    }

    /** How many bodies ended well, by the first word of the worker's name. */
    Map<String, Integer> ran() {
        Map<String, Integer> ran = new HashMap<>();
        lines("bodies").forEach(line -> ran.merge(line[1].substring(0, line[1].indexOf('-')), 1, Integer::sum));
        return ran;
    }

    /** Answers of workers that acknowledged a key before any body of it had ended well, by the first word of the worker's name. */
    Map<String, Integer> early() {
        Map<String, Long> firstBody = new HashMap<>();
        lines("bodies").stream()
                .sorted(Comparator.comparing(line -> line[line.length - 1]))
                .forEach(line -> firstBody.putIfAbsent(line[0], Long.parseLong(line[line.length - 1])));
        Map<String, Integer> early = new HashMap<>();
        for (String[] line : lines("answers")) {
            boolean acknowledged = line[2].equals("RAN") || line[2].equals("DUPLICATE");
            long at = Long.parseLong(line[line.length - 1]);
            if (acknowledged && at < firstBody.getOrDefault(line[0], Long.MAX_VALUE)) {
                early.merge(line[1].substring(0, line[1].indexOf('-')), 1, Integer::sum);
            }
        }
        return early;
    }

    private List<String[]> lines(String file) {
        try {
            Path path = folder.resolve(file);
            return Files.exists(path)
                    ? Files.readAllLines(path).stream()
                            .map(line -> line.split("\t", -1))
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
