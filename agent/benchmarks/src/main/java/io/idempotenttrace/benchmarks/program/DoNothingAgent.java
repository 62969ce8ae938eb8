package io.idempotenttrace.benchmarks.program;

/** The least that an agent can be. */
public final class DoNothingAgent {

    private DoNothingAgent() {}

    public static void premain(String argument) {
        // What this costs, every agent costs.
    }
}
