package io.idempotenttrace.dist.injection;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** What every method of the engine calls first, by {@link FaultAgent}: passes, or throws. Lives on the boot loader. */
public final class FaultSeam {

    private static final int MOST_SEAMS = 10_000;
    private static final AtomicIntegerArray PASSED = new AtomicIntegerArray(MOST_SEAMS);
    private static final AtomicInteger LEFT = new AtomicInteger();
    private static volatile int armed = -1;
    private static volatile boolean asError;

    private FaultSeam() {}

    /** Called with the number of the method. */
    public static void pass(int seam) {
        PASSED.incrementAndGet(seam);
        if (seam == armed && !initialisesClass() && LEFT.getAndDecrement() > 0) {
            if (asError) {
                throw new LinkageError("injected fault");
            }
            throw new IllegalStateException("injected fault");
        }
    }

    /** A class whose initialiser failed stays unusable for ever: that is no fault that anything can survive. */
    private static boolean initialisesClass() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("<clinit>")));
    }

    /** From now on, that method throws the next times that it is called. */
    public static void arm(int seam, int times, boolean error) {
        asError = error;
        LEFT.set(times);
        armed = seam;
    }

    public static void disarm() {
        armed = -1;
    }

    public static int timesPassed(int seam) {
        return PASSED.get(seam);
    }
}
