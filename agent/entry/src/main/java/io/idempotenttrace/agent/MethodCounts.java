package io.idempotenttrace.agent;

/** How the calls of one method ended, each counted once, since the JVM started. Seen by JMX through its getters. */
public final class MethodCounts {

    private final String method;
    private final long[] counts;

    /**
     * @param method its class, its name and the types of its parameters
     * @param counts in the order of the exit line: new, duplicate, conflict, in-progress, failed, unguarded
     */
    public MethodCounts(String method, long... counts) {
        this.method = method;
        this.counts = counts.clone();
    }

    public String getMethod() {
        return method;
    }

    public long getNew() {
        return counts[0];
    }

    public long getDuplicate() {
        return counts[1];
    }

    public long getConflict() {
        return counts[2];
    }

    public long getInProgress() {
        return counts[3];
    }

    public long getFailed() {
        return counts[4];
    }

    public long getUnguarded() {
        return counts[5];
    }
}
