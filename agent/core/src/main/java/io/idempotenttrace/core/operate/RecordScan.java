package io.idempotenttrace.core.operate;

import io.idempotenttrace.core.redisclient.RedisFailure;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.RedisLink.Primary;
import io.idempotenttrace.core.redisclient.ServerCommands;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.redis.RedisRecords;
import io.idempotenttrace.core.store.redis.RedisRecords.Content;
import io.idempotenttrace.core.store.redis.RedisRecords.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the names of all primaries by SCAN, which holds no server up as KEYS does. A record that is there from the beginning to the end
 * is met, perhaps twice; one that comes or goes meanwhile may be met.
 */
final class RecordScan {

    private static final int NAMES_AT_ONCE = 1000;
    private static final byte[] COUNT = RedisRecords.bytes(Integer.toString(NAMES_AT_ONCE));
    private static final String START = "0";
    private static final long MOST_NAMES_OF_A_SAMPLE = 200_000;

    private final RedisRecords records;
    private final RedisLink link;
    private final ToLongFunction<@Nullable String> leaseMillis;

    /** @param leaseMillis the lease of a scope's calls, null for shared keys */
    RecordScan(RedisRecords records, RedisLink link, ToLongFunction<@Nullable String> leaseMillis) {
        this.records = records;
        this.link = link;
        this.leaseMillis = leaseMillis;
    }

    /** Is told of names as they are met. */
    interface Visitor {

        /**
         * @param server commands to the server that has them
         * @param seen about how many names were looked at so far, of any kind
         * @return whether to go on
         */
        boolean visit(ServerCommands server, List<Name> names, long seen);
    }

    void names(RecordFilter filter, Visitor visitor) {
        names(filter.pattern(records.prefix()), filter::names, visitor);
    }

    /** The records of that key, of all tenants and scopes. */
    void ofKey(String key, Visitor visitor) {
        names(RecordFilter.patternOfKey(records.prefix(), key), id -> id.key().equals(key), visitor);
    }

    private void names(String glob, Predicate<RecordId> meant, Visitor visitor) {
        byte[] pattern = RedisRecords.bytes(glob);
        long seen = 0;
        for (Primary primary : link.primaries()) {
            ServerCommands server = records.await("connect", link.commandsTo(primary));
            String cursor = START;
            do {
                List<Object> reply = records.await(
                        "scan",
                        server.command(
                                "SCAN",
                                RedisRecords.bytes(cursor),
                                RedisRecords.bytes("MATCH"),
                                pattern,
                                RedisRecords.bytes("COUNT"),
                                COUNT,
                                RedisRecords.bytes("TYPE"),
                                RedisRecords.bytes("hash")));
                cursor = RedisRecords.text((byte[]) reply.get(0));
                List<?> found = (List<?>) reply.get(1);
                seen += NAMES_AT_ONCE;
                if (!visitor.visit(server, meant(meant, found), seen)) {
                    return;
                }
            } while (!cursor.equals(START));
        }
    }

    private List<Name> meant(Predicate<RecordId> meant, List<?> found) {
        List<Name> names = new ArrayList<>();
        for (Object one : found) {
            Name name = records.named((byte[]) one);
            if (name != null && meant.test(name.id())) {
                names.add(name);
            }
        }
        return names;
    }

    /** Reads what stands under these names; null where nothing does any more. */
    List<@Nullable RecordLook> read(ServerCommands server, List<Name> names) {
        if (names.isEmpty()) {
            return List.of();
        }
        CompletableFuture<List<Object>> time = server.command("TIME");
        List<CompletableFuture<@Nullable Content>> contents = new ArrayList<>();
        for (Name name : names) {
            contents.add(content(server, name));
        }
        long now = RedisRecords.millis(records.await("time", time));
        List<@Nullable RecordLook> looks = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Name name = names.get(i);
            looks.add(look(name, records.await("read", contents.get(i)), now));
        }
        return looks;
    }

    /** Where the record's slot is moving to another node, the Cluster as a whole is asked. */
    private CompletableFuture<@Nullable Content> content(ServerCommands server, Name name) {
        return records.read(server, name)
                .handle((content, failure) ->
                        failure != null && link.isCluster() && RedisFailure.needsAnotherServer(failure)
                                ? records.read(link.commands(), name)
                                : failure != null
                                        ? CompletableFuture.<@Nullable Content>failedFuture(failure)
                                        : CompletableFuture.<@Nullable Content>completedFuture(content))
                .thenCompose(read -> read);
    }

    private @Nullable RecordLook look(Name name, @Nullable Content content, long now) {
        return content == null
                ? null
                : new RecordLook(
                        name.id(),
                        name.note(),
                        content.fields(),
                        content.ttlMillis(),
                        content.resultBytes(),
                        now,
                        leaseMillis.applyAsLong(name.id().scope()));
    }

    /**
     * Looks at the records of a sample.
     *
     * @param most so many records at most, met by SCAN
     */
    List<RecordLook> sample(RecordFilter filter, int most) {
        List<RecordLook> sample = new ArrayList<>();
        names(filter, (server, found, seen) -> {
            for (RecordLook look : read(server, found)) {
                if (look != null) {
                    sample.add(look);
                }
            }
            return sample.size() < most && seen < MOST_NAMES_OF_A_SAMPLE;
        });
        return sample;
    }
}
