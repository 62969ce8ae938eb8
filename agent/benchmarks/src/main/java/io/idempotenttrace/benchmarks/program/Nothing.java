package io.idempotenttrace.benchmarks.program;

/** An application without an annotated class, which ends at once. */
public final class Nothing {

    private Nothing() {}

    public static void main(String[] arguments) {
        // Its JVM's start and end are all that is measured.
    }
}
