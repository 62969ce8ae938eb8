package io.idempotenttrace.core.store.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.idempotenttrace.core.background.BackgroundThread;
import io.idempotenttrace.core.redisclient.RedisConnector;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.TrackedReads;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Completed records that were met as duplicates twice, so that the next duplicate asks nobody. Most are met once: for them a read
 * would double what they cost. Redis tells of each change of what was read over the one connection that these reads have to
 * themselves (client-side caching, RESP3); while that connection is not there, nothing is remembered. Nothing of it exists, and
 * nothing of Caffeine is loaded, in a process that never meets a duplicate twice: Caffeine asks for a System.Logger, which may initialise the application's logging. Safe for use by many threads.
 */
final class CompletedRecords implements TrackedReads.Listener {

    /** What an entry costs besides its texts. */
    private static final int ENTRY_BYTES = 256;
    /** A burst of duplicates must not queue up behind reads that serve only later ones. */
    private static final int MOST_READS = 256;

    /** How many of the last duplicates are known by their hash, to tell those that are met again. A power of two. */
    private static final int LAST_MET = 4096;
    private static final byte[][] NO_ARGUMENTS = {};

    /** A record with its answer, which is the same for every duplicate. */
    private record Known(String hash, String form, ClaimResult answer, long ttlNanos) {
    }

    private final RedisConnector connector;
    private final long maxBytes;
    private final AtomicBoolean opened = new AtomicBoolean();
    private final AtomicInteger reads = new AtomicInteger();
    /** Hashes of the last duplicates, each at its own place. One that is lost to another thread costs a command later. */
    private final AtomicLongArray lastMet = new AtomicLongArray(LAST_MET);
    private volatile Cache<RecordId, Known> known;
    private volatile TrackedReads connection;
    /** Whether Redis tells of changes now. */
    private volatile boolean tracking;

    /** @param maxBytes what the records may take, roughly; above 0 */
    CompletedRecords(RedisConnector connector, long maxBytes) {
        this.connector = connector;
        this.maxBytes = maxBytes;
    }

    private static int bytes(RecordId id, Known record) {
        String result = record.answer.result();
        return ENTRY_BYTES + 2 * (id.key().length() + id.tenant().length() + record.answer.traceId().length()
                + (result == null ? 0 : result.length()));
    }

    /** The answer to a duplicate; null if the store has to be asked. */
    ClaimResult find(RecordId id, String hash, String form) {
        if (!tracking) {
            return null;
        }
        Known record = known.getIfPresent(id);
        return record != null && record.hash.equals(hash) && record.form.equals(form) ? record.answer : null;
    }

    /** Reads, aside, a record that was met as completed for the second time, so that it is known from then on. */
    void remember(Claim claim) {
        if (!isMetAgain(claim)) {
            return;
        }
        if (!tracking) {
            open();
        } else if (reads.incrementAndGet() > MOST_READS) {
            reads.decrementAndGet();
        } else {
            read(claim.id());
        }
    }

    private boolean isMetAgain(Claim claim) {
        // Never 0, which stands for an empty place.
        long met = (long) claim.id().hashCode() << 32 | claim.hash().hashCode() & 0xffff_fffeL | 1;
        int place = claim.id().hashCode() & LAST_MET - 1;
        return lastMet.getAndSet(place, met) == met;
    }

    private void read(RecordId id) {
        byte[] key = Wtf8.encode(id.redisKey());
        TrackedReads asked = connection;
        asked.commands().eval(LuaScript.STATUS.text(0), new byte[][] {key})
                // On the connection's own thread, so that a change that Redis tells later is also handled later.
                .whenComplete((reply, failure) -> {
                    reads.decrementAndGet();
                    if (failure == null && !LuaScript.STATUS.isReplyTo(key, NO_ARGUMENTS, reply)) {
                        giveUp(asked);
                    } else if (failure == null) {
                        put(id, (Long) reply.get(0), (List<?>) reply.get(1));
                    }
                });
    }

    /** Replies got out of step: what is known may be another record's. The next duplicate met twice opens a connection anew. */
    private void giveUp(TrackedReads asked) {
        if (asked == connection && tracking) {
            forgetAll();
            asked.close();
            opened.set(false);
        }
    }

    /** Nothing is told of changes any more. */
    private void forgetAll() {
        tracking = false;
        known.invalidateAll();
    }

    private void put(RecordId id, long ttlMillis, List<?> fieldsAndValues) {
        Map<String, String> fields = RedisIdempotencyStore.fields(fieldsAndValues);
        if (!tracking || ttlMillis <= 0 || !"completed".equals(fields.get("status")) || !id.tenant().equals(fields.get("tenant_id"))) {
            return;
        }
        ClaimResult answer = new ClaimResult(Verdict.DUPLICATE, fields.get("hash"), fields.getOrDefault("trace_id", ""),
                fields.get("result"), "", 0, 0, 0, "", 0);
        known.put(id, new Known(fields.get("hash"), fields.getOrDefault("form", RedisIdempotencyStore.DEFAULT_FORM), answer, ttlMillis * 1_000_000));
    }

    private void open() {
        RedisLink link = connector.link();
        if (link == null || !link.pushes() || !opened.compareAndSet(false, true)) {
            return;
        }
        BackgroundThread.of("idempotent-trace-duplicates", () -> {
            try {
                known = Caffeine.newBuilder().maximumWeight(maxBytes).weigher(CompletedRecords::bytes).executor(Runnable::run)
                        .expireAfter(Expiry.creating((RecordId id, Known record) -> Duration.ofNanos(record.ttlNanos))).build();
                TrackedReads own = connector.openTrackedReads(this);
                connection = own;
                own.track();
            } catch (Throwable failure) {
                // Duplicates are answered by the store, as before.
            }
        }).start();
    }

    @Override
    public void tracking(TrackedReads from) {
        if (from == connection) {
            tracking = true;
        }
    }

    @Override
    public void notTracking(TrackedReads from) {
        // One that was given up says so late, when the next one may be there.
        if (from == connection) {
            forgetAll();
        }
    }

    @Override
    public void changed(byte[] key) {
        RecordId id = RecordId.ofRedisKey(Wtf8.decode(key));
        if (id != null) {
            known.invalidate(id);
        } else {
            known.invalidateAll();
        }
    }

    @Override
    public void changedAll() {
        known.invalidateAll();
    }
}
