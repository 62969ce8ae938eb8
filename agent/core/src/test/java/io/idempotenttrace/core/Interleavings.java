package io.idempotenttrace.core;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * Lets Lincheck choose steps of two threads, and for each choice try the orders in which what they read and write can come, one switch more
 * at a time. What the steps return must be what they return in some order in which one step follows the other, and what the class validates
 * must hold when all are over. Nothing is left to chance: the same orders are tried in each build, on one core as on many, and a failure
 * prints the order that it came in.
 *
 * <p>The class has a public constructor without parameters, and public methods that are marked as operations.
 */
public final class Interleavings {

    private Interleavings() {}

    /** A few hundred orders. They take seconds, the first of a JVM more: Lincheck changes the classes that it meets. */
    public static void check(Class<?> steps) {
        check(steps, /* scenarios= */ 8, /* orders= */ 50);
    }

    /** As many orders of each scenario as that at most. */
    public static void check(Class<?> steps, int scenarios, int orders) {
        new ModelCheckingOptions()
                .iterations(scenarios)
                .invocationsPerIteration(orders)
                .threads(2)
                .actorsBefore(1)
                .actorsPerThread(2)
                .actorsAfter(1)
                // Above the length of a hash: a loop that goes on for longer is taken for one without an end.
                .loopBound(200)
                .recursionBound(200)
                .minimizeFailedScenario(false)
                .check(steps);
    }

    /** Of steps that are wrong on purpose: they are found to be so, or this check would find nothing. */
    public static void refute(Class<?> steps) {
        assertThrows(LincheckAssertionError.class, () -> check(steps), steps + " is not found to be wrong");
    }
}
