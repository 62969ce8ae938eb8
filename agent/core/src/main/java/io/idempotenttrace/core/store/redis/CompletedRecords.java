package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.redisclient.RedisConnector;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.TrackedReads;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.RecordId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Completed records that were met as duplicates twice, so that the next duplicate asks nobody. Most are met once: for them a read
 * would double what they cost. Redis tells of each change of what was read over the one connection that these reads have to
 * themselves (client-side caching, RESP3); while that connection is not there, nothing is remembered. Nothing of it exists in a
 * process that never meets a duplicate twice. Safe for use by many threads.
 */
final class CompletedRecords implements TrackedReads.Listener {

    /** A burst of duplicates must not queue up behind reads that serve only later ones. */
    private static final int MOST_READS = 256;

    /** How many of the last duplicates are known by their hash, to tell those that are met again. A power of two. */
    private static final int LAST_MET = 4096;

    private static final byte[][] NO_ARGUMENTS = {};

    private final RedisConnector connector;
    private final AtomicBoolean opened = new AtomicBoolean();
    private final AtomicInteger reads = new AtomicInteger();
    /** Hashes of the last duplicates, each at its own place. One that is lost to another thread costs a command later. */
    private final AtomicLongArray lastMet = new AtomicLongArray(LAST_MET);

    private final DuplicateAnswers known;
    /** Null until the first was opened. */
    private volatile @Nullable TrackedReads connection;
    /** Whether Redis tells of changes now. */
    private volatile boolean tracking;

    /** @param maxBytes what the records may take, roughly; above 0 */
    CompletedRecords(RedisConnector connector, long maxBytes) {
        this.connector = connector;
        this.known = new DuplicateAnswers(maxBytes, System::nanoTime);
    }

    /** The answer to a duplicate; null if the store has to be asked. */
    @Nullable
    ClaimResult find(RecordId id, String hash, CanonicalForm form) {
        return tracking ? known.find(id, form.key(), hash) : null;
    }

    /**
     * Reads, aside, a record that was met as completed for the second time, so that it is known from then on.
     *
     * @param answer what the claim script answered. It is what later duplicates get: no verdict is decided here
     */
    void remember(Claim claim, ClaimResult answer) {
        if (!isMetAgain(claim)) {
            return;
        }
        if (!tracking) {
            open();
        } else if (reads.incrementAndGet() > MOST_READS) {
            reads.decrementAndGet();
        } else {
            read(claim.id(), answer);
        }
    }

    private boolean isMetAgain(Claim claim) {
        // Never 0, which stands for an empty place.
        long met = (long) claim.id().hashCode() << 32 | claim.hash().hashCode() & 0xffff_fffeL | 1;
        int place = claim.id().hashCode() & LAST_MET - 1;
        return lastMet.getAndSet(place, met) == met;
    }

    private void read(RecordId id, ClaimResult answer) {
        byte[] key = Wtf8.encode(id.redisKey());
        TrackedReads asked = Objects.requireNonNull(connection, "only a connection begins to track");
        asked.commands()
                .eval(LuaScript.STATUS.text(0), new byte[][] {key})
                // On the connection's own thread, so that a change that Redis tells later is also handled later.
                .whenComplete((reply, failure) -> {
                    reads.decrementAndGet();
                    if (failure == null && !LuaScript.STATUS.isReplyTo(key, NO_ARGUMENTS, reply)) {
                        giveUp(asked);
                    } else if (failure == null) {
                        put(id, answer, (Long) reply.get(0), (List<?>) reply.get(1));
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
        known.forgetAll();
    }

    /** Of no effect if the record has changed since the script answered. */
    private void put(RecordId id, ClaimResult answer, long ttlMillis, List<?> fieldsAndValues) {
        Map<String, String> fields = RedisIdempotencyStore.fields(fieldsAndValues);
        if (tracking
                && ttlMillis > 0
                && "completed".equals(fields.get("status"))
                && id.tenant().equals(fields.get("tenant_id"))
                && answer.hash().equals(fields.get("hash"))
                && answer.traceId().equals(fields.getOrDefault("trace_id", ""))
                && Objects.equals(answer.result(), fields.get("result"))) {
            String form = fields.getOrDefault("form", RedisIdempotencyStore.DEFAULT_FORM);
            known.add(id, form, answer, Math.min(TimeUnit.MILLISECONDS.toNanos(ttlMillis), Long.MAX_VALUE / 2));
        }
    }

    private void open() {
        RedisLink link = connector.link();
        if (link == null || !link.pushes() || !opened.compareAndSet(false, true)) {
            return;
        }
        boolean begun = BackgroundLoop.runOnce("idempotent-trace-duplicates", () -> {
            try {
                TrackedReads own = connector.openTrackedReads(this);
                connection = own;
                own.track();
            } catch (Throwable failure) {
                // Duplicates are answered by the store, as before.
            }
        });
        if (!begun) {
            // The next duplicate that is met twice tries again.
            opened.set(false);
        }
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
            known.forget(id);
        } else {
            known.forgetAll();
        }
    }

    @Override
    public void changedAll() {
        known.forgetAll();
    }
}
