package io.idempotenttrace.agent;

/** Says the counts when the JVM stops. */
final class ExitLine extends Thread {

    private final EngineHost host;
    private final String store;

    ExitLine(EngineHost host, String store) {
        super("idempotent-trace-exit");
        this.host = host;
        this.store = store;
    }

    @Override
    public void run() {
        AgentEngine engine = host.startedEngine();
        if (engine != null) {
            engine.stop();
        } else {
            System.err.println("idempotent-trace: new=0 duplicate=0 conflict=0 in-progress=0 failed=0 unguarded=0 store=" + store);
        }
    }
}
