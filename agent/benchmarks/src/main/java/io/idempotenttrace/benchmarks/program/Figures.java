package io.idempotenttrace.benchmarks.program;

import java.util.Locale;

/** Takes times, and prints figures as the benchmark that forked this JVM reads them: what, variant and value by tabs. */
final class Figures {

    private Figures() {}

    static void print(String what, String variant, double value) {
        System.out.printf(Locale.ROOT, "%s\t%s\t%.4f%n", what, variant, value);
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
