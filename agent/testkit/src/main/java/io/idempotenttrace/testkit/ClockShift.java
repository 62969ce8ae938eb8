package io.idempotenttrace.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

/**
 * Sets the wall clock of single processes, at any time while they run: a small library, compiled when asked for, stands between
 * them and the system's clock. Their monotonic clock goes on as it did.
 */
public final class ClockShift {

    private final Path library;
    private final Path file;
    private final MappedByteBuffer seconds;

    private ClockShift(Path library, Path file, MappedByteBuffer seconds) {
        this.library = library;
        this.file = file;
        this.seconds = seconds;
    }

    /** Null, after a line that says so, where this machine can't compile or preload it. */
    public static ClockShift in(Path folder) {
        Path source = folder.resolve("clock-shift.c");
        Path library = folder.resolve("clock-shift.so");
        try (InputStream in = ClockShift.class.getResourceAsStream("clock-shift.c")) {
            Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
            Process compiler = new ProcessBuilder(
                            "gcc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(compiler.getInputStream().readAllBytes());
            if (compiler.waitFor() != 0) {
                return skipped("gcc could not compile the clock's shift: " + output);
            }
        } catch (IOException e) {
            return skipped("no gcc is on the PATH");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while gcc runs", e);
        }
        Path file = folder.resolve("clock-shift");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer seconds = channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
            seconds.order(ByteOrder.nativeOrder()).putLong(0, 0);
            return new ClockShift(library, file, seconds);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClockShift skipped(String reason) {
        System.out.println("skipped, clocks can't be set here: " + reason);
        return null;
    }

    /** What a process is started with whose clock is to be set. */
    public Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "CLOCK_SHIFT_FILE", file.toString());
    }

    /** From now on the clock of those processes is that far ahead of the system's, or behind it. */
    public void set(Duration ahead) {
        seconds.putLong(0, ahead.toSeconds());
    }
}
