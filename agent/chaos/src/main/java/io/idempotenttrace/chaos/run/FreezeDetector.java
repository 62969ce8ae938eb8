package io.idempotenttrace.chaos.run;

import java.util.concurrent.TimeUnit;

/**
 * Notes when the harness itself did not run for long: then the whole machine stood still, and no limit of time that a worker exceeded
 * meanwhile says anything. It excuses nothing.
 */
final class FreezeDetector implements AutoCloseable {

    private static final long LOOK_EVERY_MILLIS = 50;
    private static final long FREEZE_MILLIS = 1000;

    private final Thread thread;

    FreezeDetector(HistoryWriter history) {
        thread = new Thread(() -> watch(history), "chaos-freeze-detector");
        thread.setDaemon(true);
        thread.start();
    }

    private static void watch(HistoryWriter history) {
        long last = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            long late = TimeUnit.NANOSECONDS.toMillis(now - last) - LOOK_EVERY_MILLIS;
            if (late >= FREEZE_MILLIS) {
                history.event("freeze", "millis", late);
                System.err.println("the machine stood still for " + late + " ms");
            }
            last = now;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
