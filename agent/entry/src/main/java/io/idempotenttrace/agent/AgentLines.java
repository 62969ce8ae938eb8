package io.idempotenttrace.agent;

import io.idempotenttrace.bridge.AgentLog;
import io.idempotenttrace.config.Printable;

/** The lines that the agent prints before its engine runs, and where that can't. Names of classes and texts of exceptions are others'. */
final class AgentLines {

    /** A list of all settings fits, and what the verifier has to say of a class: what follows from it comes last. */
    private static final int LONGEST = 20_000;

    private AgentLines() {}

    /** Says the line, its control characters made visible. */
    static void say(String line) {
        AgentLog.say(AgentLog.WARN, Printable.text(line, LONGEST));
    }

    /** As {@link #say}, of what went as it should. */
    static void inform(String line) {
        AgentLog.say(AgentLog.INFO, Printable.text(line, LONGEST));
    }
}
