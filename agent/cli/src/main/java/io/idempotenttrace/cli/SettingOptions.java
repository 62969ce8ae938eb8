package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.ConfigurationException;
import io.idempotenttrace.config.Setting;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a command that reads the agent's settings and does not ask the store. They count as the agent's argument does. */
final class SettingOptions {

    @Option(
            names = "--config-file",
            paramLabel = "FILE",
            description = "a properties file with the agent's settings; it counts less than every other source")
    private @Nullable String configFile;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description =
                    "a setting of the agent, such as unseen-fields=hash; may be repeated. The command 'settings' lists them")
    private Map<String, String> further = new LinkedHashMap<>();

    @Option(names = "--json", description = "print JSON, one object a line")
    private boolean json;

    boolean json() {
        return json;
    }

    /** Whether an option gives a setting. */
    boolean areGiven() {
        return configFile != null || !further.isEmpty();
    }

    /** @throws ConfigurationException as {@link Configuration#loadWith} */
    Configuration configuration() throws ConfigurationException {
        Map<String, String> given = new LinkedHashMap<>(further);
        if (configFile != null) {
            given.put(Setting.CONFIG_FILE.key(), configFile);
        }
        return Configuration.loadWith(given);
    }
}
