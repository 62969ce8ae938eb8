package io.idempotenttrace.config;

import java.util.List;

/** One or more settings are wrong: the agent stays off. */
public final class ConfigurationException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;
    private final boolean exitRequested;

    ConfigurationException(List<String> problems, boolean exitRequested) {
        super(String.join("; ", problems));
        this.problems = problems;
        this.exitRequested = exitRequested;
    }

    /** One line for each wrong setting: it names the setting, where it stands, and what is allowed. */
    public List<String> problems() {
        return problems;
    }

    /** Whether {@code on-config-error=exit} was set. */
    public boolean exitRequested() {
        return exitRequested;
    }
}
