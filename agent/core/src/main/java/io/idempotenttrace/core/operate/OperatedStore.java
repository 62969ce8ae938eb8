package io.idempotenttrace.core.operate;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.redisclient.RedisFailure;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.RedisLink.Primary;
import io.idempotenttrace.core.redisclient.ServerCommands;
import io.idempotenttrace.core.store.FleetMode;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Release;
import io.idempotenttrace.core.store.redis.FigureRecord;
import io.idempotenttrace.core.store.redis.ModeRecord;
import io.idempotenttrace.core.store.redis.RedisRecords;
import io.idempotenttrace.core.store.redis.RedisRecords.Name;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The store as the people see it who operate the fleet. Its methods block, and throw {@link IdempotencyStoreException} with the reason in words
 * if Redis can't answer; {@link #isReached} tells whether it answered at all. For one thread.
 */
public final class OperatedStore implements AutoCloseable {

    /** Up to so many names on all servers, each record is read to be counted. */
    public static final long COUNTED_EXACTLY = 1_000_000;

    private final RedisRecords records;
    private final RedisLink link;
    private final ToLongFunction<@Nullable String> failedTtlMillis;
    private final RecordScan scan;

    private OperatedStore(
            RedisRecords records,
            RedisLink link,
            ToLongFunction<@Nullable String> leaseMillis,
            ToLongFunction<@Nullable String> failedTtlMillis) {
        this.records = records;
        this.link = link;
        this.failedTtlMillis = failedTtlMillis;
        this.scan = new RecordScan(records, link, leaseMillis);
    }

    /**
     * Connects.
     *
     * @param records closed with the store, also where this throws
     * @param leaseMillis the lease of a scope's calls, null for shared keys
     * @param failedTtlMillis how long a scope's failed records are kept, null for shared keys
     */
    public static OperatedStore connect(
            RedisRecords records,
            ToLongFunction<@Nullable String> leaseMillis,
            ToLongFunction<@Nullable String> failedTtlMillis) {
        try {
            return new OperatedStore(records, records.connect(), leaseMillis, failedTtlMillis);
        } catch (RuntimeException e) {
            records.close();
            throw e;
        }
    }

    /** Whether a server has answered, and let the user in, before that failure. */
    public static boolean isReached(IdempotencyStoreException failure) {
        return RedisFailure.refusal(failure) != null && !isLoginRefused(failure);
    }

    static boolean isLoginRefused(IdempotencyStoreException failure) {
        String refusal = RedisFailure.refusal(failure);
        return refusal != null
                && (refusal.startsWith("NOAUTH")
                        || refusal.startsWith("WRONGPASS")
                        || refusal.contains("invalid password")
                        || refusal.contains("invalid username-password pair"));
    }

    /** The server for messages, without user and password. */
    public String server() {
        return records.connector().server();
    }

    /** The name of the record in Redis. */
    public String nameOf(RecordId id) {
        return id.redisKey(records.prefix());
    }

    /** The record, from its failed note if it failed. Changes nothing. */
    public Optional<RecordLook> find(RecordId id) {
        List<Name> names = records.namesOf(id);
        ServerCommands server =
                records.await("connect", link.commandsToPrimaryOf(names.get(0).bytes()));
        for (RecordLook look : scan.read(server, names)) {
            if (look != null) {
                return Optional.of(look);
            }
        }
        return Optional.empty();
    }

    /** The records with that key, of all tenants and scopes, found by SCAN. */
    public List<RecordId> withKey(String key, LongConsumer progress) {
        Set<RecordId> found = new LinkedHashSet<>();
        scan.ofKey(key, (server, names, seen) -> {
            progress.accept(seen);
            names.forEach(name -> found.add(name.id()));
            return true;
        });
        return new ArrayList<>(found);
    }

    /**
     * Tells of each record that is meant, as it is met.
     *
     * @param each whether to go on
     * @param progress told how many names were looked at so far
     */
    public void list(RecordFilter filter, Predicate<RecordLook> each, LongConsumer progress) {
        scan.names(filter, (server, names, seen) -> {
            progress.accept(seen);
            for (RecordLook look : scan.read(server, names)) {
                if (look != null && filter.contains(look) && !each.test(look)) {
                    return false;
                }
            }
            return true;
        });
    }

    /**
     * Counts the records that are meant.
     *
     * @param exactly up to so many names on all servers each record is read, see {@link RecordCounts}
     */
    public RecordCounts count(RecordFilter filter, long exactly, LongConsumer progress) {
        RecordCounts counts = new RecordCounts(1 + names() / exactly);
        scan.names(filter, (server, names, seen) -> {
            progress.accept(seen);
            return counts.add(scan, records, filter, server, names);
        });
        return counts;
    }

