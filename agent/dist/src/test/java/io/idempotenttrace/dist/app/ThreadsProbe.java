package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.HashSet;
import java.util.Set;

/** Says which threads came with the first guarded call, and which of them hold on to a class loader of the application. */
public final class ThreadsProbe {

    private ThreadsProbe() {}

    public static void main(String[] arguments) {
        ClassLoader own = new URLClassLoader(new URL[0], ThreadsProbe.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(own);
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        emit("k");
        emit("k");
        int seen = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            // The JDK's own threads for its cleaners have the system loader, whoever made them begin.
            if (!before.contains(thread) && !thread.getThreadGroup().getName().equals("InnocuousThreadGroup")) {
                seen++;
                ClassLoader context = thread.getContextClassLoader();
                if (context == own || context == ClassLoader.getSystemClassLoader()) {
                    System.out.println("holds on: " + thread);
                }
            }
        }
        System.out.println("threads " + (seen > 0) + ", own context "
                + (Thread.currentThread().getContextClassLoader() == own));
    }

    @IdempotentTrace
    private static void emit(@IdempotencyKey String key) {
        System.out.println("body");
    }
}
