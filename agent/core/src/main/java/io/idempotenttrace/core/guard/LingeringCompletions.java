package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.BackgroundThread;
import io.idempotenttrace.core.store.RecordId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Completions that wait a moment for others, to be sent together by a thread of its own: so a caller does not pay for a command, and
 * a client, the kernel and the server read and write once for many. Safe for use by many threads.
 *
 * @param <U> what is sent
 */
final class LingeringCompletions<U> {

    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** As many wait at most: what comes above is sent by its caller, so that a late thread holds nothing up. */
    private static final int MOST = 256;

    /** One that waits. It leaves the map after it was sent: who finds none there can't overtake it. */
    private final class Lingering {

        private U update;

        Lingering(U update) {
            this.update = update;
        }

        synchronized void sendOnce() {
            U unsent = update;
            update = null;
            if (unsent != null) {
                send.accept(unsent);
            }
        }
    }

    private final ConcurrentHashMap<RecordId, Lingering> waiting = new ConcurrentHashMap<>();
    private final Consumer<U> send;
    private volatile Thread thread;
    /** Whether the thread sleeps until it is woken. */
    private volatile boolean asleep;

    /** @param send throws nothing: it is called for one completion by the claim of another call, too */
    LingeringCompletions(Consumer<U> send) {
        this.send = send;
    }

    void add(RecordId id, U update) {
        if (waiting.size() >= MOST) {
            send.accept(update);
            return;
        }
        Lingering former = waiting.put(id, new Lingering(update));
        if (former != null) {
            former.sendOnce();
        }
        if (thread == null) {
            start();
        }
        if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    private synchronized void start() {
        if (thread != null) {
            return;
        }
        try {
            Thread started = BackgroundThread.of("idempotent-trace-completions", this::sendForEver);
            started.start();
            thread = started;
        } catch (RuntimeException | Error noThread) {
            releaseAll();
        }
    }

    /** What waits of that record, if anything does, is sent when this returns. */
    void release(RecordId id) {
        if (!waiting.isEmpty()) {
            release(id, waiting.get(id));
        }
    }

    void releaseAll() {
        waiting.forEach(this::release);
    }

    private void release(RecordId id, Lingering found) {
        if (found == null) {
            return;
        }
        found.sendOnce();
        waiting.remove(id, found);
    }

    private void sendForEver() {
        while (true) {
            LockSupport.parkNanos(LINGER_NANOS);
            try {
                releaseAll();
            } catch (Throwable fault) {
                // This thread must not die: every later completion hangs on it.
            }
            if (waiting.isEmpty()) {
                asleep = true;
                // One that came in between may not have seen it.
                while (asleep && waiting.isEmpty()) {
                    LockSupport.park();
                }
                asleep = false;
            }
        }
    }
}
