package io.idempotenttrace.benchmarks.program;

import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.lettuce.core.api.sync.RedisCommands;
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
        String rawKey = "idem:default%:raw:" + prefix;
        String minimalKey = "idem:default%:minimal:" + prefix;
        Emitter.emit("same", span);
        Figures.settle();
        Emitter.emit("same", span);
        Figures.settle();
        measure("raw EVALSHA, new", i -> require("new", raw.claim(rawKey + i)));
        measure("raw EVALSHA of the minimal script, new", i -> require("new", raw.minimalClaim(minimalKey + i)));
        measure("two raw EVALSHA, claim and completion", i -> require("new", raw.claimAndComplete(rawKey + "c" + i)));
        measure("new, completion=async", i -> Emitter.emit(prefix + i, span));
        measure("new, completion=sync", i -> Emitter.emitInSync(prefix + i, span));
        // Of records that are completed, by the calls above.
        measure("raw EVALSHA, duplicate", i -> require("duplicate", raw.claim(Emitter.redisKey(prefix + i))));
        measure("duplicate met for the first time", i -> Emitter.emit(prefix + i, span));
        measure("duplicate met before", i -> Emitter.emit("same", span));
        measure("hash alone", i -> hasher.digest(span, Exclusions.NONE));
    }

    private void measure(String variant, IntConsumer call) {
        CommandCounts before = raw.counts();
        double micros = Figures.medianMicros(calls, call);
        Figures.settle();
        CommandCounts after = raw.counts();
        if (printing) {
            Figures.print("time", variant, micros);
            Figures.print("commands", variant, after.sentSince(before, /* scripts= */ true) / (double) calls);
            Figures.print("cpu", variant, after.scriptMicrosSince(before) / (double) calls);
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
        Map<String, String> minimal = new java.util.LinkedHashMap<>();
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
