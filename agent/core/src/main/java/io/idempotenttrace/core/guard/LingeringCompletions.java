package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.store.RecordId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Completions that wait a moment for others, to be sent together by a thread of its own: so a caller does not pay for a command, and
 * a client, the kernel and the server read and write once for many. Each is sent at least once: one that is being sent while a claim of
 * its record comes is sent by both. Safe for use by many threads.
 *
 * @param <U> what is sent
 */
final class LingeringCompletions<U> implements AutoCloseable {

    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** As many wait at most: what comes above is sent by its caller, so that a late thread holds nothing up. */
    private static final int MOST = 256;
    /** As many are sent together at most: the store may serve nobody else meanwhile. */
    private static final int MOST_TOGETHER = 16;

    /** A completion leaves after it was sent: a claim that finds none here can't overtake it. */
    private final ConcurrentHashMap<RecordId, U> waiting = new ConcurrentHashMap<>();

    private final Consumer<List<U>> send;
    private final Platform platform;
    private final BackgroundLoop loop;

    /** @param send throws nothing, and may be given one twice: it is called for one completion by the claim of another call, too */
    LingeringCompletions(Consumer<List<U>> send) {
        this(send, Platform.JVM);
    }

    /** As the other one, on a platform that may not be the JVM's. */
    LingeringCompletions(Consumer<List<U>> send, Platform platform) {
        this.send = send;
        this.platform = platform;
        this.loop = new BackgroundLoop("idempotent-trace-completions", this::sendAfterAMoment, platform);
    }

    void add(RecordId id, U update) {
        if (waiting.size() >= MOST) {
            send.accept(List.of(update));
            return;
        }
        U former = waiting.put(id, update);
        if (former != null) {
            send.accept(List.of(former));
        }
        if (!loop.wake()) {
            releaseAll();
        }
    }

    /**
     * What waits of that record, if anything does, is sent when this returns. Nobody is blocked, which an event loop's thread must not be:
     * what another thread sends at this moment is sent once more.
     */
    void release(RecordId id) {
        U found = waiting.isEmpty() ? null : waiting.get(id);
        if (found != null) {
            send.accept(List.of(found));
            waiting.remove(id, found);
        }
    }

    /** What waits now is sent when this returns. */
    void releaseAll() {
        Map<RecordId, U> together = new HashMap<>();
        waiting.forEach((id, update) -> {
            together.put(id, update);
            if (together.size() == MOST_TOGETHER) {
                release(together);
            }
        });
        if (!together.isEmpty()) {
            release(together);
        }
    }

    private void release(Map<RecordId, U> together) {
        send.accept(List.copyOf(together.values()));
        together.forEach(waiting::remove);
        together.clear();
    }

    /** One round. */
    private long sendAfterAMoment() {
        platform.parkNanos(this, LINGER_NANOS);
        releaseAll();
        return waiting.isEmpty() ? BackgroundLoop.UNTIL_WOKEN : 0;
    }

    boolean hasThread() {
        return loop.isAlive();
    }

    /** Ends the thread, and sends what waits. What is added later is sent by its caller. */
    @Override
    public void close() {
        loop.close();
        releaseAll();
    }
}
