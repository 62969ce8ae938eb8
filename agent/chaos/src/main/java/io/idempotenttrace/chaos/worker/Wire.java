package io.idempotenttrace.chaos.worker;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Whole lines to the harness: kind, microseconds of the monotonic clock, and what there is to say, separated by tabs. Each goes out by one
 * write, so that it lasts when the process is killed right after.
 */
final class Wire {

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);

    void say(String kind, long call, String text) {
        say(kind, call + "\t" + text);
    }

    void say(String kind, String text) {
        long at = System.nanoTime() / 1000;
        byte[] line = (kind + "\t" + at + "\t" + text + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (this) {
            try {
                out.write(line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
