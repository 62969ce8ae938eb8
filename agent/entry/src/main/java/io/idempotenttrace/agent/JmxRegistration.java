package io.idempotenttrace.agent;

import org.jspecify.annotations.Nullable;

/**
 * Registers the agent's MBean once the platform's MBean server is there. Nothing of JMX is loaded before the application, or
 * an operator's tool, loads it: that would cost start-up time, and would read the logging configuration before the
 * application has chosen its log manager.
 */
class JmxRegistration implements Runnable {

    /** The class, with slashes, without which there is no MBean server. */
    private static final String SERVER_CLASS = "com/sun/jmx/mbeanserver/JmxMBeanServer";

    private static final long SOON_MILLIS = 20;
    private static final long LATER_MILLIS = 1000;
    /** How often to look soon: an MBean server that a library made for itself may stay the only one. */
    private static final int LOOKS_SOON = 200;

    private final AgentControl control;
    /**
     * The server's class is there, and nothing registers the MBean yet. No AtomicBoolean: its first use loads classes, which must not happen
     * while one is loaded.
     */
    private volatile boolean wanted;

    /** Whether an attempt to register the MBean has met an Error. */
    private boolean again;

    JmxRegistration(AgentControl control) {
        this.control = control;
    }

    /** Looks for an MBean server that was there before the agent. */
    void classesLoaded(Class<?>[] loaded) {
        for (Class<?> type : loaded) {
            if (type.getClassLoader() == null && type.getName().length() == SERVER_CLASS.length()) {
                classLoaded(type.getName().replace('.', '/'));
            }
        }
    }

    /** Called for each class that the boot loader loads; it must cost next to nothing. */
    void classLoaded(@Nullable String className) {
        if (SERVER_CLASS.equals(className)) {
            wanted = true;
        }
        if (wanted && take()) {
            try {
                startThread();
            } catch (VirtualMachineError noThread) {
                // Whoever loads this class must not get the Error. The next class that is loaded tries again.
                wanted = true;
            }
        }
    }

    private synchronized boolean take() {
        boolean taken = wanted;
        wanted = false;
        return taken;
    }

    void startThread() {
        // Without the caller's thread locals: it may be a thread of a web application that wants to be collected.
        Thread thread = new Thread(null, this, "idempotent-trace-jmx", 0, /* inheritThreadLocals= */ false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
    }

    @Override
    public void run() {
        try {
            for (int looks = 0; !isRegistered(); looks++) {
                Thread.sleep(looks < LOOKS_SOON ? SOON_MILLIS : LATER_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable failure) {
            AgentLines.say(
                    "the agent's MBean could not be registered (" + failure + "); calls are guarded all the same");
        }
    }

    private boolean isRegistered() throws Exception {
        try {
            return AgentMBeanPublisher.publish(control, again);
        } catch (VirtualMachineError passing) {
            // There may be memory, or stack, at the next look.
            again = true;
            return false;
        }
    }
}
