package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.RecordId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last conflicts with the members in which the payloads differ, for those who watch. To name these, the payload is hashed once more; so
 * nothing is noted while nobody watches. Safe for use by many threads.
 */
final class RecentConflicts {

    /** More come in a storm, and nobody reads so many. */
    private static final int MOST = 20;

    /** How long one is told: longer than the pause between two looks. */
    private static final long TOLD_MILLIS = 10_000;

    /**
     * A conflict.
     *
     * @param members in which its payload differs from that of the record; empty where they are not known
     */
    record Conflict(long timeMillis, @Nullable String method, RecordId id, List<String> members) {}

    private volatile boolean wanted;
    private final Deque<Conflict> last = new ArrayDeque<>();

    void want(boolean watched) {
        wanted = watched;
    }

    /** Whether they are to be noted. */
    boolean areWanted() {
        return wanted;
    }

    /** Throws nothing. */
    void add(long nowMillis, @Nullable String method, ClaimRequest request, ClaimResult answer) {
        Conflict conflict = new Conflict(nowMillis, method, request.id(), request.differing(answer));
        synchronized (last) {
            if (last.size() >= MOST) {
                last.removeFirst();
            }
            last.addLast(conflict);
        }
    }

    /** The oldest first. */
    List<Conflict> since(long nowMillis) {
        synchronized (last) {
            last.removeIf(conflict -> nowMillis - conflict.timeMillis > TOLD_MILLIS);
            return new ArrayList<>(last);
        }
    }
}
