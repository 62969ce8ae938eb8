package io.idempotenttrace.agent;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;

/**
 * Runs work after the last shutdown hook of the application. Those run side by side, and many of them still end calls, or begin some: a
 * hook of the agent's own can't know when that is over. The JDK has a later phase, in which it deletes files
 * ({@code File.deleteOnExit}); its places are numbered, and the agent takes a free one behind.
 *
 * <p>The work runs on the thread that ends the JVM. The JDK offers this to its own classes alone, so their package is opened to the
 * agent; where that fails, the caller does without.
 */
final class AfterHooks {

    /** 0 restores the console, 1 runs the hooks, 2 deletes files. */
    private static final int FIRST_FREE = 3;

    private static final int LAST = 9;
    private static final String JDK_PACKAGE = "jdk.internal.access";

    private AfterHooks() {}

    /** Whether the work will be run; to be asked while the hooks run. */
    static boolean run(Instrumentation instrumentation, Runnable work) {
        try {
            instrumentation.redefineModule(
                    Object.class.getModule(),
                    Set.of(),
                    Map.of(JDK_PACKAGE, Set.of(AfterHooks.class.getModule())),
                    Map.of(),
                    Set.of(),
                    Map.of());
            Object access = Class.forName(JDK_PACKAGE + ".SharedSecrets")
                    .getMethod("getJavaLangAccess")
                    .invoke(null);
            Method register = Class.forName(JDK_PACKAGE + ".JavaLangAccess")
                    .getMethod("registerShutdownHook", int.class, boolean.class, Runnable.class);
            return register(register, access, work);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError unknownJdk) {
            return false;
        }
    }

    private static boolean register(Method register, Object access, Runnable work) {
        for (int place = FIRST_FREE; place <= LAST; place++) {
            try {
                register.invoke(access, place, true, work);
                return true;
            } catch (ReflectiveOperationException taken) {
                // By a later JDK, or another agent.
            }
        }
        return false;
    }
}
