package io.idempotenttrace.benchmarks.program;

import io.idempotenttrace.core.spec.Specification;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** The agent's own scripts, sent by Lettuce as an application would: one blocking EVALSHA each, nothing else. */
final class RawClaims implements AutoCloseable {

    /** Five fields and three answers: the least that a worker needs. */
    private static final String MINIMAL = """
            local record = redis.call('HMGET', KEYS[1], 'hash', 'trace_id')
            if record[1] then
              return { record[1] == ARGV[1] and 'duplicate' or 'conflict', record[1], record[2] or '' }
            end
            redis.call('HSET', KEYS[1], 'hash', ARGV[1], 'tenant_id', ARGV[3], 'trace_id', ARGV[4], 'created_at', redis.call('TIME')[1],
                'status', 'pending')
            redis.call('EXPIRE', KEYS[1], ARGV[2])
            return { 'new', ARGV[1], ARGV[4] }
            """;

    private static final int MINIMAL_ARGUMENTS = 4;
    private static final String TTL_SECONDS = "86400";
    private static final String OWNER = "0123456789abcdef012345";
    private static final String HOLDER = "worker-7c9f5d8b6-x2x4z/12345/0.1.0/main";

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final String claim;
    private final String complete;
    private final String minimal;
    private String[] arguments;

    RawClaims(String url) {
        client = RedisClient.create(url);
        connection = client.connect();
        claim = commands().scriptLoad(Specification.scripts().get("claim.lua"));
        complete = commands().scriptLoad(Specification.scripts().get("complete.lua"));
        minimal = commands().scriptLoad(MINIMAL);
    }

    RedisCommands<String, String> commands() {
        return connection.sync();
    }

    /** Takes the arguments of a guarded call from its record: as many bytes are to travel. */
    void argumentsAsOf(String redisKey) {
        String members = commands().hget(redisKey, "members");
        arguments = new String[] {
            commands().hget(redisKey, "hash"),
            TTL_SECONDS,
            "default",
            "",
            OWNER,
            "30000",
            HOLDER,
            members == null ? "" : members
        };
    }

    /** What EVALSHA is given for a key, as on a command line. */
    List<String> command(String redisKey) {
        List<String> command = new java.util.ArrayList<>(List.of("evalsha", claim, "1", redisKey));
        command.addAll(List.of(arguments));
        return command;
    }

    /** @return the verdict */
    String claim(String redisKey) {
        return verdict(connection.async().evalsha(claim, ScriptOutputType.MULTI, new String[] {redisKey}, arguments));
    }

    /** A claim, and its completion when that has been answered: what a call that is completed in sync can't do without. */
    String claimAndComplete(String redisKey) {
        String verdict = claim(redisKey);
        String owner = verdict(connection
                .async()
                .evalsha(complete, ScriptOutputType.MULTI, new String[] {redisKey}, OWNER, TTL_SECONDS));
        if (!owner.equals(OWNER)) {
            throw new IllegalStateException("not completed: " + owner);
        }
        return verdict;
    }

    String minimalClaim(String redisKey) {
        return verdict(connection
                .async()
                .evalsha(
                        minimal,
                        ScriptOutputType.MULTI,
                        new String[] {redisKey},
                        java.util.Arrays.copyOf(arguments, MINIMAL_ARGUMENTS)));
    }

    private static String verdict(RedisFuture<List<Object>> reply) {
        try {
            // Of what ours says to a new call, in one text, it is the first word.
            return ((String) reply.get().get(0)).split(" ", 2)[0];
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Redis counts each command, and how long it took; those that a script calls too. */
    CommandCounts counts() {
        return CommandCounts.of(commands().info("commandstats"));
    }

    /** Forgets every record, once completions that are on their way have arrived. */
    void forgetAll() {
        Figures.settle();
        commands().flushall();
    }

    @Override
    public void close() {
        client.shutdownAsync(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }
}
