package io.idempotenttrace.benchmarks.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/** New guarded calls by ten thousand virtual threads, in turn with those by platform threads; and how often one was pinned. */
public final class VirtualThreads {

    private static final String PINNED = "jdk.VirtualThreadPinned";
    private static final int VIRTUAL = 10_000;
    private static final int PLATFORM = 64;
    private static final int WARM_UP_ROUNDS = 2;

    private VirtualThreads() {}

    /** @param arguments the Redis URL, how many rounds, and milliseconds of each measurement */
    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[1]);
        long millis = Long.parseLong(arguments[2]);
        ThreadFactory virtual = virtualThreads();
        Span span = Span.typical();
        try (RawClaims raw = new RawClaims(arguments[0]);
                Recording events = new Recording()) {
            events.enable(PINNED).withoutThreshold();
            // The first call links the method: a thread that loads classes can't leave its carrier, whatever they are.
            Emitter.emit("first", span);
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                if (round == 0) {
                    events.start();
                }
                double ofVirtual = Load.callsPerSecond(virtual, VIRTUAL, millis, key -> Emitter.emit(key, span));
                raw.forgetAll();
                double ofPlatform = Load.callsPerSecond(PLATFORM, millis, key -> Emitter.emit(key, span));
                raw.forgetAll();
                if (round >= 0) {
                    Figures.print("calls", "10,000 virtual threads", ofVirtual);
                    Figures.print("calls", "64 platform threads", ofPlatform);
                }
            }
            events.stop();
            Figures.print("pinned", PINNED, count(events));
        }
    }

    private static long count(Recording events) throws IOException {
        Path file = Files.createTempFile("pinned-", ".jfr");
        try {
            events.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals(PINNED))
                    .count();
        } finally {
            Files.delete(file);
        }
    }

    /** Named by reflection: this is compiled for a JDK without them. */
    private static ThreadFactory virtualThreads() throws ReflectiveOperationException {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        return (ThreadFactory)
                Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
    }
}
