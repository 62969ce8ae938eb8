package io.idempotenttrace.core.faults;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordWatch;
import io.idempotenttrace.core.store.StoredRecord;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.testkit.RedisConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A store in Redis that is as plain as it can be, so that one mechanism can be left out of it: a scenario that does not notice
 * proves nothing. It runs the real scripts over a plain client, one connection for each command. Without a flaw it keeps the
 * contract, for one server.
 */
final class PlainStore implements IdempotencyStore {

    /** What is left out, or done wrongly. */
    enum Flaw {
        NONE,
        /** A pending record is never free again. */
        LEASE_THAT_NEVER_ENDS,
        /** A pending record is free at once. */
        NO_LEASE,
        /** Any call may complete any record. */
        NO_OWNER_CHECK,
        /** A command that is sent again carries another token. */
        NEW_OWNER_WHEN_SENT_AGAIN,
        /** A completion carries another token than its claim. */
        COMPLETES_AS_ANOTHER,
        /** A completed record forgets its owner, so that a completion that is sent again is refused. */
        COMPLETION_FORGETS_ITS_OWNER,
        /** A completion writes two fields, whether there is a record or not. */
        COMPLETION_BY_PLAIN_HSET,
        /** A command whose connection broke is not sent again. */
        NEVER_SENDS_AGAIN,
        /** Scripts are known by their SHA alone, loaded once for the life of the process. */
        SCRIPTS_LOADED_ONCE,
        /** The first failure to connect is the last attempt. */
        NEVER_CONNECTS_AGAIN
    }

    private final int port;
    private final Flaw flaw;
    private final int timeoutMillis;
    private final Map<String, String> owners = new ConcurrentHashMap<>();
    private volatile boolean gaveUp;

