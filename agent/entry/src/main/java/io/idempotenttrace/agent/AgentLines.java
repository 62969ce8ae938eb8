package io.idempotenttrace.agent;

import io.idempotenttrace.config.Printable;

/** The lines that the agent prints before its engine runs, and where that can't. Names of classes and texts of exceptions are others'. */
final class AgentLines {

    /** A list of all settings fits, and what the verifier has to say of a class: what follows from it comes last. */
    private static final int LONGEST = 20_000;

    private AgentLines() {}

    /** Prints the line on stderr, its control characters made visible. */
    static void say(String line) {
        System.err.println("idempotent-trace: " + Printable.text(line, LONGEST));
    }
}
