package io.idempotenttrace.agent;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.jar.JarFile;

/** Starts the engine in its own class loader, when the first annotated class is seen. */
final class EngineHost {

    private static final String ENGINE = "io.idempotenttrace.weaver.Engine";

    private final JarFile jar;
    private final Map<String, String> settings;
    private final ReentrantLock starting = new ReentrantLock();
    private volatile AgentEngine engine;
    private boolean failed;

    /** @param settings the checked settings as text: the engine has its own copy of the configuration's classes */
    EngineHost(JarFile jar, Map<String, String> settings) {
        this.jar = jar;
        this.settings = settings;
    }

    /** The engine, started by the first call; null if it could not be started, which was said then. */
    AgentEngine engine() {
        AgentEngine started = engine;
        return started != null ? started : start();
    }

    /** The engine if anything annotated was seen, else null. */
    AgentEngine startedEngine() {
        return engine;
    }

    private AgentEngine start() {
        starting.lock();
        try {
            if (engine == null && !failed) {
                failed = true;
                ClassLoader loader = new EngineClassLoader(jar);
                engine = (AgentEngine) Class.forName(ENGINE, true, loader).getMethod("start", Map.class).invoke(null, settings);
                failed = false;
            }
        } catch (Throwable failure) {
            Throwable cause = failure instanceof InvocationTargetException ? failure.getCause() : failure;
            System.err.println("idempotent-trace: the engine could not start (" + cause
                    + "); annotated methods run unguarded in this JVM");
        } finally {
            starting.unlock();
        }
        return engine;
    }
}
