package io.idempotenttrace.agent;

import io.idempotenttrace.bridge.CallsWithoutGuard;
import io.idempotenttrace.bridge.RetryPause;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Starts the engine in its own class loader, when the first annotated class is seen. */
final class EngineHost {

    private static final String ENGINE = "io.idempotenttrace.weaver.Engine";
    /** Asks for no mode, so that the fleet and the settings count. */
    private static final String DEFAULT = "default";

    private static final List<String> MODES = List.of("enforce", "observe", "off", DEFAULT);

    private static final String WITHOUT_TEXT = "the engine could not start (no stack or memory was left to say more)";

    private final Callable<File> jar;
    private final Map<String, String> settings;
    /** What the settings say of scopes that have none of their own. */
    private final String mode;
    /** What was switched here, by scope; null stands for all. Guarded by the lock, as what follows. */
    private final Map<@Nullable String, Switch> switches = new HashMap<>();

    private record Switch(String mode, String who) {}

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

    /** What counts for a scope, or, for null, for those that have none of their own; the fleet counts once the engine is there. */
    String mode(@Nullable String scope) {
        AgentEngine started = engine;
        if (started != null) {
            return started.mode(scope);
        }
        starting.lock();
        try {
            Switch own = switches.get(scope);
            Switch asked = own != null ? own : switches.get(null);
            return asked == null ? mode : asked.mode;
        } finally {
            starting.unlock();
        }
    }

    String mode() {
        return mode(null);
    }

    /** Switches the engine, whether it has started or not. */
    void setMode(@Nullable String scope, String wanted, String who) {
        if (!MODES.contains(wanted)) {
            throw new IllegalArgumentException("mode '" + wanted + "' is none of " + String.join(", ", MODES));
        }
        if (scope != null && scope.isEmpty()) {
            throw new IllegalArgumentException("the scope is empty; give its name, or set the attribute Mode for all");
        }
        starting.lock();
        try {
            if (wanted.equals(DEFAULT)) {
                switches.remove(scope);
            } else {
                switches.put(scope, new Switch(wanted, who));
            }
            if (engine != null) {
                engine.switchMode(scope, wanted.equals(DEFAULT) ? null : wanted, who);
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

    /** Starts the engine now, and has it do what the first guarded call would have to wait for. Throws nothing. */
    void warmUp(long mostMillis) {
        try {
            AgentEngine started = engine();
            if (started != null) {
                started.warmUp(mostMillis);
            }
        } catch (Throwable fault) {
            AgentLines.say("warm-up=true: a fault of the agent at the start (" + fault
                    + "); the first guarded call does the rest. Please report it");
        }
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
                switches.forEach((scope, asked) -> started.switchMode(scope, asked.mode, asked.who));
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
