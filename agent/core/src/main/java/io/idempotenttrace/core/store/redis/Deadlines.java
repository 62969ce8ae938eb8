package io.idempotenttrace.core.store.redis;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Ends the calls whose deadline has passed, by a look at all of them from time to time. A timer for each would wake its thread twice for
 * a call that takes fifty microseconds. Safe for use by many threads.
 */
final class Deadlines {

    private final ConcurrentLinkedQueue<ScriptCall> watched = new ConcurrentLinkedQueue<>();
    /** Whether a look is to come. */
    private final AtomicBoolean scheduled = new AtomicBoolean();

    private final Consumer<Runnable> later;
    private final LongSupplier nanoClock;

    /**
     * @param later runs what it is given after the time between two looks
     * @param nanoClock as {@link System#nanoTime()}
     */
    Deadlines(Consumer<Runnable> later, LongSupplier nanoClock) {
        this.later = later;
        this.nanoClock = nanoClock;
    }

    void watch(ScriptCall call) {
        watched.add(call);
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            schedule();
        }
    }

    private void schedule() {
        try {
            later.accept(this::look);
        } catch (RejectedExecutionException e) {
            // The client closes: its commands end by that.
            scheduled.set(false);
        } catch (Throwable noThread) {
            // The next call asks for a look again.
            scheduled.set(false);
            throw noThread;
        }
    }

    private void look() {
        try {
            long now = nanoClock.getAsLong();
            watched.removeIf(call -> call.endsBy(now));
        } finally {
            if (!watched.isEmpty()) {
                schedule();
            } else {
                scheduled.set(false);
                // One that came in between found a look to come.
                if (!watched.isEmpty() && scheduled.compareAndSet(false, true)) {
                    schedule();
                }
            }
        }
    }
}
