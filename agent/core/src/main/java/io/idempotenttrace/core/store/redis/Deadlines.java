package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.Platform;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends the calls whose deadline has passed, by a look at all of them from time to time. A timer for each would wake its thread twice for
 * a call that takes fifty microseconds. Looks come until none is watched, whatever one of them throws: without the next one, a call whose
 * reply never comes would wait for ever. Safe for use by many threads.
 */
final class Deadlines implements AutoCloseable {

    private final ConcurrentLinkedQueue<ScriptCall> watched = new ConcurrentLinkedQueue<>();
    /** Whether a look is to come. */
    private final AtomicBoolean asked = new AtomicBoolean();

    private final BackgroundLoop loop;
    private final long everyNanos;
    private final Platform platform;

    /** @param everyNanos the time between two looks */
    Deadlines(long everyNanos, Platform platform) {
        this.everyNanos = everyNanos;
        this.platform = platform;
        this.loop = new BackgroundLoop("idempotent-trace-deadlines", this::look, platform);
    }

    void watch(ScriptCall call) {
        watched.add(call);
        if (!asked.get() && asked.compareAndSet(false, true)) {
            boolean awake = false;
            try {
                awake = loop.wake();
            } finally {
                if (!awake) {
                    // The next call asks again, and other loops try to start the thread.
                    asked.set(false);
                }
            }
        }
    }

    private long look() {
        long now = platform.nanoTime();
        watched.removeIf(call -> call.endsBy(now));
        if (watched.isEmpty()) {
            asked.set(false);
            // One that came in between found a look to come.
            if (watched.isEmpty() || !asked.compareAndSet(false, true)) {
                return BackgroundLoop.UNTIL_WOKEN;
            }
        }
        return everyNanos;
    }

    /** Ends no call: those that are watched end with the connection. */
    @Override
    public void close() {
        loop.close();
    }
}
