package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.background.Waiting;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.redisclient.RedisAccess;
import io.idempotenttrace.core.redisclient.RedisConnector;
import io.idempotenttrace.core.redisclient.RedisFailure;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.ServerCommands;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Release;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The records in Redis for the people who operate the fleet: read without a claim, released, deleted. Reading is by HMGET, PTTL and HSTRLEN,
 * which change nothing. Each method that asks Redis throws {@link IdempotencyStoreException} if there is no answer, with the reason in words.
 */
public final class RedisRecords implements AutoCloseable {

    private static final String[] READ = {
        "hash",
        "tenant_id",
        "trace_id",
        "created_at",
        "status",
        "error",
        "v",
        "form",
        "claim",
        "holder",
        "members",
        "r0"
    };
    private static final byte[][] FIELDS = bytes(READ);
    private static final byte[] RESULT = "result".getBytes(StandardCharsets.US_ASCII);

    private final ScriptRunner scripts;

    private RedisRecords(RedisStoreSettings settings) {
        scripts = new ScriptRunner(
                new RedisConnector(settings.server(), opened -> {}),
                settings,
                settings.mostResultBytes(),
                Platform.JVM);
    }

    /**
     * Opens them; connects nowhere yet.
     *
     * @throws IllegalArgumentException if a setting can't be used; the message carries no password
     */
    public static RedisRecords open(RedisStoreSettings settings) {
        return new RedisRecords(settings);
    }

    /**
     * A name in Redis under which a record stands.
     *
     * @param id the record
     * @param bytes the name
     * @param note whether it is the name of a failed note
     */
    @SuppressWarnings("ArrayRecordComponent") // It is never compared.
    public record Name(RecordId id, byte[] bytes, boolean note) {}

    /**
     * What stands there.
     *
     * @param fields by name, without those of the result
     * @param ttlMillis what is left of its life; -1 if it has no TTL
     * @param resultBytes how long the stored result is; -1 where none is stored, or the user may not ask
     */
    public record Content(Map<String, String> fields, long ttlMillis, long resultBytes) {}

