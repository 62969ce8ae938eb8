package io.idempotenttrace.bridge;

import org.jspecify.annotations.Nullable;

/**
 * Who may answer for the agent. The bridge is visible to every class of the JVM, and whoever connected to it would decide in place of the
 * engine whether bodies run. So only classes that the agent itself has loaded are let in: those of the boot loader, and those of the
 * engine's own loader. An engine that failed to start may be followed by another one.
 *
 * <p>This keeps out mistakes and the curious. Code that may break into the JDK by reflection is not kept out by any check in Java.
 */
final class Connecting {

    private static final String ENGINE_LOADER = "io.idempotenttrace.agent.EngineClassLoader";

    private Connecting() {}

    /** @throws IllegalStateException if the object's class is not the agent's */
    static void check(Object agent) {
        ClassLoader own = Connecting.class.getClassLoader();
        ClassLoader given = agent.getClass().getClassLoader();
        if (given != own && !isOfEngine(given, own)) {
            throw new IllegalStateException("class " + agent.getClass().getName()
                    + " is none of the agent's, and can't take its place; only the agent connects here");
        }
    }

    private static boolean isOfEngine(@Nullable ClassLoader given, @Nullable ClassLoader own) {
        return given != null
                && given.getClass().getClassLoader() == own
                && given.getClass().getName().equals(ENGINE_LOADER);
    }
}
