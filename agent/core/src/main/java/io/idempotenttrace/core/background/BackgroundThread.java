package io.idempotenttrace.core.background;

import java.security.AccessController;
import java.security.PrivilegedAction;

/** Makes the threads of this library's own, which neither keep a JVM running nor hold on to an application's class loader. */
public final class BackgroundThread {

    /** Until Java 23 a thread keeps the protection domains, and so the class loaders, of all who called its constructor. */
    private static final boolean KEEPS_ITS_CALLERS = Runtime.version().feature() < 24;

    private BackgroundThread() {}

    /**
     * A daemon thread, not yet started. It begins as if nobody had called for it, since the caller may belong to a web
     * application that wants to be collected: its context class loader is the one that loaded this library, it has none of the
     * caller's thread locals, and it does not keep the caller's protection domains.
     */
    public static Thread of(String name, Runnable work) {
        return KEEPS_ITS_CALLERS ? privileged(name, work) : plain(name, work);
    }

    /** Where the domains end that the thread keeps, and whose rights count. Not called where the class may be gone. */
    @SuppressWarnings("removal")
    private static Thread privileged(String name, Runnable work) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> plain(name, work));
    }

    private static Thread plain(String name, Runnable work) {
        Thread thread = new Thread(/* group= */ null, work, name, /* stackSize= */ 0, /* inheritThreadLocals= */ false);
        thread.setDaemon(true);
        thread.setContextClassLoader(BackgroundThread.class.getClassLoader());
        return thread;
    }
}
