package io.idempotenttrace.chaos.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a worker from starting threads. Linux counts the threads of a user, and exempts root: so each worker runs as a user of its own, which
 * only a harness of root's can bring about.
 */
final class ThreadLimit {

    /** How its line in /proc/PID/limits begins. */
    private static final String LIMIT = "Max processes";

    private static final int FIRST_USER = 64_300;

    private ThreadLimit() {}

    /** Whether it can be done on this machine; says why not. */
    static boolean isPossible() {
        try {
            Process process = new ProcessBuilder(command(0, List.of("prlimit", "--version")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() == 0) {
                return true;
            }
        } catch (IOException e) {
            // Said below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.err.println("skipped: a limit of threads needs root, setpriv and prlimit");
        return false;
    }

    /** The command that runs another one as the user of that slot. */
    static List<String> command(int slot, List<String> other) {
        return commandOf(FIRST_USER + slot, other);
    }

    private static List<String> commandOf(int user, List<String> other) {
        List<String> all =
                new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--"));
        all.addAll(other);
        return all;
    }

    /** From now on the process has the threads that it has, and can't start one more. */
    static void begin(long pid) {
        try (var threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            set(pid, Long.toString(threads.count()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void end(long pid) {
        try (var limits = Files.lines(Path.of("/proc", Long.toString(pid), "limits"))) {
            String hard = limits.filter(line -> line.startsWith(LIMIT))
                    .map(line -> line.substring(LIMIT.length()).strip().split("\\s+")[1])
                    .findFirst()
                    .orElse("unlimited");
            set(pid, hard);
        } catch (IOException gone) {
            System.err.println("the limit of threads of process " + pid + " stays: " + gone);
        }
    }

    /** The soft limit alone, and as the user of the process: a root without CAP_SYS_RESOURCE, as in a container, may not do more. */
    private static void set(long pid, String limit) throws IOException {
        int user = (Integer) Files.getAttribute(Path.of("/proc", Long.toString(pid)), "unix:uid");
        Process process = new ProcessBuilder(
                        commandOf(user, List.of("prlimit", "--pid", Long.toString(pid), "--nproc=" + limit + ":")))
                .inheritIO()
                .start();
        try {
            int status = process.waitFor();
            if (status != 0) {
                System.err.println("prlimit --nproc=" + limit + " of process " + pid + " ended with " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
