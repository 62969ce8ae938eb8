package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Records in Redis, shared by every worker that uses it, in whatever language. Each step is one script on one key.
 *
 * <p>A command whose connection broke is sent again with the same owner token, as long as the command time-out allows: the
 * scripts answer a re-sent command as they answered the first. A command that timed out is not; whether it ran is unknown.
 */
public final class RedisIdempotencyStore implements IdempotencyStore {

    private static final long RESEND_AFTER_NANOS = 20_000_000L;
    private static final long POLL_MILLIS = 25;
    private static final int ERROR_CHARACTERS = 500;

    private final RedisConnector connector;
    private final long commandTimeoutMillis;
    private final byte[] holder;

    private RedisIdempotencyStore(RedisConnector connector, long commandTimeoutMillis) {
        this.connector = connector;
        this.commandTimeoutMillis = commandTimeoutMillis;
        this.holder = Wtf8.encode(Holder.describe());
    }

    /**
     * Opens the store of the settings {@code redis-url} and its neighbours. Returns at once; connecting goes on aside.
     *
     * @throws IllegalArgumentException if a setting can't be used; the message carries no password
     */
    public static RedisIdempotencyStore open(Configuration configuration) {
        RedisConnector connector = new RedisConnector(configuration);
        connector.begin();
        return new RedisIdempotencyStore(connector, configuration.millis(Setting.COMMAND_TIMEOUT));
    }

    @Override
    public ClaimResult check(Claim claim) {
        List<Object> reply = run(LuaScript.CLAIM, ScriptOutputType.MULTI, claim.id(), Wtf8.encode(claim.hash()),
                number(claim.ttlSeconds()), Wtf8.encode(claim.id().tenant()), Wtf8.encode(claim.traceId()), Wtf8.encode(claim.owner()),
                number(claim.leaseMillis()), Wtf8.encode(claim.form()), Wtf8.encode(claim.digests()), holder);
        return new ClaimResult(verdict(text(reply, 0), text(reply, 3)), text(reply, 1), text(reply, 2), text(reply, 4),
                text(reply, 5), longNumber(reply, 6), longNumber(reply, 7), longNumber(reply, 8), text(reply, 9),
                longNumber(reply, 10));
    }

    private static Verdict verdict(String answer, String kind) {
        return switch (answer) {
            case "new" -> Verdict.NEW;
            case "conflict" -> Verdict.CONFLICT;
            default -> kind.equals("in-progress") ? Verdict.IN_PROGRESS : Verdict.DUPLICATE;
        };
    }

    @Override
    public Update markCompleted(Claim claim, Completion completion) {
        byte[] traceId = Wtf8.encode(completion.traceId().isEmpty() ? claim.traceId() : completion.traceId());
        byte[][] arguments = {Wtf8.encode(claim.hash()), number(claim.ttlSeconds()), Wtf8.encode(claim.id().tenant()), traceId,
            Wtf8.encode(claim.owner()), Wtf8.encode(claim.form()), Wtf8.encode(claim.digests()),
            Wtf8.encode(completion.responseHash())};
        if (completion.result() != null) {
            arguments = java.util.Arrays.copyOf(arguments, arguments.length + 1);
            arguments[arguments.length - 1] = Wtf8.encode(completion.result());
        }
        return update(run(LuaScript.COMPLETE, ScriptOutputType.VALUE, claim.id(), arguments));
    }

    @Override
    public Update markFailed(Claim claim, String error) {
        String message = error.length() > ERROR_CHARACTERS ? error.substring(0, ERROR_CHARACTERS) : error;
        return update(run(LuaScript.FAIL, ScriptOutputType.VALUE, claim.id(), Wtf8.encode(claim.owner()), Wtf8.encode(message),
                number(claim.failedTtlSeconds())));
    }

