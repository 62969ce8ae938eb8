package io.idempotenttrace.testkit;

import java.util.concurrent.TimeUnit;

/** Waits for conditions: a test must not guess how long something takes. */
public final class Await {

    private static final long MAX_SECONDS = 60;
    private static final long LOOK_EVERY_MILLIS = 10;

    /** What is waited for; an exception counts as "not yet". */
    @FunctionalInterface
    public interface Condition {

        boolean holds() throws Exception;
    }

    private Await() {}

    /** @throws AssertionError if it does not hold within a minute */
    public static void until(String what, Condition condition) {
        until(what, MAX_SECONDS * 1000, condition);
    }

    /** @throws AssertionError if it does not hold in time */
    public static void until(String what, long maxMillis, Condition condition) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(maxMillis);
        Exception last = null;
        while (System.nanoTime() - deadline < 0) {
            try {
                if (condition.holds()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            pause();
        }
        throw new AssertionError("not within " + maxMillis + " ms: " + what, last);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a wait", e);
        }
    }
}
