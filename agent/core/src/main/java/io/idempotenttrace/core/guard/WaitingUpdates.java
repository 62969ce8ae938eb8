package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.RecordId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Updates that wait for the store; those of one record are written in the order in which they came. Bounded by what they take. An update
 * that is being written counts until it is {@link #settled} or {@link #putBack}. Safe for use by many threads.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // Written under the lock alone.
final class WaitingUpdates {

    private final long maxBytes;
    /** Guarded by this, as all below. */
    private final Deque<PendingUpdate> inOrder = new ArrayDeque<>();
    /** Those of a record, the oldest first; also those that are being written. */
    private final Map<RecordId, List<PendingUpdate>> byRecord = new HashMap<>();

    private long bytes;
    /** Read without the lock: most calls meet none. */
    private volatile int size;

    private volatile int completions;

    /** @param maxBytes what they may take, roughly; above 0 */
    WaitingUpdates(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    int size() {
        return size;
    }

    /** Those of them that tell of a body that has run to its end. */
    int completions() {
        return completions;
    }

    synchronized long bytes() {
        return bytes;
    }

    /** Whether there was room. */
    synchronized boolean add(PendingUpdate update) {
        long weight = update.bytes();
        if (bytes + weight > maxBytes) {
            return false;
        }
        inOrder.addLast(update);
        boolean found = false;
        try {
            byRecord.computeIfAbsent(update.claim().id(), id -> new ArrayList<>(1))
                    .add(update);
            found = true;
        } finally {
            if (!found) {
                // Out of memory: its caller hears of that, and it must not be sent without being counted.
                inOrder.removeLast();
            }
        }
        bytes += weight;
        size++;
        completions += completionsIn(update);
        return true;
    }

    /** Whether something waits to be told of that record. */
    boolean has(RecordId id) {
        return size != 0 && hasLocked(id);
    }

    private synchronized boolean hasLocked(RecordId id) {
        return byRecord.containsKey(id);
    }

    /** The call whose completion waits to be told of that record; null if there is none. */
    @Nullable
    CompletedCall completed(RecordId id) {
        return size == 0 ? null : completedLocked(id);
    }

    private synchronized @Nullable CompletedCall completedLocked(RecordId id) {
        CompletedCall last = null;
        for (PendingUpdate update : byRecord.getOrDefault(id, List.of())) {
            CompletedCall completed = update.completedCall();
            last = completed == null ? last : completed;
        }
        return last;
    }

    /** Whether that claim waits to be given back, or is just being given back. */
    boolean givesBack(Claim claim) {
        return size != 0 && givesBackLocked(claim);
    }

    private synchronized boolean givesBackLocked(Claim claim) {
        for (PendingUpdate update : byRecord.getOrDefault(claim.id(), List.of())) {
            if (update.givenBack() == claim) {
                return true;
            }
        }
        return false;
    }

    /**
     * Some to be written together: of each record at most one, its oldest. Those that are passed over come later, so that they hold up no
     * others.
     *
     * @param most how many at most
     * @param isAway whether a record's part of the store is away, so that nothing of it is taken
     */
    synchronized List<PendingUpdate> take(int most, Predicate<RecordId> isAway) {
        int left = inOrder.size();
        // As large as it gets: once one has left the queue nothing may fail.
        List<PendingUpdate> taken = new ArrayList<>(Math.min(most, left));
        for (; left > 0 && taken.size() < most; left--) {
            PendingUpdate next = inOrder.getFirst();
            RecordId id = next.claim().id();
            boolean isOldest = byRecord.getOrDefault(id, List.of()).indexOf(next) == 0;
            boolean takeIt = isOldest && !isAway.test(id);
            inOrder.removeFirst();
            if (takeIt) {
                taken.add(next);
            } else {
                inOrder.addLast(next);
            }
        }
        return taken;
    }

    /** It was taken, and is written or given up. */
    synchronized void settled(PendingUpdate update) {
        RecordId id = update.claim().id();
        List<PendingUpdate> ofRecord = byRecord.get(id);
        if (ofRecord != null && ofRecord.remove(update)) {
            bytes -= update.bytes();
            size--;
            completions -= completionsIn(update);
            if (ofRecord.isEmpty()) {
                byRecord.remove(id);
            }
        }
    }

    /** They were taken and could not be written: they wait again. Of no effect on those that are settled. */
    synchronized void putBack(List<PendingUpdate> taken) {
        for (PendingUpdate update : taken) {
            if (byRecord.getOrDefault(update.claim().id(), List.of()).contains(update)) {
                inOrder.addLast(update);
            }
        }
    }

    /**
     * Drops the ends of calls that wait to be told of that record and are not being written. Claims that are to be given back stay: each is
     * another call's, and would hold the key for its whole lease.
     */
    synchronized void forgetEnds(RecordId id) {
        for (PendingUpdate update : List.copyOf(byRecord.getOrDefault(id, List.of()))) {
            if (update.givenBack() == null) {
                if (inOrder.remove(update)) {
                    settled(update);
                }
            } else if (update.completion() != null && inOrder.contains(update)) {
                replace(update, update.onlyGivingBack());
            }
        }
    }

    /** By one that takes less, at its place. */
    private void replace(PendingUpdate waiting, PendingUpdate smaller) {
        List<PendingUpdate> ofRecord = byRecord.get(waiting.claim().id());
        if (ofRecord == null) {
            return;
        }
        // What may fail comes first: the queue keeps its order, so it is written anew.
        List<PendingUpdate> queue = new ArrayList<>(inOrder);
        queue.set(queue.indexOf(waiting), smaller);
        ofRecord.set(ofRecord.indexOf(waiting), smaller);
        inOrder.clear();
        inOrder.addAll(queue);
        bytes += smaller.bytes() - waiting.bytes();
        completions += completionsIn(smaller) - completionsIn(waiting);
    }

    private static int completionsIn(PendingUpdate update) {
        return update.completion() == null ? 0 : 1;
    }
}
