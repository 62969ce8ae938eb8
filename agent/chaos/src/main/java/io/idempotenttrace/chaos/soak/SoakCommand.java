package io.idempotenttrace.chaos.soak;

import io.idempotenttrace.chaos.ProgramOptions;
import io.idempotenttrace.chaos.TemporaryFolder;
import io.idempotenttrace.chaos.WrongArgumentException;
import io.idempotenttrace.chaos.run.WorkerCode;
import io.idempotenttrace.chaos.worker.SoakWorker;
import io.idempotenttrace.testkit.TestRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Runs one worker at full load, and looks whether what it takes stays as it is. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Runs a worker with the packed agent at full load, with new calls, duplicates, conflicts, failures, stored results and"
                        + " futures, and samples its live heap, threads, descriptors, direct and resident memory, and the memory of Redis. Each"
                        + " has to stay within a twentieth from the second quarter of the run to the last. The last line on stdout is the"
                        + " result as JSON.")
public final class SoakCommand implements Callable<Integer> {

    /** Of a record: what is full after the first quarter is full of these. */
    private static final long TTL_SECONDS = 20;

    /** Where records live. */
    enum Store {
        memory,
        redis
    }

    @Option(names = "--store", defaultValue = "redis", description = "One of ${COMPLETION-CANDIDATES}.")
    private Store store;

    @Option(names = "--minutes", defaultValue = "60", description = "How long.")
    private double minutes;

    @Option(names = "--threads", defaultValue = "4", description = "How many threads of the worker call.")
    private int threads;

    @Option(names = "--every-seconds", defaultValue = "10", description = "How often it is sampled.")
    private int everySeconds;

    @Mixin
    private ProgramOptions programs;

    @Option(names = "--report", description = "A folder for report.md and a plot.")
    private @Nullable Path report;

    @Override
    public Integer call() throws Exception {
        if (!(minutes > 0) || minutes > 10_000) {
            throw new WrongArgumentException("--minutes is '" + minutes + "'; give a number above 0");
        }
        if (threads < 1 || threads > 256 || everySeconds < 1) {
            throw new WrongArgumentException("--threads is '" + threads + "' and --every-seconds '" + everySeconds
                    + "'; give from 1 to 256 threads, and at least a second");
        }
        Path jar = programs.agent();
        if (store == Store.memory) {
            return run(jar, "store=memory", null);
        }
        try (TestRedis redis = TestRedis.start(programs.server(), "--save", "", "--appendonly", "no")) {
            return run(jar, redis.settings(), redis);
        }
    }

    private int run(Path jar, String settings, @Nullable TestRedis redis) throws Exception {
        Path code = WorkerCode.copyTo(TemporaryFolder.create());
        Process worker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // All of it is resident from the start: else what is resident tells how the collector sizes the
                        // heap.
                        "-Xms512m",
                        "-Xmx512m",
                        "-XX:+AlwaysPreTouch",
                        "-javaagent:" + jar + "=" + settings + ",ttl=" + TTL_SECONDS + "s,failed-ttl=" + TTL_SECONDS
                                + "s",
                        "-cp",
                        code.toString(),
                        SoakWorker.class.getName(),
                        Integer.toString(threads))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        SoakSamples samples = new SoakSamples(redis != null);
        long begun = System.nanoTime();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(worker.getInputStream(), StandardCharsets.UTF_8))) {
            while (System.nanoTime() - begun < minutes * TimeUnit.MINUTES.toNanos(1)) {
                TimeUnit.SECONDS.sleep(everySeconds);
                worker.getOutputStream().write('\n');
                worker.getOutputStream().flush();
                samples.add(line(out), redis == null ? 0 : Long.parseLong(redis.info("memory", "used_memory")));
            }
            worker.getOutputStream().close();
            if (!worker.waitFor(60, TimeUnit.SECONDS) || worker.exitValue() != 0) {
                throw new IllegalStateException("the worker did not end well; look at its stderr above");
            }
        } finally {
            worker.destroyForcibly();
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
        Map<String, Object> result = result(samples, seconds);
        Path folder = report;
        if (folder != null) {
            Files.createDirectories(folder);
            samples.write(folder, store + ", " + threads + " threads, a TTL of " + TTL_SECONDS + " s", seconds);
        }
        System.out.println(new JsonMapper().writeValueAsString(result));
        return samples.growing().isEmpty() ? 0 : 1;
    }

    private static String line(BufferedReader out) throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IllegalStateException("the worker has ended; look at its stderr above");
        }
        return line;
    }

    private Map<String, Object> result(SoakSamples samples, long seconds) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("store", store.name());
        result.put("seconds", seconds);
        result.put("calls", samples.calls());
        samples.resources()
                .forEach(each -> result.put(each.name(), List.of(Math.round(each.early()), Math.round(each.late()))));
        result.put("growing", samples.growing());
        return result;
    }
}
