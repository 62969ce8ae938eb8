package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.background.PlatformOfJvm;

/** The JVM's own, on a machine that has no thread left until the test says so. */
final class ThreadlessPlatform extends PlatformOfJvm {

    private volatile boolean hasThreads;

    void threadsAreThereAgain() {
        hasThreads = true;
    }

    @Override
    public void start(Thread thread) {
        if (!hasThreads) {
            throw new OutOfMemoryError("unable to create native thread (of a test)");
        }
        JVM.start(thread);
    }
}
