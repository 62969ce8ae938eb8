package io.idempotenttrace.core;

/** Makes the threads of this library's own, which neither keep a JVM running nor hold on to an application's class loader. */
public final class BackgroundThread {

    private BackgroundThread() {
    }

    /**
     * A daemon thread, not yet started, whose context class loader is the one that loaded this library: the caller's may belong
     * to a web application that wants to be collected.
     */
    public static Thread of(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(BackgroundThread.class.getClassLoader());
        return thread;
    }
}
