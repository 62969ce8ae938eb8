package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.AgentLog;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.weaver.application.ApplicationCode;
import io.idempotenttrace.weaver.application.ApplicationLog;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;

/**
 * The engine's lines on their way to {@link AgentLog}. An application may have put a stream of its own in the place of stderr, such as one
 * that hands each line to its logging: that is its code, behind the door {@link ApplicationCode}, and what it throws must not become the end
 * of the call that the engine has something to say about. Safe for use by many threads.
 */
final class EngineLines implements GuardLog.Lines {

    private final boolean slf4j;
    private final AtomicBoolean looked = new AtomicBoolean();

    /** @param slf4j whether lines are to go to the application's SLF4J */
    EngineLines(boolean slf4j) {
        this.slf4j = slf4j;
    }

    @Override
    public boolean isDebug() {
        return AgentLog.isDebug();
    }

    @Override
    public void say(GuardLog.Level level, String message) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            AgentLog.say(level(level), message);
        } catch (Throwable theirs) {
            // Nothing is left to say it with.
        } finally {
            door[0] = before;
        }
    }

    private static int level(GuardLog.Level level) {
        return switch (level) {
            case DEBUG -> AgentLog.DEBUG;
            case INFO -> AgentLog.INFO;
            case WARN -> AgentLog.WARN;
        };
    }

    /** A method of that class is called for the first time: looks for the application's SLF4J, if that is asked for. */
    void linked(Class<?> woven) {
        if (!slf4j) {
            return;
        }
        BiPredicate<Integer, String> logging = ApplicationLog.seenBy(woven);
        if (logging != null) {
            AgentLog.toApplication(logging);
        } else if (looked.compareAndSet(false, true)) {
            say(
                    GuardLog.Level.WARN,
                    "log=slf4j: the class loader of " + woven.getName()
                            + " sees no SLF4J, so lines go to stderr; put slf4j-api on its class path");
        }
    }
}
