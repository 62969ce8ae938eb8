package io.idempotenttrace.core.operate;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.store.redis.RedisRecords;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who changed records by hand: a stream in Redis beside the records, so that the whole fleet's operators see it. Redis names each entry by the
 * time at which it was made. It has no payload and no result.
 */
public final class AuditLog {

    private static final String NAME = ":%audit";
    private static final String MOST_ENTRIES = "10000";

    private final RedisRecords records;
    private final RedisLink link;
    private final String who;

    /** @param who the user and the machine */
    AuditLog(RedisRecords records, RedisLink link, String who) {
        this.records = records;
        this.link = link;
        this.who = who;
    }

    /** The name of the stream; no record has such a name. */
    public String name() {
        return records.prefix() + NAME;
    }

    /**
     * Adds an entry.
     *
     * @param command what was done
     * @param scope null where that is none, or all
     * @param key null where it is about many
     * @param affected how many records; null where that is not known yet
     * @return why it could not be added, for people; null if it was. What it is about is done all the same: memory may be full, and the user may
     *         lack the right to XADD
     */
    public @Nullable String add(
            String command,
            @Nullable String tenant,
            @Nullable String scope,
            @Nullable String key,
            @Nullable Long affected) {
        List<byte[]> entry = new ArrayList<>();
        for (String word : new String[] {"MAXLEN", "~", MOST_ENTRIES, "*"}) {
            entry.add(RedisRecords.bytes(word));
        }
        addField(entry, "who", who);
        addField(entry, "command", command);
        addField(entry, "tenant", tenant);
        addField(entry, "scope", scope);
        addField(entry, "key", key);
        addField(entry, "records", affected == null ? null : Long.toString(affected));
        byte[] stream = RedisRecords.bytes(name());
        try {
            records.await(
                    "xadd",
                    link.commandsToPrimaryOf(stream)
                            .thenCompose(server -> server.onKey("XADD", stream, entry.toArray(new byte[0][]))));
            return null;
        } catch (IdempotencyStoreException e) {
            return e.getMessage();
        }
    }

    private static void addField(List<byte[]> entry, String name, @Nullable String value) {
        if (value != null) {
            entry.add(RedisRecords.bytes(name));
            entry.add(RedisRecords.bytes(value));
        }
    }
}
