package io.idempotenttrace.agent;

/** What is counted and measured of the calls of one scope since the JVM started. Seen by JMX through its getters. */
public final class ScopeCounts {

    private final String scope;
    private final MethodCounts calls;
    private final long[] counts;
    private final double[] seconds;

    /**
     * @param calls how the calls of the scope ended
     * @param counts calls that have waited, answers of Redis, claims that it did not answer, duplicates that were answered without it,
     *        renewals that came late, calls that own their keys now
     * @param seconds of all waits together, of all answers together, and how long the oldest call has owned its key
     */
    public ScopeCounts(String scope, MethodCounts calls, long[] counts, double[] seconds) {
        this.scope = scope;
        this.calls = calls;
        this.counts = counts.clone();
        this.seconds = seconds.clone();
    }

    public String getScope() {
        return scope;
    }

    public long getNew() {
        return calls.getNew();
    }

    public long getDuplicate() {
        return calls.getDuplicate();
    }

    public long getConflict() {
        return calls.getConflict();
    }

    public long getInProgress() {
        return calls.getInProgress();
    }

    public long getFailed() {
        return calls.getFailed();
    }

    public long getUnguarded() {
        return calls.getUnguarded();
    }

    /** Calls that have waited for another one with their key. */
    public long getWaits() {
        return counts[0];
    }

    /** How long those have waited together. */
    public double getWaitSeconds() {
        return seconds[0];
    }

    /** Answers of Redis to claims, completions, failures and renewals. */
    public long getStoreAnswers() {
        return counts[1];
    }

    /** How long those took together. */
    public double getStoreSeconds() {
        return seconds[1];
    }

    /** Claims that Redis did not answer. */
    public long getStoreFailures() {
        return counts[2];
    }

    /** Duplicates that were answered without a command to Redis. */
    public long getCacheHits() {
        return counts[3];
    }

    /** Leases of which two thirds were over before they were renewed. */
    public long getLateRenewals() {
        return counts[4];
    }

    /** Calls that own their keys now. */
    public long getHeldClaims() {
        return counts[5];
    }

    /** How long the oldest of them has; 0 where there is none. */
    public double getOldestHeldSeconds() {
        return seconds[2];
    }
}
