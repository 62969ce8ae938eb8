package io.idempotenttrace.agent;

import io.idempotenttrace.config.Printable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the entry asks of the engine, which lives in its own class loader. Safe for use by many threads. */
public interface AgentEngine {

    /**
     * Does what the first guarded call would have to wait for, on this thread. What can't be done is said.
     *
     * @param mostMillis how long to wait for a store that does not answer
     */
    void warmUp(long mostMillis);

    /**
     * Weaves a class that names the annotation.
     *
     * @param loader the class's loader; not null
     * @param className its internal name, with slashes; null where the JVM knows none
     * @param classFile its bytes, not changed
     * @return the woven bytes; null to leave the class as it is, which is reported where it has annotated methods. What is thrown is a fault
     *         of the engine's own, which may pass
     */
    byte @Nullable [] weave(ClassLoader loader, @Nullable String className, byte[] classFile);

    /**
     * Looks at a class that does not name the annotation and names what the engine has asked for, see {@link WovenNames}: it may override a
     * guarded method, or be a driver's, which is woven. Throws nothing.
     *
     * @param loader the class's loader; not null
     * @param className its internal name; may be null
     * @param classFile its bytes, not changed
     * @return the woven bytes; null to leave the class as it is
     */
    byte @Nullable [] lookAt(ClassLoader loader, @Nullable String className, byte[] classFile);

    /**
     * Switches this process, for calls that begin from now on.
     *
     * @param scope as settings name it; null for all that have none of their own
     * @param mode {@code enforce}, {@code observe} or {@code off}; null to leave it to the fleet and the settings again
     * @param who for people
     */
    void switchMode(@Nullable String scope, @Nullable String mode, String who);

    /** The mode that counts for a scope, or, for null, for those that have none of their own. */
    String mode(@Nullable String scope);

    /** As {@link AgentMBean#getModes()}. */
    List<String> modes();

    /** The state of an engine that is not ready yet. */
    String STARTING = "starting";

    /** The state of an engine that can't guard, or is not there. */
    static String unguarded(String reason) {
        // Several settings with what is allowed for each still fit.
        return "unguarded: " + Printable.text(reason, 1000);
    }

    /** {@link #STARTING}, {@code guarding}, {@code unguarded: reason} or {@code off}; see {@link AgentMBean#getState()}. */
    String state();

    /** How the calls of each method ended that has been called, sorted by name. */
    List<MethodCounts> methods();

    /** What is counted and measured of the calls of each scope, sorted by name. */
    List<ScopeCounts> scopes();

    /**
     * What is guarded and how, and what is wrong with it: one JSON object a method, as the command {@code explain} prints it, with the
     * counts. It loads types of the application, and takes a while.
     */
    List<String> explain();

    /**
     * The last calls that were not new, the oldest first: one JSON object a call.
     *
     * @param showKeys whether keys are shown as they are; else a part of their SHA-256 is
     */
    List<String> verdicts(boolean showKeys);

    /** How each part does that works aside, sorted by name. */
    List<BackgroundPart> background();

    /** What is counted beside the endings of calls. */
    enum Figure {
        /** Completions and failures that wait for the store. */
        PENDING_UPDATES,
        /** What those take, in bytes, roughly. */
        PENDING_BYTES,
        /** Completions that were given up. */
        LOST_COMPLETIONS,
        /** Completions that were to be acknowledged before their calls returned, and were not. */
        UNACKNOWLEDGED_COMPLETIONS,
        /** Completions that the store refused, since another worker owned the key by then: their bodies ran twice, or will, where somebody released the key. */
        REFUSED_COMPLETIONS,
        /** Calls that have lost their key because they ran for longer than {@code max-hold}. */
        HELD_TOO_LONG,
        /** What the records take that this process holds itself, in bytes, roughly. */
        RECORD_BYTES,
        /** Completed ones of them that went before their time for lack of room. */
        DROPPED_RECORDS,
        UNREADABLE_RESULTS,
        NEWER_RECORDS,
        /** Parts of the store to which no calls are sent, since they did not answer. */
        STORE_PARTS_AWAY
    }

    /** That figure as it is now; 0 where there is no guard. */
    long figure(Figure figure);

    /** How many calls ended in that way, which is named as in the exit line, such as {@code in-progress}. */
    long count(String ending);

    /**
     * Called once, when the JVM stops, if possible after the shutdown hooks of the application: waits for running calls and for what is
     * still to be written, both for a limited time, and prints the exit line.
     */
    void stop();
}
