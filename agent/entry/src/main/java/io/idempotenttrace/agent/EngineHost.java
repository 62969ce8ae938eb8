package io.idempotenttrace.agent;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Starts the engine in its own class loader, when the first annotated class is seen. */
final class EngineHost {

    private static final String ENGINE = "io.idempotenttrace.weaver.Engine";
    private static final List<String> MODES = List.of("enforce", "observe", "off");

    private final Callable<File> jar;
    private final Map<String, String> settings;
    private volatile String mode;
    private final ReentrantLock starting = new ReentrantLock();
    private volatile @Nullable AgentEngine engine;
    /** Why the engine could not be started; null where it was not tried, or runs. */
    private volatile @Nullable String failure;

    /**
     * @param jar tells where the agent's jar lies
     * @param settings the checked settings as text: the engine has its own copy of the configuration's classes
     * @param mode the one to begin with
     */
    EngineHost(Callable<File> jar, Map<String, String> settings, String mode) {
        this.jar = jar;
        this.settings = settings;
        this.mode = mode;
    }

    String mode() {
        return mode;
    }

    /** Switches the engine, whether it has started or not. */
    void setMode(String wanted) {
        if (!MODES.contains(wanted)) {
            throw new IllegalArgumentException("mode '" + wanted + "' is none of " + String.join(", ", MODES));
        }
        starting.lock();
        try {
            mode = wanted;
            if (engine != null) {
                engine.setMode(wanted);
            }
        } finally {
            starting.unlock();
        }
    }

    /** The engine, started by the first call; null if it could not be started, which was said then. */
    @Nullable
    AgentEngine engine() {
        AgentEngine started = engine;
        return started != null ? started : start();
    }

    /** The engine if anything annotated was seen, else null. */
    @Nullable
    AgentEngine startedEngine() {
        return engine;
    }

    /** Why there is no engine; null where none was needed, or it runs. */
    @Nullable
    String failure() {
        return failure;
    }

    private @Nullable AgentEngine start() {
        starting.lock();
        try {
            if (engine == null && failure == null) {
                // Should this thread come here again, from a class that the engine itself loads.
                failure = "the engine is being started";
                String obstacle = ModuleAccess.obstacle();
                if (obstacle != null) {
                    throw new IllegalStateException(obstacle);
                }
                ClassLoader loader = new EngineClassLoader(EngineArchive.open(jar.call()));
                AgentEngine started = (AgentEngine) Class.forName(ENGINE, true, loader)
                        .getMethod("start", Map.class)
                        .invoke(null, settings);
                started.setMode(mode);
                engine = started;
                failure = null;
            }
        } catch (Throwable fault) {
            Throwable cause = fault instanceof InvocationTargetException ? fault.getCause() : fault;
            failure = "the engine could not start (" + cause + ")";
            System.err.println("idempotent-trace: the engine could not start (" + cause
                    + "); annotated methods run unguarded in this JVM");
        } finally {
            starting.unlock();
        }
        return engine;
    }
}
