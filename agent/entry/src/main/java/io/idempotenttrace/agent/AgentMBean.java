package io.idempotenttrace.agent;

/** The agent for operators, by JMX: {@code io.idempotenttrace:type=Agent}. Nothing here tells a secret or a payload. */
public interface AgentMBean {

    /** {@code enforce}, {@code observe} or {@code off}. */
    String getMode();

    /**
     * Counts for calls that begin from now on.
     *
     * @throws IllegalArgumentException if it is none of the three
     */
    void setMode(String mode);

    /** {@code redis} or {@code memory}. */
    String getStore();

    String getVersion();

    /** Calls whose body ran as the owner of the key and returned. */
    long getNew();

    long getDuplicate();

    long getConflict();

    long getInProgress();

    long getFailed();

    long getUnguarded();
}
