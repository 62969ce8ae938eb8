package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimField;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordWatch;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Records in Redis, shared by every worker that uses it, in whatever language. Each step is one script on one key.
 *
 * <p>A command whose connection broke is sent again with the same owner token, as long as the command time-out allows: the
 * scripts answer a re-sent command as they answered the first. A command that timed out is not; whether it ran is unknown.
 */
public final class RedisIdempotencyStore implements IdempotencyStore {

    private static final int ERROR_CHARACTERS = 500;
    private static final long WARM_UP_MILLIS = 500;
    private static final RecordId WARM_UP = new RecordId("idempotent-trace", "warm-up", "claim");
    /** What a record has that names no form. */
    static final String DEFAULT_FORM = "python";
    private static final byte[] NOTHING = {};

    private final ScriptRunner scripts;
    private final RecordWakeups wakeups;
    private final Holder holder = new Holder();
    private final ReplicaAcknowledgement acknowledgement;
    /** Null where none is wanted. */
    private final CompletedRecords completed;

    private RedisIdempotencyStore(Configuration configuration, Consumer<String> warnings) {
        scripts = new ScriptRunner(configuration, new Consumer<>() {
            private boolean checked;

            @Override
            public void accept(RedisLink opened) {
                warmUp(opened);
                String warning = checked ? null : ServerCheck.warning(opened, scripts.connector().server());
                checked = true;
                if (warning != null) {
                    warnings.accept(warning);
                }
            }
        });
        wakeups = new RecordWakeups(scripts.connector());
        acknowledgement = ReplicaAcknowledgement.of(configuration);
        int bytes = configuration.count(Setting.DUPLICATE_CACHE_BYTES);
        completed = bytes == 0 ? null : new CompletedRecords(scripts.connector(), bytes);
    }

    /**
     * Opens the store of the settings {@code redis-url} and its neighbours. Returns at once; connecting goes on aside.
     *
     * @param warnings told, aside and at most once, how the server may lose records by the way it is set up
     * @throws IllegalArgumentException if a setting can't be used; the message carries no password
     */
    public static RedisIdempotencyStore open(Configuration configuration, Consumer<String> warnings) {
        RedisIdempotencyStore store = new RedisIdempotencyStore(configuration, warnings);
        store.scripts.connector().begin();
        // Their files are read now: the first call may come on a thread that must not block.
        LuaScript.values();
        return store;
    }

    /** As {@link #open(Configuration, Consumer)}, with warnings unheard. */
    public static RedisIdempotencyStore open(Configuration configuration) {
        return open(configuration, warning -> { });
    }

