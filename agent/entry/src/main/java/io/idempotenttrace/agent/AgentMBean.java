package io.idempotenttrace.agent;

import io.idempotenttrace.config.EffectiveSetting;

/** The agent for operators, by JMX: {@code io.idempotenttrace:type=Agent}. Nothing here tells a secret or a payload. */
public interface AgentMBean {

    /** {@code enforce}, {@code observe} or {@code off}: what counts for scopes that have none of their own. */
    String getMode();

    /**
     * Counts for calls that begin from now on, more than what the fleet is asked for and the settings say; {@code default} leaves it to these
     * again.
     *
     * @throws IllegalArgumentException if it is none of the four
     */
    void setMode(String mode);

    /**
     * As {@link #setMode}, for one scope.
     *
     * @param scope as settings name it, such as {@code com.acme.Emitter.emit}
     * @throws IllegalArgumentException if the mode is none of the four, or the scope is null or empty
     */
    void switchMode(String scope, String mode);

    /**
     * The mode that counts for all scopes, then that of each scope which differs, and who says so: one JSON object {scope, mode, source, who}
     * each. The source is {@code setting}, {@code fleet} or {@code jmx}.
     */
    String[] getModes();

    /**
     * What becomes of calls that begin now: {@code starting}, no annotated class was seen yet, or the engine is being prepared;
     * {@code guarding}; {@code unguarded: reason}, the engine can't start, the store can't be asked or {@code mode=observe}, so that bodies
     * run unguarded or calls are refused, as {@code on-store-failure} says; {@code off}.
     */
    String getState();

    /** The settings as they count, and who gave them; secrets are masked. */
    EffectiveSetting[] getSettings();

    /** How the calls of each method ended that has been called; empty before the engine is there. */
    MethodCounts[] getMethods();

    /**
     * What is counted and measured of the calls of each scope that has some: at most 200, and {@code (other)} for the calls of all others;
     * empty before the engine is there.
     */
    ScopeCounts[] getScopes();

    /** Parts of the store to which no calls are sent, since they did not answer: 0 or 1, or nodes of a Cluster. */
    long getStorePartsAway();

    /**
     * Which methods are guarded and how, which are not, and what is wrong with them: one JSON object a method. It loads types of the
     * application, and takes a while.
     */
    String[] explain();

    /**
     * The last 200 calls that were not new, the oldest first: one JSON object a call.
     *
     * @param showKeys whether keys are shown as they are; else a part of their SHA-256 is
     */
    String[] verdicts(boolean showKeys);

    /** How each part of the engine does that works aside, such as the one that renews leases; empty before the engine is there. */
    BackgroundPart[] getBackground();

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

    /** Completions and failures that could not be written yet, since the store is or was away. */
    long getPendingUpdates();

    /** What those take, in bytes, roughly. */
    long getPendingBytes();

    /** Completions that were given up: their bodies ran, and a redelivery may run them again. */
    long getLostCompletions();

    /** Completions that the store was to acknowledge before their calls returned (completion=sync), and did not. */
    long getUnacknowledgedCompletions();

    /** Completions that the store refused, since another worker owned the key by then: their bodies ran twice, or will, where somebody released the key. */
    long getRefusedCompletions();

    /** Calls that lost their key because they ran for longer than {@code max-hold}; each is counted as well by how it ends. */
    long getHeldTooLong();

    /** What the records take that this process holds itself, in bytes, roughly: all of store=memory, of Redis those of an outage. */
    long getRecordBytes();

    /** Completed ones of them that went before their time for lack of room: a redelivery may run their bodies again. */
    long getDroppedRecords();

    /** Stored results that were met and could not be decrypted, or are not encrypted where they have to be: duplicates got none. */
    long getUnreadableResults();

    /** How often a claim met a pending or failed record that a newer version of the agent wrote, and took it as in progress. */
    long getNewerRecords();
}
