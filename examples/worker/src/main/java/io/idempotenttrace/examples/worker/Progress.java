package io.idempotenttrace.examples.worker;

/** One line on stderr that tells how far a long run is; nothing where stderr is no terminal. */
final class Progress implements AutoCloseable {

    private static final long FIRST_AFTER_MILLIS = 1000;
    private static final long EVERY_MILLIS = 200;
    /** As long as the longest line, so that a shorter one leaves nothing of it. */
    private static final String LINE = "\r%-78s";

    private final Thread thread;
    private volatile boolean shown;

    Progress(Delivery delivery, long total) {
        long begun = System.nanoTime();
        thread = new Thread(() -> show(delivery, total, begun), "progress");
        thread.setDaemon(true);
        if (Terminal.is(Terminal.STDERR)) {
            thread.start();
        }
    }

    private void show(Delivery delivery, long total, long begun) {
        try {
            Thread.sleep(FIRST_AFTER_MILLIS);
            while (true) {
                shown = true;
                double seconds = (System.nanoTime() - begun) / 1e9;
                System.err.printf(LINE, Report.progress(delivery.handled(), total, seconds));
                Thread.sleep(EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        if (shown) {
            System.err.printf(LINE + "\r", "");
        }
    }
}
