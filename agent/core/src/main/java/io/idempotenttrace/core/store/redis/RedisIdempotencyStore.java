package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.background.Waiting;
import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.failure.SeldomClasses;
import io.idempotenttrace.core.redisclient.RedisAccess;
import io.idempotenttrace.core.redisclient.RedisConnector;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimField;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.FleetBoard;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.PendingCompletion;
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
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Records in Redis, shared by every worker that uses it, in whatever language. Each step is one script on one key; completions that
 * wait together are one on several.
 *
 * <p>A command whose connection broke is sent again with the same owner token, as long as the command time-out allows: the
 * scripts answer a re-sent command as they answered the first. A command that timed out is not; whether it ran is unknown.
 */
public final class RedisIdempotencyStore implements IdempotencyStore {

    private static final int ERROR_CHARACTERS = 500;
    private static final long WARM_UP_MILLIS = 500;
    private static final long UNKNOWN_LEFT_MILLIS = 1000;
    private static final RecordId WARM_UP = new RecordId("idempotent-trace", "warm-up", "claim");

    /** How the reply to a claim begins that holds its record now. */
    static final String GRANTED = "new ";

    private final Platform platform;
    private final StoredResults results;
    private final ScriptRunner scripts;
    private final RecordWakeups wakeups;
    private final Holder holder = new Holder();
    /** Null where none is asked for. */
    private final @Nullable DurableSteps durable;

    private final CompletionsTogether together;
    /** Null where none is wanted. */
    private final @Nullable CompletedRecords completed;

    /** Those of this package that have something to initialize, but for what only commands use. */
    static final String[] INITIALIZED = {
        "CompletedRecords",
        "Durability",
        "FailedNote$Numbers",
        "LuaScript",
        "LuaScript$Prelude",
        "RedisIdempotencyStore",
        "ReplyShape",
        "ReplyShape$1",
        "ScriptArguments",
        "Shortfall",
        "StoredResults"
    };

    private RedisIdempotencyStore(
            RedisStoreSettings settings,
            Consumer<String> warnings,
            Function<Consumer<RedisLink>, RedisAccess> access,
            Platform platform) {
        this.platform = platform;
        results = new StoredResults(settings, warnings);
        RedisAccess connector = access.apply(new Consumer<>() {
            private boolean checked;

            @Override
            public void accept(RedisLink opened) {
                warmUp(opened);
                String warning = checked
                        ? null
                        : ServerCheck.warning(opened, scripts.connector().server());
                checked = true;
                if (warning != null) {
                    warnings.accept(warning);
                }
            }
        });
        scripts = new ScriptRunner(connector, settings, results::mostBytes, platform);
        together = new CompletionsTogether(scripts, results, this::completeAlone);
        wakeups = new RecordWakeups(connector, platform);
        durable = DurableSteps.of(settings, warnings, access, platform);
        long bytes = settings.duplicateCacheBytes();
        completed = bytes == 0
                ? null
                : new CompletedRecords(connector, scripts.names(), bytes, scripts::mostResultBytes, results, platform);
    }

    /**
     * Opens the store. Returns at once; connecting goes on aside.
     *
     * @param warnings told, aside and at most once, how the server may lose records by the way it is set up
     * @throws IllegalArgumentException if a setting can't be used; the message carries no password
     */
    public static RedisIdempotencyStore open(RedisStoreSettings settings, Consumer<String> warnings) {
        return open(settings, warnings, whenOpened -> new RedisConnector(settings.server(), whenOpened), Platform.JVM);
    }

    /**
     * As the other one, over a way to the server and on a platform that may be others than the JVM's.
     *
     * @param access makes the way, which tells what it is given of each new connection before a call may use it; closed with the store
     */
    public static RedisIdempotencyStore open(
            RedisStoreSettings settings,
            Consumer<String> warnings,
            Function<Consumer<RedisLink>, RedisAccess> access,
            Platform platform) {
        RedisIdempotencyStore store = new RedisIdempotencyStore(settings, warnings, access, platform);
        store.scripts.connector().begin();
        if (store.durable != null) {
            store.durable.begin();
        }
        // The scripts, too: their files are read then, and the first call may come on a thread that must not block.
        SeldomClasses.initialize(RedisIdempotencyStore.class, INITIALIZED);
        return store;
    }

