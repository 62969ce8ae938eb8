package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordWatch;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
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
    private static final byte[] NOTHING = new byte[0];

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
        return scripts.start(LuaScript.CLAIM, /* pinned= */ acknowledgement != null, claim.id(),
                Wtf8.encode(claim.hash()), number(claim.ttlSeconds()), Wtf8.encode(claim.id().tenant()), Wtf8.encode(claim.traceId()),
                Wtf8.encode(claim.owner()), number(claim.leaseMillis()), Wtf8.encode(claim.form()), Wtf8.encode(claim.digests()),
                holder.encodedForThisThread(), listens.isEmpty() ? NOTHING : Wtf8.encode(listens));
    }

    private static ClaimResult claimResult(List<Object> reply) {
        return new ClaimResult(verdict(text(reply, 0), text(reply, 3)), text(reply, 1), text(reply, 2), text(reply, 4),
                textOrEmpty(reply, 5), longNumber(reply, 6), longNumber(reply, 7), longNumber(reply, 8), textOrEmpty(reply, 9),
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
        return update(complete(claim, completion).await());
    }

    @Override
    public CompletableFuture<Update> markCompletedAsync(Claim claim, Completion completion) {
        return complete(claim, completion).withTimeout().thenApply(RedisIdempotencyStore::update);
    }

    private ScriptCall complete(Claim claim, Completion completion) {
        byte[] traceId = Wtf8.encode(completion.traceId().isEmpty() ? claim.traceId() : completion.traceId());
        byte[][] arguments = {Wtf8.encode(claim.hash()), number(claim.ttlSeconds()), Wtf8.encode(claim.id().tenant()), traceId,
            Wtf8.encode(claim.owner()), Wtf8.encode(claim.form()), Wtf8.encode(claim.digests()),
            Wtf8.encode(completion.responseHash())};
        if (completion.result() != null) {
            arguments = java.util.Arrays.copyOf(arguments, arguments.length + 1);
            arguments[arguments.length - 1] = Wtf8.encode(completion.result());
        }
        return scripts.start(LuaScript.COMPLETE, claim.id(), arguments);
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

    /** The text at that slot; null where the script answered false, or ended its reply before, but for what was given to it. */
    private static String text(List<Object> reply, int slot) {
        byte[] bytes = slot < reply.size() - 1 ? (byte[]) reply.get(slot) : null;
        return bytes == null ? null : Wtf8.decode(bytes);
    }

    private static String textOrEmpty(List<Object> reply, int slot) {
        String text = text(reply, slot);
        return text == null ? "" : text;
    }

    /** The number at that slot; 0 where there is none. */
    private static long longNumber(List<Object> reply, int slot) {
        String text = text(reply, slot);
        try {
            return text == null ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
