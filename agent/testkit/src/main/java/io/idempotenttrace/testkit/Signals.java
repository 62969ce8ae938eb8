package io.idempotenttrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to processes, by the {@code kill} of every Unix. */
final class Signals {

    private Signals() {}

    /** @param name without SIG, such as STOP */
    static void send(String name, long pid) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + name + " " + pid + " ended with status " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in kill -" + name, e);
        }
    }
}
