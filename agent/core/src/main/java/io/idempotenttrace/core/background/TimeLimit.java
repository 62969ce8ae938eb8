package io.idempotenttrace.core.background;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ends waits that take too long, from one thread for the process. Unlike the JDK's own timer, which before Java 25 has one lock for all
 * futures of the JVM, it has none: threads that must not block begin waits, and end them.
 */
public final class TimeLimit {

    /**
     * A moment on the scale of {@link System#nanoTime()}.
     *
     * @param number tells apart those of the same moment
     */
    private record Deadline(long nanos, long number) implements Comparable<Deadline> {
        @Override
        public int compareTo(Deadline other) {
            int byMoment = Long.signum(nanos - other.nanos);
            return byMoment != 0 ? byMoment : Long.compare(number, other.number);
        }
    }

    private final ConcurrentSkipListMap<Deadline, CompletableFuture<?>> limited = new ConcurrentSkipListMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final Platform platform;
    private final BackgroundLoop timer;

    /** One for each platform. */
    TimeLimit(Platform platform) {
        this.platform = platform;
        this.timer = new BackgroundLoop("idempotent-trace-time-limits", this::endNext, platform);
    }

    /**
     * Ends as the given future does if that is within the time, else with null; then what depends on it may run on the timer's
     * thread, and must be brief. The given future is left alone: others may wait for it longer. If the JVM can't start the timer's thread,
     * the limit is late until a later call can.
     *
     * @param nanos at most half the range, as all differences of {@link System#nanoTime()}
     */
    public static <T> CompletableFuture<T> within(long nanos, CompletableFuture<T> future) {
        return Platform.JVM.within(nanos, future);
    }

    <T> CompletableFuture<T> limit(long nanos, CompletableFuture<T> future) {
        CompletableFuture<T> copy = future.copy();
        if (!copy.isDone()) {
            Deadline deadline = new Deadline(platform.nanoTime() + nanos, numbers.getAndIncrement());
            limited.put(deadline, copy);
            // At once if it has ended meanwhile: nothing stays behind.
            copy.whenComplete((value, failure) -> limited.remove(deadline));
            Map.Entry<Deadline, ?> next = limited.firstEntry();
            // A wait that has ended here may have kept the one behind it, put at the same time, from waking the timer:
            // it was first then.
            if (next != null && next.getKey().number() == deadline.number() || copy.isDone() || !timer.isAlive()) {
                timer.wake();
            }
        }
        return copy;
    }

    /** How many waits have a limit and neither end nor limit was reached. */
    static int pending() {
        return Platform.JVM.timeLimit.limited.size();
    }

    /** One round: ends the wait that is due, or tells when the next one will be. */
    private long endNext() {
        Map.Entry<Deadline, CompletableFuture<?>> next = limited.firstEntry();
        if (next == null) {
            return BackgroundLoop.UNTIL_WOKEN;
        }
        long left = next.getKey().nanos() - platform.nanoTime();
        if (left > 0) {
            return left;
        }
        if (limited.remove(next.getKey(), next.getValue())) {
            next.getValue().complete(null);
        }
        return 0;
    }
}