    /** How many names all primaries have; 0 where the user may not ask. */
    private long names() {
        long sum = 0;
        for (Primary primary : link.primaries()) {
            ServerCommands server = records.await("connect", link.commandsTo(primary));
            sum += records.await(
                    "dbsize",
                    server.command("DBSIZE")
                            .handle((reply, noRight) ->
                                    noRight == null && reply.get(0) instanceof Long number ? number : (Long) 0L));
        }
        return sum;
    }

    /**
     * Lets the key go, so that it is claimable now: the claim is taken from the owner that was seen, whose later completion is then refused.
     *
     * @param who the user and the machine, for the record
     */
    public Release release(RecordLook seen, String who) {
        return release(seen, who, "released-" + UUID.randomUUID());
    }

    /** @param by token of this step: what is sent again with it is answered as it was the first time */
    Release release(RecordLook seen, String who, String by) {
        RecordId id = seen.id();
        return records.release(
                id,
                seen.owner(),
                by,
                "released by " + who,
                Math.max(1, failedTtlMillis.applyAsLong(id.scope()) / 1000));
    }

    /** Deletes the record, whoever holds it; whether there was one. */
    public boolean delete(RecordId id) {
        return records.delete(id);
    }

    /** Deletes the records that are meant; how many. */
    public long purge(RecordFilter filter, LongConsumer progress) {
        AtomicLong deleted = new AtomicLong();
        scan.names(filter, (server, names, seen) -> {
            progress.accept(seen);
            List<CompletableFuture<Boolean>> deletions = new ArrayList<>();
            for (Name name : filter.needsContent() ? meant(filter, server, names) : names) {
                deletions.add(records.delete(name));
            }
            for (CompletableFuture<Boolean> deletion : deletions) {
                if (records.await("delete", deletion)) {
                    deleted.incrementAndGet();
                }
            }
            return true;
        });
        return deleted.get();
    }

    private List<Name> meant(RecordFilter filter, ServerCommands server, List<Name> names) {
        List<@Nullable RecordLook> looks = scan.read(server, names);
        List<Name> meant = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            RecordLook look = looks.get(i);
            if (look != null && filter.contains(look)) {
                meant.add(names.get(i));
            }
        }
        return meant;
    }

    /** The modes that the fleet is asked for, by scope as settings name it; the empty text stands for all. */
    public Map<String, FleetMode> modes() {
        byte[] name = ModeRecord.nameOf(records.prefix());
        return ModeRecord.read(records.await(
                "hgetall", link.commandsToPrimaryOf(name).thenCompose(server -> server.onKey("HGETALL", name))));
    }

    /**
     * Asks the fleet to have that mode.
     *
     * @param scope as settings name it; empty for all
     * @param mode null to ask for none any more
     */
    public void switchMode(String scope, @Nullable FleetMode mode) {
        byte[] name = ModeRecord.nameOf(records.prefix());
        byte[] field = ModeRecord.field(scope);
        records.await(
                mode == null ? "hdel" : "hset",
                link.commandsToPrimaryOf(name)
                        .thenCompose(server -> mode == null
                                ? server.onKey("HDEL", name, field)
                                : server.onKey("HSET", name, field, ModeRecord.value(mode))));
    }

    /**
     * Tells all processes that somebody watches, and reads what they have told last: their lines by process. To be called once a second.
     *
     * @param who the user and the machine
     */
    public Map<String, String> watch(String who) {
        byte[] watched = FigureRecord.watched(records.prefix());
        byte[] figures = FigureRecord.figures(records.prefix());
        byte[] lasting = RedisRecords.bytes(Long.toString(FigureRecord.WATCHED_MILLIS));
        CompletableFuture<List<Object>> sign = link.commandsToPrimaryOf(watched).thenCompose(server -> {
            // Both over one connection, in this order.
            CompletableFuture<List<Object>> set =
                    server.onKey("HSET", watched, RedisRecords.bytes("by"), RedisRecords.bytes(who));
            return set.thenCombine(server.onKey("PEXPIRE", watched, lasting), (one, other) -> one);
        });
        CompletableFuture<List<Object>> lines =
                link.commandsToPrimaryOf(figures).thenCompose(server -> server.onKey("HGETALL", figures));
        records.await("hset", sign);
        return FigureRecord.read(records.await("hgetall", lines));
    }

    /** Removes the line of a process that tells nothing any more. */
    public void forgetFigures(String process) {
        byte[] figures = FigureRecord.figures(records.prefix());
        records.await(
                "hdel",
                link.commandsToPrimaryOf(figures)
                        .thenCompose(server -> server.onKey("HDEL", figures, RedisRecords.bytes(process))));
    }

    /** @param who the user and the machine, for its entries */
    public AuditLog audit(String who) {
        return new AuditLog(records, link, who);
    }

    @Override
    public void close() {
        records.close();
    }
}
