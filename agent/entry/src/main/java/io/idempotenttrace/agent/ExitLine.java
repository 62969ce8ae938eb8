package io.idempotenttrace.agent;

import io.idempotenttrace.bridge.CallsWithoutGuard;
import io.idempotenttrace.bridge.Permissions;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** Says the counts when the JVM stops, and why the agent guarded nothing where its start has failed. */
final class ExitLine extends Thread {

    private final @Nullable EngineHost host;
    private final String store;
    private final @Nullable String failure;
    private final @Nullable Instrumentation instrumentation;

    /**
     * Of an agent that runs.
     *
     * @param instrumentation null to say it among the hooks, as where the JDK has no later phase
     */
    ExitLine(EngineHost host, String store, @Nullable Instrumentation instrumentation) {
        this(host, store, null, instrumentation);
    }

    /**
     * Of an agent that could not start.
     *
     * @param failure why, in one line
     */
    ExitLine(String failure) {
        this(null, "none", failure, null);
    }

    private ExitLine(
            @Nullable EngineHost host,
            String store,
            @Nullable String failure,
            @Nullable Instrumentation instrumentation) {
        super("idempotent-trace-exit");
        this.host = host;
        this.store = store;
        this.failure = failure;
        this.instrumentation = instrumentation;
    }

    /** With the agent's rights: the thread that ends the JVM may have few. */
    private static final class LastWork implements Runnable {

        private final AgentEngine engine;

        LastWork(AgentEngine engine) {
            this.engine = engine;
        }

        @Override
        public void run() {
            if (Permissions.areChecked()) {
                Permissions.privileged(() -> {
                    engine.stop();
                    return engine;
                });
            } else {
                engine.stop();
            }
        }
    }

    @Override
    public void run() {
        AgentEngine engine = host == null ? null : host.startedEngine();
        if (engine != null) {
            if (instrumentation == null || !AfterHooks.run(instrumentation, new LastWork(engine))) {
                engine.stop();
            }
            return;
        }
        String reason = host == null ? failure : host.failure();
        // Of an agent that could not start, bodies were seen by nobody.
        String unguarded = host == null ? "unknown" : host.unguardedBodies();
        AgentLines.inform("new=0 duplicate=0 conflict=0 in-progress=0 failed="
                + CallsWithoutGuard.COUNTED.refused() + " unguarded=" + unguarded + " store=" + store
                + (reason == null ? "" : " mode=off reason=" + reason));
    }
}
