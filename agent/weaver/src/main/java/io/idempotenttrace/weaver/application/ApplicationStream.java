package io.idempotenttrace.weaver.application;

import java.io.OutputStream;
import java.io.PrintStream;

/**
 * {@code System.err} as the engine writes to it. An application may have put a stream of its own there, such as one that hands each line to
 * its logging: that is its code, behind the door {@link ApplicationCode}, and what it throws must not become the end of the call that the
 * engine has something to say about.
 */
public final class ApplicationStream extends PrintStream {

    private final PrintStream stream;

    public ApplicationStream(PrintStream stream) {
        super(OutputStream.nullOutputStream());
        this.stream = stream;
    }

    @Override
    public void println(String line) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            stream.println(line);
        } catch (Throwable theirs) {
            // Nothing is left to say it with.
        } finally {
            door[0] = before;
        }
    }
}
