package io.idempotenttrace.agent;

/** The agent's version, for people. */
final class AgentVersion {

    static final String TEXT = "${project.version}";

    private AgentVersion() {}
}
