package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.testkit.FuzzInput;
import io.idempotenttrace.testkit.Fuzzing;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Records as anybody may have left them, met by the scripts and by what reads their replies: each step answers, or the store refuses it for
 * this one record. The next record is none the worse for it.
 */
class RecordFuzzIT {

    private static final int IN_THE_BUILD = 300;

    private static final String[] FIELDS = {
        "hash",
        "status",
        "tenant_id",
        "trace_id",
        "form",
        "claim",
        "holder",
        "members",
        "created_at",
        "result",
        "response_hash",
        "error",
        "r0",
        "r1",
        "r2",
        "r32",
        "v",
        "other"
    };

    private static final String[] VALUES = {
        "a".repeat(64),
        "pending",
        "completed",
        "failed",
        "tenant",
        "",
        "1",
        "2",
        "-1",
        "nan",
        "inf",
        "1e308",
        "0x10",
        "64.5",
        "99999999999999999999999999",
        " 30000 1767225600 1    owner",
        "1 30000 99999999999999999999 1 99999999999999999999 p owner",
        "1 0 1 1   owner",
        "owner",
        "       ",
        "python+hmac:k1",
        "enc:k1:AAAA",
        "\0\u00ff"
    };

    @Test
    void aRecordOfEveryWrongShapeIsAnsweredOrRefused() {
        try (TestRedis redis = TestRedis.start();
                IdempotencyStore store = open(redis)) {
            Fuzzing.run("records", List.of(), IN_THE_BUILD, data -> meet(redis, store, new FuzzInput(data)));
        }
    }

    private static IdempotencyStore open(TestRedis redis) {
        return IdempotencyStores.open(Configuration.defaults()
                .with(Setting.REDIS_URL, redis.url())
                .with(Setting.DUPLICATE_CACHE_BYTES, "0")
                .with(Setting.COMMAND_TIMEOUT, "30s"));
    }

    /** What Jazzer's inputs meet, until its JVM ends. */
    private static final class Lasting {

        static final TestRedis REDIS = TestRedis.start();
        static final IdempotencyStore STORE = open(REDIS);
    }

    /** For Jazzer. */
    @SuppressWarnings("unused")
    private static void meetRecord(byte[] data) {
        meet(Lasting.REDIS, Lasting.STORE, new FuzzInput(data));
    }

    private static void meet(TestRedis redis, IdempotencyStore store, FuzzInput input) {
        RecordId id = new RecordId("tenant", input.flag() ? "scope" : null, "key");
        Claim claim = Claims.of(id, "a".repeat(64), "python", "", "owner", 60_000, 60_000, 60_000, "");
        boolean expires = input.flag();
        // The steps come before the fields, which take all that is left of the input.
        int[] steps = new int[1 + input.below(4)];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = input.below(8);
        }
        redis.call("FLUSHALL");
        write(redis, id, input);
        if (expires) {
            redis.call("EXPIRE", id.redisKey(), "100");
        }
        for (int step : steps) {
            try {
                step(store, claim, step);
            } catch (IdempotencyStoreException refused) {
                // In words that name the record.
            }
        }
        Claim next = Claims.forAMinute(new RecordId("tenant", "scope", "another key"));
        assertEquals(Verdict.NEW, store.check(next).verdict());
    }

    private static void write(TestRedis redis, RecordId id, FuzzInput input) {
        List<String> command = new ArrayList<>(List.of("HSET", id.redisKey()));
        do {
            command.add(FIELDS[input.below(FIELDS.length)]);
            command.add(
                    input.flag()
                            ? VALUES[input.below(VALUES.length)]
                            : new String(input.bytes(), StandardCharsets.ISO_8859_1));
        } while (!input.isAtEnd() && command.size() < 60);
        redis.call(command.toArray(new String[0]));
    }

    private static void step(IdempotencyStore store, Claim claim, int step) {
        switch (step) {
            case 0, 1 -> store.check(claim);
            case 2 -> store.check(Claims.forAMinute(claim.id()));
            case 3 -> store.markCompleted(claim, new Completion("t", "\"r\"", ""));
            case 4 -> store.markFailed(claim, "failed");
            case 5 -> store.renew(claim);
            case 6 -> store.giveBack(claim);
            default -> store.status(claim.id());
        }
    }
}
