package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.BackgroundThread;
import io.idempotenttrace.core.store.RecordId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
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

    /** As many are sent together at most: the store may serve nobody else meanwhile. */
    private static final int MOST_TOGETHER = 16;

    /** One that waits. It leaves the map after it was sent: who finds none there can't overtake it. */
    private final class Lingering {

        private final RecordId id;
        private U update;

        Lingering(RecordId id, U update) {
            this.id = id;
            this.update = update;
        }

        /** Null from the second time on. */
        synchronized U take() {
            U taken = update;
            update = null;
            return taken;
        }

        /** Whether it was still there to be sent: if not, somebody has it to send with others. */
        synchronized boolean sendAlone() {
            U unsent = take();
            if (unsent != null) {
                send.accept(List.of(unsent));
            }
            return unsent != null;
        }
    }

    /** Held by who sends several together, from before they are taken until they are sent. */
    private final ReentrantLock sending = new ReentrantLock();
    private final ConcurrentHashMap<RecordId, Lingering> waiting = new ConcurrentHashMap<>();
    private final Consumer<List<U>> send;
    private volatile Thread thread;
    /** Whether the thread sleeps until it is woken. */
    private volatile boolean asleep;

    /** @param send throws nothing: it is called for one completion by the claim of another call, too */
    LingeringCompletions(Consumer<List<U>> send) {
        this.send = send;
    }

    void add(RecordId id, U update) {
        if (waiting.size() >= MOST) {
            send.accept(List.of(update));
            return;
        }
        Lingering former = waiting.put(id, new Lingering(id, update));
        if (former != null) {
            sendNow(former);
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

    private void release(RecordId id, Lingering found) {
        if (found == null) {
            return;
        }
        sendNow(found);
        waiting.remove(id, found);
    }

    /** It is sent when this returns. */
    private void sendNow(Lingering one) {
        if (!one.sendAlone()) {
            sending.lock();
            sending.unlock();
        }
    }

    /** What waits now is sent when this returns. */
    void releaseAll() {
        List<Lingering> together = new ArrayList<>(MOST_TOGETHER);
        for (Lingering each : waiting.values()) {
            together.add(each);
            if (together.size() == MOST_TOGETHER) {
                release(together);
                together.clear();
            }
        }
        release(together);
    }

    private void release(List<Lingering> together) {
        List<U> unsent = new ArrayList<>(together.size());
        sending.lock();
        try {
            for (Lingering each : together) {
                U taken = each.take();
                if (taken != null) {
                    unsent.add(taken);
                }
            }
            if (!unsent.isEmpty()) {
                send.accept(unsent);
            }
        } finally {
            sending.unlock();
        }
        together.forEach(sent -> waiting.remove(sent.id, sent));
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
