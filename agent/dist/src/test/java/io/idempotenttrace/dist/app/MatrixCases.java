package io.idempotenttrace.dist.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** One class of the generated matrix: its annotated methods, by number. */
public interface MatrixCases {

    int count();

    /** {@code <kind>/<policies>/<return type>} */
    String label(int n);

    /** Calls the method. */
    Object call(int n, String key, int payload);

    /** What its body returns for that payload. */
    Object value(int n, int payload);

    /** What every body calls first. The driver says what it does. */
    final class Body {

        public static final Object LOCK = new Object();

        /** How many bodies ran. */
        static final AtomicInteger RAN = new AtomicInteger();
        /** What the next body throws; null for none. */
        static volatile RuntimeException failure;
        /** Where the next body waits; null for nowhere. */
        static volatile CountDownLatch gate;

        static volatile CountDownLatch inside;

        private static int depth;

        private Body() {}

        public static void run() {
            RAN.incrementAndGet();
            CountDownLatch waitFor = gate;
            if (waitFor != null) {
                gate = null;
                inside.countDown();
                try {
                    waitFor.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            RuntimeException thrown = failure;
            if (thrown != null) {
                failure = null;
                throw thrown;
            }
        }

        public static int depth() {
            return depth;
        }

        public static void left(int level) {
            depth = level;
        }
    }
}
