package io.idempotenttrace.benchmarks.program;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntConsumer;

/** Takes times, and prints figures as the benchmark that forked this JVM reads them: what, variant and value by tabs. */
final class Figures {

    private Figures() {
    }

    static void print(String what, String variant, double value) {
        System.out.printf(Locale.ROOT, "%s\t%s\t%.4f%n", what, variant, value);
    }

    /** The median time of a call, in microseconds: pauses and other processes' bursts do not move it. */
    static double medianMicros(int calls, IntConsumer call) {
        long[] nanos = new long[calls];
        for (int i = 0; i < calls; i++) {
            long begin = System.nanoTime();
            call.accept(i);
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        return nanos[calls / 2] / 1e3;
    }

    /** Until completions that are on their way have arrived. */
    static void settle() {
        try {
            Thread.sleep(150);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
