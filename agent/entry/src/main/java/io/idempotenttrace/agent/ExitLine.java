package io.idempotenttrace.agent;

import org.jspecify.annotations.Nullable;

/** Says the counts when the JVM stops, and why the agent guarded nothing where its start has failed. */
final class ExitLine extends Thread {

    private final @Nullable EngineHost host;
    private final String store;
    private final @Nullable String failure;

    /** Of an agent that runs. */
    ExitLine(EngineHost host, String store) {
        this(host, store, null);
    }

    /**
     * Of an agent that could not start.
     *
     * @param failure why, in one line
     */
    ExitLine(String failure) {
        this(null, "none", failure);
    }

    private ExitLine(@Nullable EngineHost host, String store, @Nullable String failure) {
        super("idempotent-trace-exit");
        this.host = host;
        this.store = store;
        this.failure = failure;
    }

    @Override
    public void run() {
        AgentEngine engine = host == null ? null : host.startedEngine();
        if (engine != null) {
            engine.stop();
            return;
        }
        String reason = host == null ? failure : host.failure();
        // Bodies that ran without an engine were seen by nobody.
        System.err.println("idempotent-trace: new=0 duplicate=0 conflict=0 in-progress=0 failed=0 unguarded="
                + (reason == null ? "0 store=" + store : "unknown store=" + store + " mode=off reason=" + reason));
    }
}