    @Override
    public Update renew(Claim claim) {
        return update(run(LuaScript.RENEW, ScriptOutputType.VALUE, claim.id(), Wtf8.encode(claim.owner()),
                number(claim.leaseMillis())));
    }

    private static Update update(byte[] reply) {
        return Update.valueOf(Wtf8.decode(reply).toUpperCase(java.util.Locale.ROOT));
    }

    @Override
    public boolean delete(RecordId id) {
        Long deleted = run(LuaScript.DELETE, ScriptOutputType.INTEGER, id);
        return deleted > 0;
    }

    @Override
    public Optional<StoredRecord> status(RecordId id) {
        List<Object> reply = run(LuaScript.STATUS, ScriptOutputType.MULTI, id);
        List<?> fields = (List<?>) reply.get(1);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> byName = new LinkedHashMap<>();
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            byName.put(Wtf8.decode((byte[]) fields.get(i)), Wtf8.decode((byte[]) fields.get(i + 1)));
        }
        return Optional.of(new StoredRecord(byName, (Long) reply.get(0)));
    }

    @Override
    public void awaitChange(RecordId id, long maxMillis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(Math.min(POLL_MILLIS, maxMillis));
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public void close() {
        connector.close();
    }

    /** Runs the script on the record's key. Safe to repeat, as the scripts are. */
    private <T> T run(LuaScript script, ScriptOutputType output, RecordId id, byte[]... arguments) {
        byte[][] keys = {Wtf8.encode(id.redisKey())};
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(commandTimeoutMillis);
        boolean connected = false;
        while (true) {
            try {
                RedisScriptingAsyncCommands<byte[], byte[]> commands = connector.connection().async();
                connected = true;
                return evaluate(commands, script, output, keys, arguments, deadline);
            } catch (ExecutionException | RuntimeException e) {
                Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
                boolean refused = cause instanceof RedisCommandExecutionException || !connected;
                if (refused || System.nanoTime() + RESEND_AFTER_NANOS - deadline >= 0) {
                    throw failure(script, id, cause);
                }
                // The connection broke. It comes back by itself; until then commands are rejected at once.
                LockSupport.parkNanos(RESEND_AFTER_NANOS);
            } catch (TimeoutException e) {
                throw failure(script, id, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure(script, id, e);
            }
        }
    }

    private static <T> T evaluate(RedisScriptingAsyncCommands<byte[], byte[]> commands, LuaScript script, ScriptOutputType output,
            byte[][] keys, byte[][] arguments, long deadline) throws ExecutionException, InterruptedException, TimeoutException {
        try {
            return await(commands.evalsha(script.sha(), output, keys, arguments), deadline);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof RedisNoScriptException)) {
                throw e;
            }
            // A restarted, flushed or failed-over server does not know it: not executed, so it is sent whole.
            return await(commands.eval(script.text(), output, keys, arguments), deadline);
        }
    }

    private static <T> T await(RedisFuture<T> reply, long deadline) throws ExecutionException, InterruptedException, TimeoutException {
        try {
            return reply.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | InterruptedException e) {
            reply.cancel(true);
            throw e;
        }
    }

    private IdempotencyStoreException failure(LuaScript script, RecordId id, Throwable cause) {
        return new IdempotencyStoreException(RedisFailure.describe(connector.server(), script, commandTimeoutMillis, cause),
                id.tenant(), id.key(), null, cause);
    }

    private static byte[] number(long value) {
        return Wtf8.encode(Long.toString(value));
    }

    /** The text at that slot; null where the script answered false. */
    private static String text(List<Object> reply, int slot) {
        byte[] bytes = (byte[]) reply.get(slot);
        return bytes == null ? null : Wtf8.decode(bytes);
    }

    /** The number at that slot; 0 where another worker's record holds none. */
    private static long longNumber(List<Object> reply, int slot) {
        try {
            return (long) Double.parseDouble(text(reply, slot));
        } catch (NumberFormatException | NullPointerException e) {
            return 0;
        }
    }
}
