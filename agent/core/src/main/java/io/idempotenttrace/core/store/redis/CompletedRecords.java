package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.redisclient.RedisAccess;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.TrackedReads;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordTimes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Completed records that were met as duplicates twice, so that the next duplicate asks nobody. Most are met once: for them a read
 * would double what they cost. Redis tells of each change of what was read over the one connection that these reads have to
 * themselves (client-side caching, RESP3); while that connection is not there, nothing is remembered. Nothing of it exists in a
 * process that never meets a duplicate twice.
 *
 * <p>A connection may be dead without either side having closed it, and then no change is told. So what is known counts for {@link
 * #FRESH_NANOS} after a question that the server has answered over that connection: its answer comes after the changes before it. The
 * duplicates themselves ask, at most twice a second, so that nothing is asked while there are none. Safe for use by many threads.
 */
final class CompletedRecords implements TrackedReads.Listener {

    /** A burst of duplicates must not queue up behind reads that serve only later ones. */
    private static final int MOST_READS = 256;

    /** How many of the last duplicates are known by their hash, to tell those that are met again. A power of two. */
    private static final int LAST_MET = 4096;

    private static final byte[][] NO_ARGUMENTS = {};
    /** How long after its record changed a duplicate may be answered from here at most. README: two seconds. */
    private static final long FRESH_NANOS = 2_000_000_000L;

    private static final long ASK_EVERY_NANOS = 500_000_000L;
    /** After an attempt to connect that failed. */
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final RedisAccess connector;
    private final Platform platform;
    private final RecordNames names;
    private final ToLongFunction<RecordId> mostResultBytes;
    private final StoredResults results;
    private final AtomicBoolean opened = new AtomicBoolean();
    private final AtomicInteger reads = new AtomicInteger();
    /** Hashes of the last duplicates, each at its own place. One that is lost to another thread costs a command later. */
    private final AtomicLongArray lastMet = new AtomicLongArray(LAST_MET);

    private final DuplicateAnswers known;
    /** Null until the first was opened. */
    private volatile @Nullable TrackedReads connection;
    /** The one that commands went over when {@code connection} was opened: where that leads elsewhere, this may. Null as that. */
    private volatile @Nullable RedisLink openedBeside;
    /** Whether Redis tells of changes now. */
    private volatile boolean tracking;

    /** When the question was asked that the server has answered last. */
    private volatile long heardAtNanos;

    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile long askedAtNanos;
    /** When the last attempt to connect failed; 0 where none has. */
    private volatile long failedAtNanos;

    /**
     * @param maxBytes what the records may take, roughly; above 0
     * @param mostResultBytes the longest result of a record that is fetched
     */
    CompletedRecords(
            RedisAccess connector,
            RecordNames names,
            long maxBytes,
            ToLongFunction<RecordId> mostResultBytes,
            StoredResults results,
            Platform platform) {
        this.results = results;
        this.platform = platform;
        this.connector = connector;
        this.names = names;
        this.mostResultBytes = mostResultBytes;
        this.known = new DuplicateAnswers(maxBytes, platform::nanoTime);
    }

    /** The answer to a duplicate; null if the store has to be asked. */
    @Nullable
    ClaimResult find(RecordId id, String hash, HashForm form) {
        ClaimResult answer = tracking ? known.find(id, form.text(), hash) : null;
        return answer != null && isHeard() ? answer : null;
    }

    /** Whether the connection was heard of lately. */
    private boolean isHeard() {
        TrackedReads asked = connection;
        if (asked == null || openedBeside != connector.link()) {
            // Commands go to another server by now, or nowhere.
            return false;
        }
        long now = platform.nanoTime();
        long silence = now - heardAtNanos;
        if (silence > ASK_EVERY_NANOS) {
            ask(asked, now);
        }
        return silence < FRESH_NANOS;
    }

    private void ask(TrackedReads asked, long now) {
        if (asking.compareAndSet(false, true)) {
            askedAtNanos = now;
            asked.commands().alive().whenComplete((reply, failure) -> {
                if (failure == null && asked == connection) {
                    heardAtNanos = now;
                }
                asking.set(false);
            });
        } else if (now - askedAtNanos > FRESH_NANOS) {
            giveUp(asked);
        }
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
        TrackedReads open = connection;
        if (open != null && (openedBeside != connector.link() || open.isClosed())) {
            giveUp(open);
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
        byte[] key = names.bytesOf(id);
        TrackedReads asked = Objects.requireNonNull(connection, "only a connection begins to track");
        asked.commands()
                .eval(LuaScript.STATUS.text(0, mostResultBytes.applyAsLong(id)), new byte[][] {key})
                // On the connection's own thread, so that a change that Redis tells later is also handled later.
                .whenComplete((reply, failure) -> {
                    reads.decrementAndGet();
                    if (failure == null && !LuaScript.STATUS.isReplyTo(key, NO_ARGUMENTS, reply)) {
                        giveUp(asked);
                    } else if (failure == null) {
                        put(asked, id, answer, (Long) reply.get(0), (List<?>) reply.get(1));
                    }
                });
    }

    /**
     * Replies got out of step, so that what is known may be another record's; or nothing is heard any more. The next duplicate met twice
     * opens a connection anew.
     */
    private synchronized void giveUp(TrackedReads asked) {
        if (asked == connection) {
            connection = null;
            forgetAll();
            asked.close();
            asking.set(false);
            opened.set(false);
        }
    }

    /** Nothing is told of changes any more. */
    private void forgetAll() {
        tracking = false;
        known.forgetAll();
    }

    /**
     * Of no effect if the record has changed since the script answered, or if the connection that it was read over is given up meanwhile:
     * nobody tells of later changes then.
     */
    private synchronized void put(
            TrackedReads from, RecordId id, ClaimResult answer, long ttlMillis, List<?> fieldsAndValues) {
        Map<String, String> fields = RedisIdempotencyStore.fields(fieldsAndValues);
        if (from == connection
                && tracking
                && ttlMillis > 0
                && "completed".equals(fields.get("status"))
                && id.tenant().equals(fields.get("tenant_id"))
                && answer.hash().equals(fields.get("hash"))
                && answer.traceId().equals(fields.getOrDefault("trace_id", ""))
                && Objects.equals(answer.result(), results.ofKnown(id, fields.get("result")))) {
            String form = fields.getOrDefault("form", HashForm.DEFAULT.text());
            known.add(id, form, answer, RecordTimes.nanos(ttlMillis, TimeUnit.MILLISECONDS));
        }
    }

    private void open() {
        RedisLink link = connector.link();
        boolean failedLately = failedAtNanos != 0 && platform.nanoTime() - failedAtNanos < PAUSE_NANOS;
        if (link == null || !link.pushes() || failedLately || !opened.compareAndSet(false, true)) {
            return;
        }
        boolean begun = BackgroundLoop.runOnce(
                "idempotent-trace-duplicates",
                () -> {
                    try {
                        TrackedReads own = connector.openTrackedReads(this);
                        openedBeside = link;
                        heardAtNanos = platform.nanoTime();
                        connection = own;
                        own.track();
                    } catch (Throwable failure) {
                        // Duplicates are answered by the store, as before.
                        failedAtNanos = platform.nanoTime();
                        opened.set(false);
                    }
                },
                platform);
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
        RecordId id = names.recordOf(key);
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
