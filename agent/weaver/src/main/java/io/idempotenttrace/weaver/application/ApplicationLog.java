package io.idempotenttrace.weaver.application;

import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The application's SLF4J, found by the class loader of a guarded class when that is first called: then the application has set its logging
 * up. What it runs is the application's code, behind the door {@link ApplicationCode}.
 *
 * <p>It is held by the class that it was found by, and only weakly from here: an application that is undeployed takes it along, and the next
 * one's is used. Safe for use by many threads.
 */
public final class ApplicationLog {

    private static final String NAME = "io.idempotenttrace";
    /** By level, see {@code AgentLog} of the bridge. */
    private static final String[] METHODS = {"debug", "info", "warn"};

    /** Holds what was found as long as the class lives. */
    private static final ClassValue<@Nullable ApplicationLog> FOUND = new ClassValue<>() {
        @Override
        protected @Nullable ApplicationLog computeValue(Class<?> woven) {
            return find(woven.getClassLoader());
        }
    };

    private final Object logger;
    private final Method[] methods = new Method[METHODS.length];

    private ApplicationLog(Object logger, Class<?> type) throws NoSuchMethodException {
        this.logger = logger;
        for (int i = 0; i < METHODS.length; i++) {
            methods[i] = type.getMethod(METHODS[i], String.class);
        }
    }

    /**
     * The SLF4J that the class sees, as something that takes lines for as long as that class lives.
     *
     * @return null if it sees none
     */
    public static @Nullable BiPredicate<Integer, String> seenBy(Class<?> woven) {
        ApplicationLog found = FOUND.get(woven);
        if (found == null) {
            return null;
        }
        WeakReference<ApplicationLog> held = new WeakReference<>(found);
        return (level, message) -> {
            ApplicationLog log = held.get();
            return log != null && log.say(level, message);
        };
    }

    private static @Nullable ApplicationLog find(@Nullable ClassLoader loader) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            Class<?> factory = Class.forName("org.slf4j.LoggerFactory", true, loader);
            Object logger = factory.getMethod("getLogger", String.class).invoke(null, NAME);
            return new ApplicationLog(logger, Class.forName("org.slf4j.Logger", false, loader));
        } catch (Throwable none) {
            return null;
        } finally {
            door[0] = before;
        }
    }

    private boolean say(int level, String message) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            methods[level].invoke(logger, message);
            return true;
        } catch (Throwable theirs) {
            return false;
        } finally {
            door[0] = before;
        }
    }
}
