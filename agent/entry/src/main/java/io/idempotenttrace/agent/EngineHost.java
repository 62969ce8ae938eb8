package io.idempotenttrace.agent;

import io.idempotenttrace.bridge.CallsWithoutGuard;
import io.idempotenttrace.bridge.RetryPause;
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

    private static final String WITHOUT_TEXT = "the engine could not start (no stack or memory was left to say more)";

    private final Callable<File> jar;
    private final Map<String, String> settings;
    private volatile String mode;
    private final ReentrantLock starting = new ReentrantLock();
    private volatile @Nullable AgentEngine engine;
    /** Why the engine could not be started; null where it was not tried, or runs. */
    private volatile @Nullable String failure;
    /** The last such reason that was said. */
    private @Nullable String said;

    private final RetryPause pause = new RetryPause();

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

    /**
     * The engine, started by the first call. Null if it could not be started, which was said then: the failure may pass, so later calls
     * try again. Null also for the classes that the engine itself loads meanwhile.
     */
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

    /** An annotated class could neither be woven nor be made to count its calls: nobody sees its bodies. */
    void missedClass() {
        CallsWithoutGuard.COUNTED.classMissed = true;
    }

    /** How many bodies ran without the engine, for people. */
    String unguardedBodies() {
        return CallsWithoutGuard.COUNTED.classMissed ? "unknown" : Long.toString(CallsWithoutGuard.COUNTED.bodies());
    }

    private @Nullable AgentEngine start() {
        if (starting.isHeldByCurrentThread()) {
            return null;
        }
        starting.lock();
        try {
            if (engine == null && pause.isOver()) {
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
            failed(fault);
        } finally {
            starting.unlock();
        }
        return engine;
    }

    /** No memory may be left for a text. */
    private void failed(Throwable fault) {
        pause.failed(failure == null);
        failure = WITHOUT_TEXT;
        try {
            Throwable cause = fault instanceof InvocationTargetException ? fault.getCause() : fault;
            String reason = "the engine could not start (" + cause + ")";
            failure = reason;
            if (!reason.equals(said)) {
                said = reason;
                AgentLines.say(reason
                        + "; until it can, calls of annotated methods are refused (on-store-failure=throw), or their bodies run"
                        + " unguarded (proceed)");
            }
        } catch (Throwable again) {
            // Who is refused is told so, and the line at the exit says it.
        }
    }
}
