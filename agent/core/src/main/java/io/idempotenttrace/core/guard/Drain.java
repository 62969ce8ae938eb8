package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.RecordId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits, at the stop of the JVM, for the calls that run. Calls that begin meanwhile are waited for as well: whoever works on a queue ends
 * one and begins the next. The bodies that the waiting thread is inside of never end, since one of them has called {@code System.exit}.
 */
final class Drain {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** How long no call must run after one has, until those that waited for its end are counted. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Collection<RunningCall> running;
    private final GuardedStore store;
    private final Platform platform;
    private final Set<Object> own = Collections.newSetFromMap(new IdentityHashMap<>());

    /** @param innermost the body that this thread is inside of; null if there is none */
    Drain(Collection<RunningCall> running, GuardedStore store, @Nullable ThreadBody innermost, Platform platform) {
        this.platform = platform;
        this.running = running;
        this.store = store;
        for (ThreadBody body = innermost; body != null; body = body.outer()) {
            if (body instanceof RunningCall call) {
                own.add(call);
                own.add(call.claim);
            }
        }
    }

    /** Waits at most that long; the records of those that still run. Takes no time if none runs. */
    List<RecordId> await(long maxMillis) {
        // What this thread was interrupted for ends with the JVM, and a pending interrupt would make each pause end at
        // once.
        Thread.interrupted();
        long begun = platform.nanoTime();
        long most = TimeUnit.MILLISECONDS.toNanos(maxMillis);
        List<RecordId> left = runningNow();
        if (left.isEmpty()) {
            return left;
        }
        long quietSince = begun;
        while (platform.nanoTime() - begun < most
                && (!left.isEmpty() || platform.nanoTime() - quietSince < QUIET_NANOS)) {
            platform.parkNanos(this, LOOK_NANOS);
            left = runningNow();
            quietSince = left.isEmpty() ? quietSince : platform.nanoTime();
        }
        return left;
    }

    private List<RecordId> runningNow() {
        List<RecordId> found = new ArrayList<>();
        for (RunningCall call : running) {
            if (!own.contains(call)) {
                found.add(call.claim.id());
            }
        }
        for (Claim claim : store.runningHere()) {
            if (!own.contains(claim)) {
                found.add(claim.id());
            }
        }
        return found;
    }
}
