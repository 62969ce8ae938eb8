package io.idempotenttrace.benchmarks.program;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** New guarded calls by many threads, in turn with raw ones by the application's own Lettuce and by redis-benchmark. */
public final class RedisThroughput {

    private static final int[] THREADS = {1, 8, 64, 256};
    private static final int WARM_UP_ROUNDS = 2;
    private static final Pattern REQUESTS = Pattern.compile("([0-9.]+) requests per second");

    private final RawClaims raw;
    private final long millis;

    private RedisThroughput(RawClaims raw, long millis) {
        this.raw = raw;
        this.millis = millis;
    }

    /** @param arguments the Redis URL and port, how many rounds, milliseconds of each measurement, and where redis-benchmark is */
    public static void main(String[] arguments) throws Exception {
        try (RawClaims raw = new RawClaims(arguments[0])) {
            RedisThroughput program = new RedisThroughput(raw, Long.parseLong(arguments[3]));
            Emitter.emit("typical", Span.typical());
            Figures.settle();
            raw.argumentsAsOf(Emitter.redisKey("typical"));
            int rounds = Integer.parseInt(arguments[2]);
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                for (int threads : THREADS) {
                    Map<String, Double> perSecond =
                            Turns.perSecond(threads, program.millis, program.loads(threads, arguments));
                    if (round >= 0) {
                        perSecond.forEach((variant, calls) -> Figures.print("calls", variant, calls));
                    }
                }
            }
        }
    }

    private Map<String, Turns.Load> loads(int threads, String[] arguments) {
        Span span = Span.typical();
        Map<String, Turns.Load> loads = new LinkedHashMap<>();
        loads.put(
                "new, " + threads + " threads", time -> callsPerSecond(threads, time, key -> Emitter.emit(key, span)));
        double[] blocking = new double[1];
        loads.put(
                "raw EVALSHA by Lettuce, " + threads + " threads",
                time -> blocking[0] = callsPerSecond(threads, time, key -> raw.claim(Emitter.redisKey(key))));
        if (arguments.length > 4) {
            loads.put(
                    "redis-benchmark -c " + threads,
                    time -> redisBenchmark(arguments[4], arguments[1], threads, Math.round(blocking[0] * time / 1e3)));
        }
        return loads;
    }

    private double callsPerSecond(int threads, long time, Consumer<String> call) throws InterruptedException {
        double calls = Load.callsPerSecond(threads, time, call);
        raw.forgetAll();
        return calls;
    }

    private double redisBenchmark(String executable, String port, int clients, long requests) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                executable,
                "-p",
                port,
                "-c",
                Integer.toString(clients),
                "-n",
                Long.toString(Math.max(1_000, requests)),
                "-r",
                "1000000000",
                "-q"));
        command.addAll(raw.command(Emitter.redisKey("__rand_int__")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        raw.commands().flushall();
        double perSecond = Double.NaN;
        for (Matcher matcher = REQUESTS.matcher(output); matcher.find(); ) {
            perSecond = Double.parseDouble(matcher.group(1));
        }
        if (Double.isNaN(perSecond)) {
            throw new IllegalStateException("redis-benchmark said: " + output);
        }
        return perSecond;
    }
}
