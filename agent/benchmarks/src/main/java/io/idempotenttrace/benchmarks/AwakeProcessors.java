package io.idempotenttrace.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the machine's processors from sleeping, by loops that run where nobody else wants to (Linux: SCHED_IDLE, by {@code chrt} of
 * util-linux). To wake a processor that sleeps takes a virtual machine some 10 us, and nothing if it has not slept for long yet: so a
 * command that takes a server 6 us more than another can take its caller 20 us more, by no fault of either. Only for calls by one thread:
 * many leave no processor asleep, and have no use for loops beside them.
 */
final class AwakeProcessors implements AutoCloseable {

    /** It ends with whoever started it: then its input ends. */
    private static final List<String> LOOP =
            List.of("chrt", "--idle", "0", "sh", "-c", "while :; do :; done & cat; kill $!");

    private final List<Process> loops = new ArrayList<>();

    private AwakeProcessors() {}

    static AwakeProcessors keep() {
        AwakeProcessors awake = new AwakeProcessors();
        try {
            for (int processor = 0; processor < Runtime.getRuntime().availableProcessors(); processor++) {
                awake.loops.add(new ProcessBuilder(LOOP).start());
            }
        } catch (IOException e) {
            System.err.println("the processors may sleep between commands, which moves the times of one thread: "
                    + e.getMessage());
        }
        return awake;
    }

    @Override
    public void close() {
        for (Process loop : loops) {
            try {
                loop.getOutputStream().close();
            } catch (IOException e) {
                // It has ended already.
            }
        }
    }
}
