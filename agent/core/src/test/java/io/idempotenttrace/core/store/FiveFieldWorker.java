package io.idempotenttrace.core.store;

import io.idempotenttrace.testkit.TestRedis;
import java.util.List;

/**
 * Workers in other languages that know a record by its five shared fields, each with its own way to see whether there is one. None of them
 * looks at the status, so each acknowledges whatever record is there with its hash. Written from the description of such workers, not from
 * our scripts.
 */
enum FiveFieldWorker {
    BY_EXISTS("redis.call('EXISTS', KEYS[1]) == 1"),
    BY_HASH("redis.call('HGET', KEYS[1], 'hash')"),
    BY_ALL_FIELDS("#redis.call('HGETALL', KEYS[1]) > 0");

    private final String script;

    FiveFieldWorker(String isThere) {
        script = """
                if %s then
                  local stored = redis.call('HMGET', KEYS[1], 'hash', 'trace_id')
                  return {stored[1] == ARGV[1] and 'duplicate' or 'conflict', stored[1], stored[2]}
                end
                redis.call('HSET', KEYS[1], 'hash', ARGV[1], 'tenant_id', ARGV[3], 'trace_id', ARGV[4],
                    'created_at', redis.call('TIME')[1], 'status', 'pending')
                redis.call('EXPIRE', KEYS[1], ARGV[2])
                return {'new', ARGV[1], ARGV[4]}
                """.formatted(isThere);
    }

    /** The verdict of its claim for a day: {@code new}, {@code duplicate}, which it acknowledges, or {@code conflict}. */
    String claim(TestRedis server, String redisKey, String tenant, String hash) {
        List<?> reply = (List<?>) server.call("EVAL", script, "1", redisKey, hash, "86400", tenant, "theirs");
        return (String) reply.get(0);
    }

    /** As it marks the end of its own run, whoever owns the record by now. */
    static void markCompleted(TestRedis server, String redisKey, String responseHash) {
        server.call("HSET", redisKey, "status", "completed", "response_hash", responseHash);
    }

    /** As it marks its own failure, whoever owns the record by now: kept for five minutes. */
    static void markFailed(TestRedis server, String redisKey) {
        server.call("HSET", redisKey, "status", "failed", "error", "theirs");
        server.call("EXPIRE", redisKey, "300");
    }
}
