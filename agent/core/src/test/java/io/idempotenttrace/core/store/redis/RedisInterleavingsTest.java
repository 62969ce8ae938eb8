package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.Interleavings;
import io.idempotenttrace.core.StillPlatform;
import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.redisclient.ChannelMessages;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.ServerCommands;
import io.idempotenttrace.core.redisclient.TrackedReads;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Verdict;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The orders in which calls, replies and the loss of a connection can meet in what a process keeps of Redis: the answers to duplicates, and
 * the records whose changes it wants to hear of.
 */
@Isolated("Lincheck changes classes while it runs")
class RedisInterleavingsTest {

    private static final RecordId ID = new RecordId("t", "s", "k");
    private static final String KEY = ID.redisKey();
    private static final String HASH = "a".repeat(64);

    /** Runs what is to be run aside at once. */
    private static final class AtOnce extends StillPlatform {

        @Override
        public void start(Thread thread) {
            thread.run();
        }
    }

    /** Reads over it have no reply until the test gives it; those that have none when it is closed fail. */
    private static final class Reads implements TrackedReads {

        private final Listener listener;
        private final Collection<CompletableFuture<Object>> unanswered = new ConcurrentLinkedQueue<>();
        private final ServerCommands commands = new ServerCommands(new ServerCommands.Sender() {
            @Override
            @SuppressWarnings("unchecked")
            public <T> CompletableFuture<T> send(
                    ProtocolKeyword command,
                    CommandOutput<byte[], byte[], T> output,
                    CommandArgs<byte[], byte[]> arguments) {
                CompletableFuture<Object> reply = new CompletableFuture<>();
                unanswered.add(reply);
                return (CompletableFuture<T>) reply;
            }
        });
        private volatile boolean closed;

        private Reads(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void track() {
            listener.tracking(this);
        }

        @Override
        public ServerCommands commands() {
            return commands;
        }

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public void close() {
            closed = true;
            unanswered.forEach(reply -> reply.completeExceptionally(new IllegalStateException("closed")));
        }
    }

    private static final class Messages implements ChannelMessages {

        private final Set<String> subscribed = ConcurrentHashMap.newKeySet();
        private volatile boolean closed;

