package io.idempotenttrace.cli;

import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.ConfigurationException;
import io.idempotenttrace.config.Setting;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/**
 * The options by which a command finds the store, its records and its settings: a mixin of every command that needs these. Options count as
 * the agent's argument does, so that a command has the settings of an agent that is started in the same place.
 */
final class StoreOptions {

    @Option(
            names = "--redis-url",
            paramLabel = "URL",
            description =
                    "where Redis is; else REDIS_URL and the agent's other sources of settings count. Other users of the"
                            + " machine see what stands on a command line: give a password by REDIS_URL, or by"
                            + " --set redis-password-file=FILE")
    private @Nullable String redisUrl;

    @Option(
            names = "--config-file",
            paramLabel = "FILE",
            description = "a properties file with the agent's settings; it counts less than every other source")
    private @Nullable String configFile;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "the tenant; else the setting 'tenant'")
    private @Nullable String tenant;

    @ArgGroup
    private @Nullable Place place;

    @Option(names = "--key-prefix", paramLabel = "PREFIX", description = "how all names in Redis begin (default: idem)")
    private @Nullable String keyPrefix;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description =
                    "another setting of the agent, such as redis-ca-file; may be repeated. The command 'settings' lists them")
    private Map<String, String> further = new LinkedHashMap<>();

    @Option(names = "--json", description = "print JSON, one object a line")
    private boolean json;

    /** Where the key belongs: one of the two, or nothing said. */
    static final class Place {

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                description = "the scope: that of the annotation, else <class>.<method>")
        private @Nullable String scope;

        @Option(names = "--shared", description = "keys without a scope, which workers of all kinds share")
        private boolean shared;
    }

    /** Whether JSON is asked for. */
    boolean json() {
        return json;
    }

    /** The tenant that was asked for; null where none was, so that the setting counts, or all tenants. */
    @Nullable
    String tenant() {
        return tenant;
    }

    /** The scope that was asked for, as annotations and settings name it; null where none was. */
    @Nullable
    String scope() {
        return shared() || place == null ? null : place.scope;
    }

    /** As {@link #scope()}, but for keys without a scope the one by which settings name them. */
    @Nullable
    String settingScope() {
        return shared() ? IdempotentTrace.SHARED : scope();
    }

    /** Whether keys without a scope were asked for. */
    boolean shared() {
        return place != null && (place.shared || IdempotentTrace.SHARED.equals(place.scope));
    }

    /**
     * The settings of the agent, where the options count more than all other sources.
     *
     * @throws ConfigurationException as {@link Configuration#loadWith}; its problems carry no password
     * @throws WrongUseException if an option has a value that can't be meant
     */
    Configuration configuration() throws ConfigurationException {
        if (tenant != null && tenant.isEmpty()) {
            throw new WrongUseException("--tenant is empty, and no record has an empty tenant; give its name, or leave"
                    + " the option out. Perhaps a variable of the shell is not set");
        }
        Map<String, String> given = new LinkedHashMap<>(further);
        put(given, Setting.REDIS_URL, redisUrl);
        put(given, Setting.CONFIG_FILE, configFile);
        put(given, Setting.TENANT, tenant);
        put(given, Setting.KEY_PREFIX, keyPrefix);
        return Configuration.loadWith(given);
    }

    private static void put(Map<String, String> given, Setting setting, @Nullable String value) {
        if (value != null) {
            given.put(setting.key(), value);
        }
    }
}
