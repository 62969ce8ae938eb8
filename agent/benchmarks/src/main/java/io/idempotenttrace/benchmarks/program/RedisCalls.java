package io.idempotenttrace.benchmarks.program;

import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/** Guarded calls on Redis by one thread, in turn with raw ones by the application's own Lettuce. */
public final class RedisCalls {

    private static final int WARM_UP_ROUNDS = 3;

    private final RawClaims raw;
    private final int calls;
    private final Span span = Span.typical();
    private final PayloadHasher hasher = new PayloadHasher(CanonicalForm.PYTHON);
    private boolean printing;

    private RedisCalls(RawClaims raw, int calls) {
        this.raw = raw;
        this.calls = calls;
    }

    /** @param arguments the Redis URL, how many rounds, how many calls of each kind in a round */
    public static void main(String[] arguments) throws Exception {
        try (RawClaims raw = new RawClaims(arguments[0])) {
            RedisCalls program = new RedisCalls(raw, Integer.parseInt(arguments[2]));
            Emitter.emit("typical", program.span);
            Figures.settle();
            raw.argumentsAsOf(Emitter.redisKey("typical"));
            program.printRecordSizes();
            int rounds = Integer.parseInt(arguments[1]);
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                program.printing = round >= 0;
                program.round("r" + round + '-');
            }
        }
    }

    private void round(String prefix) {
        raw.commands().flushall();
        Emitter.emit("same", span);
        Figures.settle();
        Emitter.emit("same", span);
        Figures.settle();
        newCalls(prefix + "c-").forEach(this::count);
        duplicates(prefix + "c-").forEach(this::count);
        time(newCalls(prefix));
        Figures.settle();
        time(duplicates(prefix));
    }

    private Map<String, IntConsumer> newCalls(String prefix) {
        String rawKey = "idem:default%:raw:" + prefix;
        String minimalKey = "idem:default%:minimal:" + prefix;
        Map<String, IntConsumer> variants = new LinkedHashMap<>();
        variants.put("raw EVALSHA, new", i -> require("new", raw.claim(rawKey + i)));
        variants.put("raw EVALSHA of the minimal script, new", i -> require("new", raw.minimalClaim(minimalKey + i)));
        variants.put(
                "two raw EVALSHA, claim and completion", i -> require("new", raw.claimAndComplete(rawKey + "c" + i)));
        variants.put("new, completion=async", i -> Emitter.emit(prefix + i, span));
        variants.put("new, completion=sync", i -> Emitter.emitInSync(prefix + i, span));
        return variants;
    }

    /** Of the records of new calls of that prefix, which are completed. */
    private Map<String, IntConsumer> duplicates(String prefix) {
        Map<String, IntConsumer> variants = new LinkedHashMap<>();
        variants.put("raw EVALSHA, duplicate", i -> require("duplicate", raw.claim(Emitter.redisKey(prefix + i))));
        variants.put("duplicate met for the first time", i -> Emitter.emit(prefix + i, span));
        variants.put("duplicate met before", i -> Emitter.emit("same", span));
        variants.put("hash alone", i -> hasher.digest(span, Exclusions.NONE));
        return variants;
    }

    private void time(Map<String, IntConsumer> variants) {
        Turns.medianMicros(calls, variants).forEach((variant, micros) -> print("time", variant, micros));
    }

    /** One after the other: Redis counts for all. */
    private void count(String variant, IntConsumer call) {
        CommandCounts before = raw.counts();
        for (int i = 0; i < calls; i++) {
            call.accept(i);
        }
        Figures.settle();
        CommandCounts after = raw.counts();
        print("commands", variant, after.sentSince(before, /* scripts= */ true) / (double) calls);
        print("cpu", variant, after.scriptMicrosSince(before) / (double) calls);
    }

    private void print(String what, String variant, double value) {
        if (printing) {
            Figures.print(what, variant, value);
        }
    }

    private static void require(String wanted, String verdict) {
        if (!verdict.equals(wanted)) {
            throw new IllegalStateException("the claim is " + verdict + ", not " + wanted);
        }
    }

    /** Beside the least that could be stored, under keys of the same length. */
    private void printRecordSizes() {
        RedisCommands<String, String> redis = raw.commands();
        String ours = Emitter.redisKey("typical");
        Map<String, String> record = redis.hgetall(ours);
        Map<String, String> minimal = new LinkedHashMap<>();
        for (String field : new String[] {"hash", "status", "trace_id", "tenant_id", "created_at"}) {
            minimal.put(field, record.get(field));
        }
        redis.hset(Emitter.redisKey("minimal"), minimal);
        minimal.put("claim", record.get("claim"));
        redis.hset(Emitter.redisKey("m-owner"), minimal);
        size("ours", ours);
        size("minimal, five fields", Emitter.redisKey("minimal"));
        size("minimal, with an owner", Emitter.redisKey("m-owner"));
    }

    private void size(String variant, String key) {
        String encoding = raw.commands().objectEncoding(key);
        Figures.print("bytes", variant + " (" + encoding + ')', raw.commands().memoryUsage(key));
    }
}
