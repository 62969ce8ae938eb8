package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.background.Waiting;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.redisclient.RedisAccess;
import io.idempotenttrace.core.redisclient.RedisFailure;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.store.MissingRightException;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RefusedStepException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts, on one record each or on several, within the command time-out. A command whose connection broke, or that met a server in
 * transition (loading, failing over), is sent again with the same arguments, as the scripts allow. Safe for use by many
 * threads.
 */
final class ScriptRunner implements AutoCloseable {

    private static final long OTHER_BYTES_OF_A_REPLY = 1L << 20;
    /** An answer is handed on by a thread that may have to wait for a processor. */
    private static final long SLACK_MILLIS = 1000;

    private final RedisAccess connector;
    private final Platform platform;
    private final RecordNames names;
    private final long commandTimeoutMillis;
    private final long connectTimeoutMillis;
    /** How long a step may wait besides for replicas and disks. */
    private final long durableMillis;

    private final ToLongFunction<@Nullable String> mostResultBytes;
    private final Deadlines deadlines;
    private final UnsentCalls unsent = new UnsentCalls();
    private volatile boolean closed;

    /**
     * @param connector closed with this
     * @param mostResultBytes by scope, null for shared keys: a record's longer text for a result is not fetched
     */
    ScriptRunner(
            RedisAccess connector,
            RedisStoreSettings settings,
            ToLongFunction<@Nullable String> mostResultBytes,
            Platform platform) {
        this.connector = connector;
        this.platform = platform;
        names = new RecordNames(settings.keyPrefix());
        commandTimeoutMillis = settings.commandTimeoutMillis();
        this.mostResultBytes = mostResultBytes;
        connectTimeoutMillis = settings.server().connectTimeoutMillis();
        durableMillis = settings.durability().timeoutMillis();
        deadlines = new Deadlines(TimeUnit.MILLISECONDS.toNanos(lookEveryMillis()), platform);
    }

    Deadlines deadlines() {
        return deadlines;
    }

    /** The longest result of that record that is fetched: it has to fit into a reply, with what else is in that. */
    long mostResultBytes(RecordId id) {
        return Math.min(
                mostResultBytes.applyAsLong(id.scope()), RedisFailure.mostReplyBytes() - OTHER_BYTES_OF_A_REPLY);
    }

    UnsentCalls unsent() {
        return unsent;
    }

    RecordNames names() {
        return names;
    }

    RedisAccess connector() {
        return connector;
    }

    Platform platform() {
        return platform;
    }

    long commandTimeoutNanos() {
        return TimeUnit.MILLISECONDS.toNanos(commandTimeoutMillis);
    }

    /** A tenth of the time-out at most is what a call may be ended too late. */
    private long lookEveryMillis() {
        return Math.max(5, Math.min(100, commandTimeoutMillis / 10));
    }

    /** How long the first connection may take: its attempt ends by its own time-outs, this is for an attempt that hangs. */
    long connectNanos() {
        return TimeUnit.MILLISECONDS.toNanos(3 * connectTimeoutMillis) + commandTimeoutNanos();
    }

    /** See {@link io.idempotenttrace.core.store.IdempotencyStore#longestAnswerMillis()}. */
    long longestAnswerMillis() {
        return TimeUnit.NANOSECONDS.toMillis(connectNanos()) + commandTimeoutMillis + durableMillis + SLACK_MILLIS;
    }

    /**
     * Sends the script.
     *
     * @return completes with the reply, or with IdempotencyStoreException; never by a time-out of its own, see
     *         {@link ScriptCall#await()} and {@link ScriptCall#withTimeout()}
     */
    ScriptCall start(LuaScript script, RecordId id, byte[]... arguments) {
        return start(script, id, names.keysOf(id), arguments, 1);
    }

    /** That call once more, for {@link DurableSteps}. */
    RepeatedStep repeated(LuaScript script, RecordId id, byte[]... arguments) {
        return new RepeatedStep(script, names.keysOf(id), arguments, mostResultBytes(id));
    }

    /**
     * As {@link #start(LuaScript, RecordId, byte[]...)}, for a script that takes several keys, which a Cluster would have to split.
     *
     * @param records how many the keys and arguments are of; each has as many
     */
    ScriptCall startTogether(LuaScript script, RecordId first, byte[][] keys, byte[][] arguments, int records) {
        return start(script, first, keys, arguments, records);
    }

    private ScriptCall start(LuaScript script, RecordId id, byte[][] keys, byte[][] arguments, int records) {
        checkOpen();
        ScriptCall call = new ScriptCall(this, script, id, keys, arguments, records);
        call.send();
        return call;
    }

    /** The reply to a command that is no script, within the command time-out. */
    <T> T await(String command, CompletableFuture<T> reply) {
        return await(command, /* asked= */ null, reply);
    }

    /**
     * As the other one, of a command that was just sent. Where nothing came back meanwhile, the connection is replaced: it may be dead though
     * neither side has closed it, and the call that comes next would be the one that finds out.
     *
     * @param asked what the command was sent over; null if it is to stay
     */
    <T> T await(String command, @Nullable RedisLink asked, CompletableFuture<T> reply) {
        long sentAtNanos = platform.nanoTime();
        try {
            return Waiting.uninterruptibly(platform, reply, commandTimeoutNanos());
        } catch (ExecutionException | TimeoutException e) {
            if (asked != null && e instanceof TimeoutException) {
                replaceIfSilent(asked, sentAtNanos);
            }
            throw failed(command, e);
        }
    }

    /** For a command whose time is over: one that others are answered on is slow, and not dead. */
    void replaceIfSilent(RedisLink asked, long sentAtNanos) {
        if (asked.isSilentSince(sentAtNanos)) {
            connector.replace(asked);
        }
    }

    /** What a command that is no script fails with. */
    IdempotencyStoreException failed(String command, Exception failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof IdempotencyStoreException known) {
            return known;
        }
        String message = describe(command, cause);
        if (RedisFailure.isMissingRight(cause)) {
            return new MissingRightException(message, null, null, null, cause);
        }
        return ScriptFailure.concernsOneRecord(cause)
                ? new RefusedStepException(message, null, null, null, cause)
                : new IdempotencyStoreException(message, null, null, null, cause);
    }

    String describe(LuaScript script, Throwable failure) {
        return ScriptFailure.describe(connector.server(), script, commandTimeoutMillis, failure);
    }

    /** As {@link #describe(LuaScript, Throwable)}, of another command. */
    String describe(String command, Throwable failure) {
        return ScriptFailure.describe(connector.server(), command, commandTimeoutMillis, failure);
    }

    /** @throws IllegalStateException if this is closed */
    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the Redis store is closed; open another one");
        }
    }

    @Override
    public void close() {
        closed = true;
        connector.close();
        deadlines.close();
    }
}