        @Override
        public CompletableFuture<Void> subscribe(byte[] channel) {
            if (closed) {
                return CompletableFuture.failedFuture(new IllegalStateException("closed"));
            }
            subscribed.add(Wtf8.decode(channel));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void unsubscribe(byte[] channel) {
            subscribed.remove(Wtf8.decode(channel));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class Access extends ConnectedAccess {

        private final Deque<Runnable> later = new ArrayDeque<>();
        private volatile RedisLink link = newLink();
        private volatile Reads reads;
        private volatile Messages messages;

        static RedisLink newLink() {
            return new OpenLink(() -> 1);
        }

        @Override
        public void later(Runnable task, long nanos) {
            synchronized (later) {
                later.add(task);
            }
        }

        /** Until nothing is put off any more. */
        void runLater() {
            for (Runnable task = next(); task != null; task = next()) {
                task.run();
            }
        }

        private Runnable next() {
            synchronized (later) {
                return later.poll();
            }
        }

        @Override
        public String partOf(byte[] key) {
            return "";
        }

        @Override
        public RedisLink link() {
            return link;
        }

        @Override
        public TrackedReads openTrackedReads(TrackedReads.Listener listener) {
            reads = new Reads(listener);
            return reads;
        }

        @Override
        public ChannelMessages openMessages(boolean cluster, boolean sharded, BiConsumer<byte[], byte[]> received) {
            messages = new Messages();
            return messages;
        }
    }

    /**
     * A record is read over a connection that is given up: what was read does not count beside the next connection, since nobody tells of
     * the record's changes.
     */
    public static class KnownDuplicates {

        private static final Claim CLAIM = Claims.of(ID, HASH, "python", "", "owner", 60_000, 60_000, 60_000, "");
        private static final ClaimResult ANSWER = new ClaimResult(
                Verdict.DUPLICATE,
                HASH,
                "trace",
                /* result= */ null,
                /* digests= */ "",
                /* attempt= */ 1,
                /* fence= */ 0,
                /* leaseMillis= */ 0,
                /* holder= */ "",
                /* createdAtSeconds= */ 0,
                /* form= */ "");

        private static final List<Object> REPLY = List.of(
                60_000L,
                List.of(
                        Wtf8.encode("status"),
                        Wtf8.encode("completed"),
                        Wtf8.encode("tenant_id"),
                        Wtf8.encode("t"),
                        Wtf8.encode("hash"),
                        Wtf8.encode(HASH),
                        Wtf8.encode("trace_id"),
                        Wtf8.encode("trace")),
                Wtf8.encode(KEY));

        private final Access access = new Access();
        private final CompletedRecords records = new CompletedRecords(
                access,
                new RecordNames(RecordId.DEFAULT_PREFIX),
                /* maxBytes= */ 10_000,
                id -> 1000,
                new StoredResults(
                        new RedisStoreSettings(
                                null, "", 0, Durability.NONE, 0, scope -> 1000, List.of(), /* plainResults= */ true, 1),
                        warning -> {}),
                new AtOnce());
        private final CompletableFuture<Object> reply;

        public KnownDuplicates() {
            for (int met = 0; met < 3; met++) {
                // The second opens the connection, the third is read.
                records.remember(CLAIM, ANSWER);
            }
            reply = access.reads.unanswered.iterator().next();
        }

        @Operation(runOnce = true)
        public void theReadIsAnswered() {
            reply.complete(REPLY);
        }

        @Operation
        public boolean aDuplicateIsKnown() {
            return records.find(ID, HASH, HashForm.DEFAULT) != null;
        }

        @Operation(runOnce = true)
        public void theConnectionIsReplaced() {
            access.link = Access.newLink();
            records.remember(CLAIM, ANSWER);
        }
    }

    /** Calls wait for a record and leave while the connection is replaced: as long as one waits, the record is subscribed to [P30]. */
    public static class WaitedRecord {

        private final Access access = new Access();
        private final AtOnce platform = new AtOnce();
        private final RecordWakeups wakeups = new RecordWakeups(access, platform);
        private RedisRecordWatch first;
        private RedisRecordWatch second;

        @Operation(runOnce = true, nonParallelGroup = "first")
        public void oneWaits() {
            first = new RedisRecordWatch(wakeups, KEY);
        }

        @Operation(nonParallelGroup = "first")
        public void itLeaves() {
            if (first != null) {
                first.close();
                first = null;
            }
        }

        @Operation(runOnce = true, nonParallelGroup = "second")
        public void anotherWaits() {
            second = new RedisRecordWatch(wakeups, KEY);
        }

        @Operation(nonParallelGroup = "second")
        public void theOtherLeaves() {
            if (second != null) {
                second.close();
                second = null;
            }
        }

        @Operation(runOnce = true)
        public void theConnectionIsReplaced() {
            access.link = Access.newLink();
            platform.pass(TimeUnit.SECONDS.toNanos(6));
            wakeups.confirm(KEY);
        }

        @Validate
        public void whoWaitsHearsOfChanges() {
            access.runLater();
            boolean waits = first != null || second != null;
            boolean subscribed = access.messages != null && access.messages.subscribed.contains(KEY);
            if (waits != subscribed) {
                throw new IllegalStateException((waits ? "somebody" : "nobody") + " waits, and the record is "
                        + (subscribed ? "" : "not ") + "subscribed to");
            }
            if (waits && wakeups.listens(KEY).isEmpty()) {
                throw new IllegalStateException("the owner is not told that somebody listens");
            }
        }
    }

    @Test
    @Tag("matrix")
    void whatWasReadOverALostConnectionDoesNotCount() {
        Interleavings.check(KnownDuplicates.class);
    }

    @Test
    @Tag("matrix")
    void whoWaitsForARecordIsSubscribed() {
        Interleavings.check(WaitedRecord.class);
    }
}
