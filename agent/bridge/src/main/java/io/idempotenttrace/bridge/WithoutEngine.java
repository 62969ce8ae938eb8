package io.idempotenttrace.bridge;

import org.jspecify.annotations.Nullable;

/**
 * What annotated methods call while the engine could not weave their class, because it could not start or by a fault of its own. The
 * agent's entry writes that call to the beginning of each. The entry extends this class; safe for use by many threads.
 */
public abstract class WithoutEngine {

    private static final OnceAPeriod LOG = new OnceAPeriod();

    private static volatile @Nullable WithoutEngine entry;

    /**
     * Called by the entry before it changes the first class.
     *
     * @throws IllegalStateException if anybody else calls it
     */
    public static void connect(WithoutEngine agent) {
        Connecting.check(agent);
        entry = agent;
    }

    /**
     * Tries again to have the class woven, for the calls that come after this one.
     *
     * @return why calls are not guarded, for people
     */
    protected abstract String tryAgain(Class<?> woven);

    /** Whether the mode is {@code enforce}, so that calls may be refused. */
    protected abstract boolean enforces();

    /** The beginning of a method with {@code on-store-failure=proceed}: its body runs, and is counted. */
    public static void run(Class<?> woven) {
        synchronized (CallsWithoutGuard.COUNTED) {
            CallsWithoutGuard.COUNTED.bodies++;
        }
        try {
            String reason = reason(woven);
            LOG.say(woven.getName() + " is not woven: " + reason
                    + "; bodies of its annotated methods run unguarded (on-store-failure=proceed)");
        } catch (Throwable fault) {
            // No stack or memory: the body is counted, and a later call says it.
        }
    }

    /** The beginning of a method with {@code on-store-failure=throw}. */
    public static void refuse(Class<?> woven) {
        String reason = "the engine is not there";
        Throwable cause = null;
        try {
            WithoutEngine agent = entry;
            if (agent != null && !agent.enforces()) {
                run(woven);
                return;
            }
            reason = reason(woven);
        } catch (Throwable fault) {
            cause = fault;
        }
        synchronized (CallsWithoutGuard.COUNTED) {
            CallsWithoutGuard.COUNTED.refused++;
        }
        throw Refusals.of(
                woven,
                woven.getName() + " is not woven: " + reason + (cause == null ? "" : " (" + cause + ")")
                        + ". The body did not run (on-store-failure=throw)",
                cause);
    }

    private static String reason(Class<?> woven) {
        WithoutEngine agent = entry;
        return agent == null
                ? "the engine is not there"
                : Permissions.areChecked()
                        ? Permissions.privileged(() -> agent.tryAgain(woven))
                        : agent.tryAgain(woven);
    }
}