    /**
     * Loads, aside, what the first call would load while its time-out runs, and the claim script into the server: without
     * arguments it refuses to run, and needs no other right than a claim does.
     */
    private static void warmUp(RedisLink opened) {
        try {
            opened.commands().eval(LuaScript.CLAIM.text(opened.majorVersion()), Wtf8.encode(WARM_UP.redisKey())).get(WARM_UP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // As expected; or the first calls find out what is wrong.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public ClaimResult check(Claim claim) {
        if (acknowledgement != null) {
            return Waiting.uninterruptibly(checkAsync(claim));
        }
        ClaimResult known = known(claim);
        return known != null ? known : noticed(claim, claimResult(claim(claim).await()));
    }

    /** Of a duplicate that was met before. */
    @Override
    public ClaimResult known(RecordId id, String hash, String form) {
        return completed == null ? null : completed.find(id, hash, form);
    }

    private ClaimResult known(Claim claim) {
        return known(claim.id(), claim.hash(), claim.form());
    }

    private ClaimResult noticed(Claim claim, ClaimResult answer) {
        if (completed != null && answer.verdict() == Verdict.DUPLICATE) {
            completed.remember(claim);
        }
        return answer;
    }

    @Override
    public CompletableFuture<ClaimResult> checkAsync(Claim claim) {
        ClaimResult known = known(claim);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        ScriptCall call = claim(claim).withTimeout();
        CompletableFuture<ClaimResult> answer = call.thenApply(reply -> noticed(claim, claimResult(reply)));
        return acknowledgement == null ? answer : answer.thenCompose(result -> result.verdict() == Verdict.NEW
                ? acknowledgement.await(call, claim, result) : CompletableFuture.completedFuture(result));
    }

    private ScriptCall claim(Claim claim) {
        String listens = wakeups.listens(claim.id().redisKey());
        byte[][] arguments = {Wtf8.encode(claim.hash()), number(claim.ttlSeconds()), Wtf8.encode(claim.id().tenant()),
            Wtf8.encode(claim.traceId()), Wtf8.encode(claim.owner()), number(claim.leaseMillis()), holder.encodedForThisThread(),
            Wtf8.encode(claim.digests()), form(claim), Wtf8.encode(listens)};
        return scripts.start(LuaScript.CLAIM, /* pinned= */ acknowledgement != null, claim.id(), withoutEmptyEnd(arguments));
    }

    /** Each argument costs time of Redis. */
    private static byte[][] withoutEmptyEnd(byte[][] arguments) {
        int length = arguments.length;
        while (arguments[length - 1].length == 0) {
            length--;
        }
        return Arrays.copyOf(arguments, length);
    }

    /** {@code claim.lua} tells what a reply has. */
    private static ClaimResult claimResult(List<Object> reply) {
        String kind = text(reply, 3);
        String hash = text(reply, 1);
        String traceId = text(reply, 2);
        return switch (kind) {
            case "conflict" -> new ClaimResult(Verdict.CONFLICT, hash, traceId, null, text(reply, 4), 0, 0, 0, "", 0);
            case "completed" -> new ClaimResult(Verdict.DUPLICATE, hash, traceId, text(reply, 4), "", 0, 0, 0, "", 0);
            case "in-progress" -> {
                ClaimField held = ClaimField.of(text(reply, 4));
                yield new ClaimResult(Verdict.IN_PROGRESS, hash, traceId, null, "", held.attempt(), held.fence(), (Long) reply.get(5),
                        text(reply, 6), seconds(text(reply, 7)));
            }
            default -> {
                ClaimField granted = ClaimField.of(text(reply, 4));
                yield new ClaimResult(Verdict.NEW, hash, traceId, null, "", granted.attempt(), granted.fence(), 0, "", 0);
            }
        };
    }

    @Override
    public Update markCompleted(Claim claim, Completion completion) {
        List<Object> reply = complete(claim, completion, /* whole= */ false).await();
        return update(isAbsent(reply) ? complete(claim, completion, /* whole= */ true).await() : reply);
    }

    @Override
    public CompletableFuture<Update> markCompletedAsync(Claim claim, Completion completion) {
        return complete(claim, completion, /* whole= */ false).withTimeout()
                .thenCompose(reply -> isAbsent(reply) ? complete(claim, completion, /* whole= */ true).withTimeout()
                        : CompletableFuture.completedFuture(reply))
                .thenApply(RedisIdempotencyStore::update);
    }

    /** The record is gone: what it said besides has to be sent, which it hardly ever has. */
    private static boolean isAbsent(List<Object> reply) {
        return text(reply, 0).equals("absent");
    }

    private ScriptCall complete(Claim claim, Completion completion, boolean whole) {
        byte[][] arguments = {Wtf8.encode(claim.owner()), number(claim.ttlSeconds()),
            Wtf8.encode(completion.traceId().isEmpty() && whole ? claim.traceId() : completion.traceId()),
            Wtf8.encode(completion.responseHash()), completion.result() == null ? NOTHING : Wtf8.encode(completion.result()),
            whole ? Wtf8.encode(claim.hash()) : NOTHING, whole ? Wtf8.encode(claim.id().tenant()) : NOTHING,
            whole ? form(claim) : NOTHING, whole ? Wtf8.encode(claim.digests()) : NOTHING};
        return scripts.start(LuaScript.COMPLETE, claim.id(), withoutEmptyEnd(arguments));
    }

    /** Left out where it is the usual one. */
    private static byte[] form(Claim claim) {
        return claim.form().equals(DEFAULT_FORM) ? NOTHING : Wtf8.encode(claim.form());
    }

    @Override
    public Update markFailed(Claim claim, String error) {
        return update(fail(claim, error).await());
    }

    @Override
    public CompletableFuture<Update> markFailedAsync(Claim claim, String error) {
        return fail(claim, error).withTimeout().thenApply(RedisIdempotencyStore::update);
    }

    private ScriptCall fail(Claim claim, String error) {
        String message = error.length() > ERROR_CHARACTERS ? error.substring(0, ERROR_CHARACTERS) : error;
        return scripts.start(LuaScript.FAIL, claim.id(), Wtf8.encode(claim.owner()), Wtf8.encode(message),
                number(claim.failedTtlSeconds()));
    }

    @Override
    public Update renew(Claim claim) {
        return update(startRenewal(claim).await());
    }

    @Override
    public CompletableFuture<Update> renewAsync(Claim claim) {
        return startRenewal(claim).withTimeout().thenApply(RedisIdempotencyStore::update);
    }

    private ScriptCall startRenewal(Claim claim) {
        return scripts.start(LuaScript.RENEW, claim.id(), Wtf8.encode(claim.owner()), number(claim.leaseMillis()));
    }

    private static Update update(List<Object> reply) {
        return Update.valueOf(text(reply, 0).toUpperCase(java.util.Locale.ROOT));
    }

    @Override
    public boolean delete(RecordId id) {
        return (Long) scripts.start(LuaScript.DELETE, id).await().get(0) > 0;
    }

    @Override
    public Optional<StoredRecord> status(RecordId id) {
        List<Object> reply = scripts.start(LuaScript.STATUS, id).await();
        List<?> fields = (List<?>) reply.get(1);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new StoredRecord(fields(fields), (Long) reply.get(0)));
    }

    /** Names and values in turn, as a map. */
    static Map<String, String> fields(List<?> namesAndValues) {
        Map<String, String> byName = new LinkedHashMap<>();
        for (int i = 0; i + 1 < namesAndValues.size(); i += 2) {
            byName.put(Wtf8.decode((byte[]) namesAndValues.get(i)), Wtf8.decode((byte[]) namesAndValues.get(i + 1)));
        }
        return byName;
    }

    @Override
    public RecordWatch watch(RecordId id) {
        return new RedisRecordWatch(wakeups, id.redisKey());
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public void close() {
        scripts.close();
    }

    private static byte[] number(long value) {
        return Wtf8.encode(Long.toString(value));
    }

    /** 0 where another worker wrote no whole number. */
    private static long seconds(String createdAt) {
        try {
            return Long.parseLong(createdAt);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The text at that slot; null where the script answered false. */
    private static String text(List<Object> reply, int slot) {
        byte[] bytes = (byte[]) reply.get(slot);
        return bytes == null ? null : Wtf8.decode(bytes);
    }
}
