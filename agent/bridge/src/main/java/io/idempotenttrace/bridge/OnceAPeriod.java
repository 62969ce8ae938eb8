package io.idempotenttrace.bridge;

/** Says a line at most once in ten seconds, and with it how many were not. Safe for use by many threads. */
final class OnceAPeriod {

    private static final long PERIOD_NANOS = 10_000_000_000L;

    private boolean said;
    private long lastNanos;
    private long unsaid;

    void say(String line) {
        long more;
        synchronized (this) {
            long now = System.nanoTime();
            if (said && now - lastNanos < PERIOD_NANOS) {
                unsaid++;
                return;
            }
            said = true;
            lastNanos = now;
            more = unsaid;
            unsaid = 0;
        }
        AgentLog.say(
                AgentLog.WARN, line + (more == 0 ? "" : " (and " + more + " more times since the last such line)"));
    }
}
