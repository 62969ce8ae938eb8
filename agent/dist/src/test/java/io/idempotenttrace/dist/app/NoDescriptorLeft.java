package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Makes its first guarded call while no file can be opened, and others when files can be opened again. */
public final class NoDescriptorLeft {

    /** What a body returns. */
    public record Answer(String key, List<String> parts) {}

    private NoDescriptorLeft() {}

    @IdempotentTrace
    private static Answer emit(@IdempotencyKey String key) {
        System.out.println("body " + key);
        return new Answer(key, List.of("a", "b"));
    }

    private static void call(String key) {
        try {
            System.out.println("returned " + emit(key));
        } catch (RuntimeException refused) {
            System.out.println("refused " + key);
        }
    }

    public static void main(String[] arguments) throws IOException {
        // Is loaded from a file, too.
        System.out.println(new Answer("loaded", List.of()));
        List<FileInputStream> open = new ArrayList<>();
        while (true) {
            try {
                open.add(new FileInputStream("/dev/null"));
            } catch (IOException full) {
                break;
            }
        }
        call("first");
        for (FileInputStream file : open) {
            file.close();
        }
        long end = System.nanoTime() + 60_000_000_000L;
        for (int tries = 0; !works("try" + tries) && System.nanoTime() < end; tries++) {
            Thread.onSpinWait();
        }
        call("last");
        call("last");
    }

    /** What could not be prepared is tried again after a pause. */
    private static boolean works(String key) {
        try {
            return emit(key).equals(emit(key));
        } catch (RuntimeException refused) {
            return false;
        }
    }
}
