package io.idempotenttrace.examples.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One line on stderr that tells how far a long run is; nothing where stderr is no terminal. */
final class Progress implements AutoCloseable {

    private static final long FIRST_AFTER_MILLIS = 1000;
    private static final long EVERY_MILLIS = 200;

    private final Thread thread;
    private volatile boolean shown;

    Progress(Delivery delivery, long total) {
        thread = new Thread(() -> show(delivery, total), "progress");
        thread.setDaemon(true);
        if (stderrIsTerminal()) {
            thread.start();
        }
    }

    /** System.console() looks at stdin and stdout, and differs between Java versions. */
    private static boolean stderrIsTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private void show(Delivery delivery, long total) {
        try {
            Thread.sleep(FIRST_AFTER_MILLIS);
            while (true) {
                shown = true;
                System.err.print("\r" + delivery.handled() + " of " + total + " deliveries ");
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
            System.err.print("\r" + " ".repeat(60) + "\r");
        }
    }
}
