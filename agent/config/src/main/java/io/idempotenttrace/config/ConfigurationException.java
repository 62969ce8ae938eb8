package io.idempotenttrace.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One or more settings, or files that they name, are wrong. */
public final class ConfigurationException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;
    private final boolean exitRequested;

    private final transient @Nullable Configuration unready;

    ConfigurationException(List<String> problems, boolean exitRequested, @Nullable Configuration unready) {
        super(String.join("; ", problems));
        this.problems = problems;
        this.exitRequested = exitRequested;
        this.unready = unready;
    }

    /** One line for each wrong setting: it names the setting, where it stands, and what is allowed. */
    public List<String> problems() {
        return problems;
    }

    /**
     * The settings with which the agent goes on, though its engine can't start: methods are woven, and each call is refused or runs
     * unguarded and is counted, as its policy says. So it is where the settings themselves are right and a file that they name is not, and
     * where {@code on-store-failure=throw} is among them. Null where the agent stays off.
     */
    public @Nullable Configuration unready() {
        return unready;
    }

    /** Whether {@code on-config-error=exit} was set. */
    public boolean exitRequested() {
        return exitRequested;
    }
}