    PlainStore(int port, Flaw flaw, int timeoutMillis) {
        this.port = port;
        this.flaw = flaw;
        this.timeoutMillis = timeoutMillis;
        if (flaw == Flaw.SCRIPTS_LOADED_ONCE) {
            try (RedisConnection connection = new RedisConnection("127.0.0.1", port)) {
                for (String name : List.of("claim", "complete", "fail", "renew", "delete", "status")) {
                    connection.call("SCRIPT", "LOAD", text(name));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The real script, and around it what the flaw makes of it. */
    private String text(String name) {
        String script = read("record") + read(name);
        return switch (flaw) {
            case LEASE_THAT_NEVER_ENDS -> name.equals("claim") ? "ARGV[6] = '3600000'\n" + script : script;
            case NO_LEASE -> name.equals("claim") ? "ARGV[6] = '1'\n" + script : script;
            case NO_OWNER_CHECK ->
                name.equals("claim") || name.equals("status") || name.equals("delete")
                        ? script
                        : "ARGV[1] = string.match(redis.call('HMGET', KEYS[1], 'claim')[1] or '', '([^ ]+)$') or ARGV[1]\n"
                                + script;
            case COMPLETION_FORGETS_ITS_OWNER ->
                name.equals("complete")
                        ? "local function complete()\n" + script
                                + "\nend\nlocal reply = complete()\nredis.call('HDEL', KEYS[1], 'claim')\nreturn reply"
                        : script;
            case COMPLETION_BY_PLAIN_HSET ->
                name.equals("complete")
                        ? "redis.call('HSET', KEYS[1], 'status', 'completed', 'trace_id', ARGV[3])\nreturn { 'applied', ARGV[1] }"
                        : script;
            default -> script;
        };
    }

    private static String read(String name) {
        try (InputStream in = IdempotencyStore.class.getResourceAsStream("redis/" + name + ".lua")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Object run(String name, RecordId id, int ownerAt, String... arguments) {
        IOException failure = null;
        for (int attempt = 0; attempt < (flaw == Flaw.NEVER_SENDS_AGAIN ? 1 : 3) && !gaveUp; attempt++) {
            if (ownerAt >= 0 && flaw == Flaw.NEW_OWNER_WHEN_SENT_AGAIN) {
                String owner = arguments[ownerAt];
                arguments[ownerAt] = attempt == 0 ? owners.getOrDefault(owner, owner) : newOwner();
                owners.put(owner, arguments[ownerAt]);
            }
            try (RedisConnection connection = new RedisConnection("127.0.0.1", port)) {
                connection.timeout(timeoutMillis);
                return run(connection, name, id, arguments);
            } catch (IOException e) {
                failure = e;
            }
        }
        gaveUp |= flaw == Flaw.NEVER_CONNECTS_AGAIN;
        throw new IdempotencyStoreException("plain store: " + failure, id.tenant(), id.key(), null, failure);
    }

    private Object run(RedisConnection connection, String name, RecordId id, String[] arguments) throws IOException {
        String text = text(name);
        return flaw == Flaw.SCRIPTS_LOADED_ONCE
                ? connection.call(command("EVALSHA", sha1(text), id, arguments))
                : connection.call(command("EVAL", text, id, arguments));
    }

    private static String[] command(String how, String script, RecordId id, String[] arguments) {
        List<String> command = new ArrayList<>(List.of(how, script, "1", id.redisKey()));
        command.addAll(List.of(arguments));
        return command.toArray(new String[0]);
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String newOwner() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    @Override
    public ClaimResult check(Claim claim) {
        Object answer = run(
                "claim",
                claim.id(),
                4,
                claim.hash(),
                Long.toString(claim.ttlSeconds()),
                claim.id().tenant(),
                claim.traceId(),
                claim.owner(),
                Long.toString(claim.leaseMillis()),
                "",
                claim.digests(),
                claim.form().text());
        if (answer instanceof String) {
            return new ClaimResult(Verdict.NEW, claim.hash(), claim.traceId(), null, "", 0, 0, 0, "", 0, "");
        }
        List<?> reply = (List<?>) answer;
        Verdict verdict = switch ((String) reply.get(0)) {
            case "conflict" -> Verdict.CONFLICT;
            default -> "in-progress".equals(reply.get(3)) ? Verdict.IN_PROGRESS : Verdict.DUPLICATE;
        };
        return new ClaimResult(
                verdict,
                (String) reply.get(1),
                (String) reply.get(2),
                "completed".equals(reply.get(3)) ? (String) reply.get(4) : null,
                "",
                0,
                0,
                verdict == Verdict.IN_PROGRESS ? 10 : 0,
                "",
                0,
                "");
    }

    @Override
    public Update markCompleted(Claim claim, Completion completion) {
        String owner = flaw == Flaw.COMPLETES_AS_ANOTHER ? newOwner() : claim.owner();
        return update(run(
                "complete",
                claim.id(),
                0,
                owner,
                Long.toString(claim.ttlSeconds()),
                completion.traceId(),
                completion.responseHash(),
                "",
                claim.hash(),
                claim.id().tenant(),
                claim.form().text(),
                claim.digests()));
    }

    @Override
    public Update markFailed(Claim claim, String error) {
        return update(run("fail", claim.id(), 0, claim.owner(), error, Long.toString(claim.failedTtlSeconds())));
    }

    @Override
    public Update renew(Claim claim) {
        return update(run("renew", claim.id(), 0, claim.owner(), Long.toString(claim.leaseMillis())));
    }

    private static Update update(Object reply) {
        return reply instanceof String
                ? Update.APPLIED
                : Update.valueOf(((String) ((List<?>) reply).get(0)).toUpperCase(Locale.ROOT));
    }

    @Override
    public boolean delete(RecordId id) {
        return (Long) ((List<?>) run("delete", id, -1)).get(0) > 0;
    }

    @Override
    public boolean giveBack(Claim claim) {
        return (Long) ((List<?>) run("delete", claim.id(), -1, claim.owner())).get(0) > 0;
    }

    @Override
    public Optional<StoredRecord> status(RecordId id) {
        List<?> reply = (List<?>) run("status", id, -1);
        List<?> fields = (List<?>) reply.get(1);
        Map<String, String> byName = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i += 2) {
            byName.put((String) fields.get(i), (String) fields.get(i + 1));
        }
        return byName.isEmpty() ? Optional.empty() : Optional.of(new StoredRecord(byName, (Long) reply.get(0)));
    }

    @Override
    public RecordWatch watch(RecordId id) {
        return new RecordWatch() {

            @Override
            public CompletableFuture<Void> ready() {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public CompletableFuture<Void> arm() {
                return new CompletableFuture<>();
            }

            @Override
            public long pollMillis() {
                return 10;
            }

            @Override
            public void close() {
                // Polls hold nothing.
            }
        };
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public void close() {
        gaveUp = true;
    }
}