    /**
     * Loads, aside, what the first call would load while its time-out runs, and the claim script into the server: without
     * arguments it refuses to run, and needs no other right than a claim does.
     */
    private void warmUp(RedisLink opened) {
        try {
            opened.commands()
                    .eval(
                            LuaScript.CLAIM.text(opened.majorVersion(), scripts.mostResultBytes(WARM_UP)),
                            new byte[][] {scripts.names().bytesOf(WARM_UP)})
                    .get(WARM_UP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // As expected; or the first calls find out what is wrong.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public ClaimResult check(Claim claim) {
        if (durable != null) {
            return Waiting.uninterruptibly(platform, checkAsync(claim));
        }
        ClaimResult known = known(claim);
        return known != null
                ? known
                : noticed(claim, claimResult(claim, claim(claim).await()));
    }

    /** Of a duplicate that was met before. */
    @Override
    public @Nullable ClaimResult known(ClaimRequest request) {
        RecordId id = request.id();
        scripts.checkOpen();
        return completed == null
                ? null
                : completed.find(id, request.payload().hash(), request.payload().form());
    }

    private @Nullable ClaimResult known(Claim claim) {
        return completed == null ? null : completed.find(claim.id(), claim.hash(), claim.form());
    }

    private ClaimResult noticed(Claim claim, ClaimResult answer) {
        if (completed != null && answer.verdict() == Verdict.DUPLICATE) {
            completed.remember(claim, answer);
        }
        return answer;
    }

    @Override
    public CompletableFuture<ClaimResult> checkAsync(Claim claim) {
        ClaimResult known = known(claim);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<ClaimResult> answer =
                claim(claim).withTimeout().thenApply(reply -> noticed(claim, claimResult(claim, reply)));
        DurableSteps asked = durable;
        return asked == null ? answer : answer.thenCompose(result -> afterDurable(asked, claim, result));
    }

    /** The claim's result, once the claim is where the settings want it; fails where that is not so in time. */
    private CompletableFuture<ClaimResult> afterDurable(DurableSteps asked, Claim claim, ClaimResult result) {
        if (result.verdict() != Verdict.NEW) {
            return CompletableFuture.completedFuture(result);
        }
        return asked.await(scripts.repeated(LuaScript.RENEW, claim.id(), ofRenewal(claim)))
                .thenApply(end -> {
                    if (end.isNothing()) {
                        return result;
                    }
                    throw end.ofClaim(claim.id());
                });
    }

    private ScriptCall claim(Claim claim) {
        String listens = wakeups.listens(scripts.names().of(claim.id()));
        return scripts.start(
                LuaScript.CLAIM, claim.id(), ScriptArguments.ofClaim(claim, holder.encodedForThisThread(), listens));
    }

    private ClaimResult claimResult(Claim claim, List<Object> reply) {
        return claimResult(claim, reply, stored -> results.of(claim.id(), stored));
    }

    /**
     * {@code claim.lua} tells what a reply has.
     *
     * @param result the result for which a text is stored; gets and returns null where there is none
     */
    static ClaimResult claimResult(Claim claim, List<Object> reply, UnaryOperator<@Nullable String> result) {
        if (reply.size() == 1) {
            ClaimField granted = ClaimField.of(text(reply, 0).substring(GRANTED.length()));
            return new ClaimResult(
                    Verdict.NEW,
                    claim.hash(),
                    claim.traceId(),
                    null,
                    "",
                    granted.attempt(),
                    granted.fence(),
                    0,
                    "",
                    0,
                    "");
        }
        String hash = text(reply, 1);
        String traceId = text(reply, 2);
        return switch (text(reply, 3)) {
            case "conflict" ->
                new ClaimResult(Verdict.CONFLICT, hash, traceId, null, members(reply), 0, 0, 0, "", 0, text(reply, 5));
            case "completed" ->
                new ClaimResult(
                        Verdict.DUPLICATE, hash, traceId, result.apply(textOrNull(reply, 4)), "", 0, 0, 0, "", 0, "");
            case "newer" ->
                new ClaimResult(
                        Verdict.IN_PROGRESS,
                        hash,
                        traceId,
                        null,
                        "",
                        0,
                        0,
                        // Without TTL, nobody knows: it is looked at as often as one that ends by itself.
                        (Long) reply.get(5) < 0 ? UNKNOWN_LEFT_MILLIS : (Long) reply.get(5),
                        "",
                        0,
                        /* form= */ "",
                        /* newerVersion= */ text(reply, 4));
            default -> {
                ClaimField held = ClaimField.of(text(reply, 4));
                yield new ClaimResult(
                        Verdict.IN_PROGRESS,
                        hash,
                        traceId,
                        null,
                        "",
                        held.attempt(),
                        held.fence(),
                        (Long) reply.get(5),
                        text(reply, 6),
                        seconds(text(reply, 7)),
                        /* form= */ "");
            }
        };
    }

    /** Of a conflict. What stands there without a secret is not ours. */
    private static String members(List<Object> reply) {
        HashForm form = HashForm.named(text(reply, 5));
        return form != null && form.isKeyed() ? text(reply, 4) : "";
    }

    @Override
    public Update markCompleted(Claim claim, Completion completion) {
        if (durable != null && durable.holdsForCompletions()) {
            return Waiting.uninterruptibly(platform, markCompletedAsync(claim, completion));
        }
        List<Object> reply = complete(claim, completion, /* whole= */ false).await();
        return update(
                isAbsent(reply, 0)
                        ? complete(claim, completion, /* whole= */ true).await()
                        : reply);
    }

    @Override
    public CompletableFuture<Update> markCompletedAsync(Claim claim, Completion completion) {
        CompletableFuture<Update> answer = completeAsync(claim, completion);
        DurableSteps asked = durable;
        return asked == null || !asked.holdsForCompletions()
                ? answer
                : answer.thenCompose(update -> afterDurable(asked, claim, completion, update));
    }

    /** As of a claim. */
    private CompletableFuture<Update> afterDurable(
            DurableSteps asked, Claim claim, Completion completion, Update update) {
        if (update == Update.REFUSED) {
            return CompletableFuture.completedFuture(update);
        }
        byte[] result = results.toStore(claim.id(), completion.result());
        return asked.await(scripts.repeated(
                        LuaScript.COMPLETE, claim.id(), ScriptArguments.ofCompletion(claim, completion, result)))
                .thenApply(end -> {
                    if (end.isNothing()) {
                        return update;
                    }
                    throw end.ofCompletion(claim.id());
                });
    }

    private CompletableFuture<Update> completeAsync(Claim claim, Completion completion) {
        return complete(claim, completion, /* whole= */ false)
                .withTimeout()
                .thenCompose(reply -> isAbsent(reply, 0)
                        ? complete(claim, completion, /* whole= */ true).withTimeout()
                        : CompletableFuture.completedFuture(reply))
                .thenApply(RedisIdempotencyStore::update);
    }

    @Override
    public void markCompletedTogether(List<? extends PendingCompletion> completions) {
        together.send(completions);
    }

    /** Nobody waits for those that are sent together. */
    private void completeAlone(PendingCompletion one) {
        completeAsync(one.claim(), one.completion()).whenComplete(one::ended);
    }

    /** The record is gone: what it said besides has to be sent, which it hardly ever has. */
    static boolean isAbsent(List<Object> reply, int place) {
        return reply.size() > 1 && text(reply, place).equals("absent");
    }

    private ScriptCall complete(Claim claim, Completion completion, boolean whole) {
        byte[] result = results.toStore(claim.id(), completion.result());
        return scripts.start(
                LuaScript.COMPLETE,
                claim.id(),
                whole
                        ? ScriptArguments.ofWholeCompletion(claim, completion, result, holder.encodedForThisThread())
                        : ScriptArguments.ofCompletion(claim, completion, result));
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
        return scripts.start(
                LuaScript.FAIL,
                claim.id(),
                Wtf8.encode(claim.owner()),
                Wtf8.encode(message),
                ScriptArguments.number(claim.failedTtlSeconds()));
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
        return scripts.start(LuaScript.RENEW, claim.id(), ofRenewal(claim));
    }

    private static byte[][] ofRenewal(Claim claim) {
        return new byte[][] {Wtf8.encode(claim.owner()), ScriptArguments.number(claim.leaseMillis())};
    }

    private static Update update(List<Object> reply) {
        return update(reply, 0);
    }

    /** What a step did to the record at that place. {@code complete.lua} says nothing of each where it completed all. */
    static Update update(List<Object> reply, int place) {
        return reply.size() == 1
                ? Update.APPLIED
                : Update.valueOf(text(reply, place).toUpperCase(java.util.Locale.ROOT));
    }

    @Override
    public boolean delete(RecordId id) {
        return (Long) scripts.start(LuaScript.DELETE, id).await().get(0) > 0;
    }

    @Override
    public boolean giveBack(Claim claim) {
        return (Long) scripts.start(LuaScript.DELETE, claim.id(), Wtf8.encode(claim.owner()))
                        .await()
                        .get(0)
                > 0;
    }

    @Override
    public Optional<StoredRecord> status(RecordId id) {
        List<Object> reply = scripts.start(LuaScript.STATUS, id).await();
        List<?> fields = (List<?>) reply.get(1);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> byName = fields(fields);
        byName.computeIfPresent("result", (name, stored) -> results.of(id, stored));
        return Optional.of(new StoredRecord(byName, (Long) reply.get(0)));
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
        scripts.checkOpen();
        return new RedisRecordWatch(wakeups, scripts.names().of(id));
    }

    @Override
    public String partOf(RecordId id) {
        return scripts.connector().partOf(scripts.names().bytesOf(id));
    }

    @Override
    public long longestAnswerMillis() {
        return scripts.longestAnswerMillis();
    }

    @Override
    public long unreadableResults() {
        return results.unreadable();
    }

    @Override
    public FleetBoard fleet() {
        return new RedisFleetBoard(scripts, holder);
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public void close() {
        if (durable != null) {
            durable.close();
        }
        scripts.close();
    }

    /** 0 where another worker wrote no whole number. */
    private static long seconds(String createdAt) {
        try {
            return Long.parseLong(createdAt);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String text(List<Object> reply, int slot) {
        return Wtf8.decode((byte[]) reply.get(slot));
    }

    /** The text at that slot; null where the script answered false. */
    private static @Nullable String textOrNull(List<Object> reply, int slot) {
        byte[] bytes = (byte[]) reply.get(slot);
        return bytes == null ? null : Wtf8.decode(bytes);
    }
}
