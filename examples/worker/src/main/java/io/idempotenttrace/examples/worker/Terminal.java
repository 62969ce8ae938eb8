package io.idempotenttrace.examples.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether somebody looks at a stream, who gets more than a program does. */
final class Terminal {

    static final int STDOUT = 1;
    static final int STDERR = 2;

    /** Since this version of Java there is a console also where stdin and stdout are redirected. */
    private static final int ALWAYS_A_CONSOLE = 22;

    private Terminal() {}

    /** Linux tells it for each stream; elsewhere the console counts, which tells of stdin and stdout together. */
    static boolean is(int stream) {
        try {
            String target =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + stream)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return Runtime.version().feature() < ALWAYS_A_CONSOLE && System.console() != null;
        }
    }
}