    /** The connection. Blocks while it connects. */
    public RedisLink connect() {
        try {
            return Waiting.uninterruptibly(scripts.connector().begin(), scripts.connectNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw scripts.failed("connect", e);
        }
    }

    /** What connects. */
    public RedisAccess connector() {
        return scripts.connector();
    }

    /** How long one answer may take. */
    public long commandTimeoutMillis() {
        return TimeUnit.NANOSECONDS.toMillis(scripts.commandTimeoutNanos());
    }

    /** How all names begin, without {@code ':'}. */
    public String prefix() {
        return scripts.names().prefix();
    }

    /** The names under which the record may stand, in the order in which they count. */
    public List<Name> namesOf(RecordId id) {
        byte[][] keys = scripts.names().keysOf(id);
        return keys.length == 1
                ? List.of(new Name(id, keys[0], false))
                : List.of(new Name(id, keys[0], false), new Name(id, keys[1], true));
    }

    /** The record that stands under that name; null if it is no record's. */
    public @Nullable Name named(byte[] bytes) {
        String name = Wtf8.decode(bytes);
        String record = FailedNote.recordOf(prefix(), name);
        RecordId id = RecordId.ofRedisKey(prefix(), record != null ? record : name);
        return id == null ? null : new Name(id, bytes, record != null);
    }

    /**
     * Reads what stands there; completes with null if there is nothing, or something that is no record.
     *
     * @param by commands to the server that has it, or to the Cluster
     */
    public CompletableFuture<@Nullable Content> read(ServerCommands by, Name name) {
        CompletableFuture<List<Object>> fields = by.onKey("HMGET", name.bytes, FIELDS);
        CompletableFuture<List<Object>> ttl = by.onKey("PTTL", name.bytes);
        CompletableFuture<List<Object>> length =
                by.onKey("HSTRLEN", name.bytes, RESULT).exceptionally(noRight -> List.of(0L));
        return fields.thenCombine(ttl, (values, left) -> new Content(fields(values), number(left), -1))
                .thenCombine(length, RedisRecords::withResult);
    }

    private static Map<String, String> fields(List<Object> values) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < READ.length; i++) {
            if (values.get(i) instanceof byte[] value) {
                fields.put(READ[i], Wtf8.decode(value));
            }
        }
        return fields;
    }

    private static @Nullable Content withResult(Content content, List<Object> length) {
        String chunked = content.fields.remove("r0");
        if (!content.fields.containsKey("hash")) {
            return null;
        }
        long bytes = number(length);
        if (bytes == 0) {
            bytes = chunked != null && chunked.matches("\\d{1,9}") ? Long.parseLong(chunked) : -1;
        }
        return new Content(content.fields, content.ttlMillis, bytes);
    }

    private static long number(List<Object> reply) {
        return reply.get(0) instanceof Long number ? number : 0;
    }

    /** A text as in names and fields, in bytes. */
    public static byte[] bytes(String text) {
        return Wtf8.encode(text);
    }

    private static byte[][] bytes(String... texts) {
        byte[][] all = new byte[texts.length][];
        for (int i = 0; i < all.length; i++) {
            all[i] = Wtf8.encode(texts[i]);
        }
        return all;
    }

    /** The reverse of {@link #bytes(String)}. */
    public static String text(byte[] bytes) {
        return Wtf8.decode(bytes);
    }

    /** The clock of the server that has the record, or of the one server, in milliseconds since 1970. */
    public static long millis(List<Object> time) {
        return Long.parseLong(text((byte[]) time.get(0))) * 1000 + Long.parseLong(text((byte[]) time.get(1))) / 1000;
    }

    /**
     * Takes the claim from its owner, see {@code release.lua}.
     *
     * @param owner whom to take it from; empty where the claim names none
     * @param by token of this step
     * @param error what to say of it in the record
     * @param ttlSeconds how long the record is kept then
     */
    public Release release(RecordId id, String owner, String by, String error, long ttlSeconds) {
        List<Object> reply = scripts.start(
                        LuaScript.RELEASE,
                        id,
                        Wtf8.encode(owner),
                        Wtf8.encode(by),
                        Wtf8.encode(error),
                        ScriptArguments.number(ttlSeconds))
                .await();
        return Release.valueOf(text((byte[]) reply.get(0)).toUpperCase(Locale.ROOT));
    }

    /** Deletes the record and its failed note, whoever holds it, and wakes those who wait; whether there was one. */
    public boolean delete(RecordId id) {
        return number(scripts.start(LuaScript.DELETE, id).await()) > 0;
    }

    /** As {@link #delete(RecordId)}, of what stands under that name alone, without waiting; completes with whether it was there. */
    public CompletableFuture<Boolean> delete(Name name) {
        return scripts.startTogether(LuaScript.DELETE, name.id, new byte[][] {name.bytes}, new byte[0][], 1)
                .withTimeout()
                .thenApply(reply -> number(reply) > 0);
    }

    /**
     * Whether the server runs our scripts and keeps them: what it answers to a claim without arguments, by its text and then by its SHA-1.
     *
     * @return null if it does, else what is wrong
     */
    public @Nullable Throwable scriptProblem(RedisLink link, ServerCommands by, byte[] key) {
        long most = LuaScript.NO_LIMIT;
        int version = link.majorVersion();
        Throwable loaded = problem(by.eval(LuaScript.CLAIM.text(version, most), new byte[][] {key}));
        return loaded != null ? loaded : problem(by.evalsha(LuaScript.CLAIM.sha(version, most), new byte[][] {key}));
    }

    /** Without arguments, the script refuses to run. */
    private @Nullable Throwable problem(CompletableFuture<List<Object>> asked) {
        try {
            Waiting.uninterruptibly(asked, commandTimeoutMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException | TimeoutException e) {
            String refusal = RedisFailure.refusal(e);
            return refusal != null && refusal.contains("IDEMARG") ? null : Failures.cause(e);
        }
    }

    /** The reply, within the command time-out. */
    public <T> T await(String command, CompletableFuture<T> reply) {
        return scripts.await(command, reply);
    }

    /** Why a command failed, for people. */
    public String describe(String command, Throwable failure) {
        return scripts.describe(command, Failures.cause(failure));
    }

    @Override
    public void close() {
        scripts.close();
    }
}
