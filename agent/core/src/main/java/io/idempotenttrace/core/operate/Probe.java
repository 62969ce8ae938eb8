package io.idempotenttrace.core.operate;

import io.idempotenttrace.core.background.Waiting;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.redisclient.RedisFailure;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.RedisLink.Primary;
import io.idempotenttrace.core.redisclient.ServerCommands;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.redis.RedisRecords;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One server that takes writes, as an examination asks it. Nothing that is sent changes a key. */
final class Probe {

    private static final String SCOPE = "doctor";
    private static final int MOST_TRIES = 200_000;

    final String name;
    final ServerCommands commands;
    /** A record's name in one of its slots, under which nothing stands. */
    final byte[] key;

    private final long timeoutMillis;
    private @Nullable Map<String, String> info;
    private boolean infoAsked;

    private Probe(String name, ServerCommands commands, byte[] key, long timeoutMillis) {
        this.name = name;
        this.commands = commands;
        this.key = key;
        this.timeoutMillis = timeoutMillis;
    }

    static Probe of(RedisRecords records, RedisLink link, Primary primary) {
        String name = primary.name().isEmpty() ? records.connector().server() : primary.name();
        byte[] key = RedisRecords.bytes("");
        for (int i = 0; i < MOST_TRIES; i++) {
            RecordId id = new RecordId("idempotent-trace", SCOPE, "{" + i + "}");
            key = RedisRecords.bytes(id.redisKey(records.prefix()));
            if (primary.id().isEmpty() || records.connector().partOf(key).equals(primary.id())) {
                break;
            }
        }
        ServerCommands commands = records.await("connect", link.commandsTo(primary));
        return new Probe(name, commands, key, records.commandTimeoutMillis());
    }

    /** The reply. */
    List<Object> ask(CompletableFuture<List<Object>> command) throws ExecutionException, TimeoutException {
        return Waiting.uninterruptibly(command, timeoutMillis, TimeUnit.MILLISECONDS);
    }

    /** What the command is refused with; null if it is answered. */
    @Nullable
    String refusal(CompletableFuture<List<Object>> command) {
        try {
            ask(command);
            return null;
        } catch (ExecutionException | TimeoutException e) {
            String refusal = RedisFailure.refusal(e);
            return refusal != null ? refusal : "no answer (" + Failures.text(Failures.cause(e)) + ")";
        }
    }

    /** A command on the key. */
    @Nullable
    String refusalOnKey(String command, String... arguments) {
        return refusal(commands.onKey(command, key, bytes(arguments)));
    }

    static byte[][] bytes(String... texts) {
        byte[][] all = new byte[texts.length][];
        for (int i = 0; i < all.length; i++) {
            all[i] = RedisRecords.bytes(texts[i]);
        }
        return all;
    }

    /** The value of that name in INFO; empty where it is not there or may not be asked. */
    String info(String name) {
        Map<String, String> known = info();
        return known == null ? "" : known.getOrDefault(name, "");
    }

    /** As {@link #info(String)}, a number; -1 where it is none. */
    long number(String name) {
        String text = info(name);
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }

    /** INFO by name; null where it may not be asked. */
    @Nullable
    Map<String, String> info() {
        if (!infoAsked) {
            infoAsked = true;
            try {
                Map<String, String> read = new HashMap<>();
                String all =
                        RedisRecords.text((byte[]) ask(commands.command("INFO")).get(0));
                all.lines()
                        .filter(line -> line.indexOf(':') > 0)
                        .forEach(line -> read.put(
                                line.substring(0, line.indexOf(':')),
                                line.substring(line.indexOf(':') + 1).strip()));
                info = read;
            } catch (ExecutionException | TimeoutException | ClassCastException e) {
                info = null;
            }
        }
        return info;
    }

    /** The value of that setting of the server; null where it may not be asked, or is none. */
    @Nullable
    String config(String setting) {
        try {
            List<Object> reply = ask(commands.command("CONFIG", bytes("GET", setting)));
            return reply.size() == 2 && reply.get(1) instanceof byte[] value ? RedisRecords.text(value) : null;
        } catch (ExecutionException | TimeoutException e) {
            return null;
        }
    }
}
