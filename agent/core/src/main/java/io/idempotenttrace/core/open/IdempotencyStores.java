package io.idempotenttrace.core.open;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.ConfigurationException;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.config.ResultKeys;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.redisclient.RedisSettings;
import io.idempotenttrace.core.redisclient.RedisSettings.PeerVerification;
import io.idempotenttrace.core.redisclient.RedisSettings.Protocol;
import io.idempotenttrace.core.redisclient.TlsFiles;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import io.idempotenttrace.core.store.redis.Durability;
import io.idempotenttrace.core.store.redis.RedisIdempotencyStore;
import io.idempotenttrace.core.store.redis.RedisStoreSettings;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Consumer;

/**
 * Opens the store that the settings ask for: Redis if a URL is known, else the memory of this process. A library's user calls
 * {@link #open()}; the settings are those of the agent, by the same names and rules, see agent/docs/settings.md. Those that say what a guarded
 * method gets ({@code mode}, {@code on-duplicate}, ...) have no effect here: the caller decides.
 *
 * <p>Nothing of the Redis client is loaded in a process that needs none. Safe for use by many threads.
 */
public final class IdempotencyStores {

    private IdempotencyStores() {}

    /**
     * Opens the store of this JVM's settings: system properties {@code idempotent.trace.<name>} over environment variables
     * {@code IDEMPOTENT_TRACE_<NAME>} and {@code REDIS_URL} over the file of {@code config-file} over defaults. Warnings go to stderr.
     *
     * <p>Returns at once, and connects aside: a Redis that can't be reached fails the calls, and is tried again.
     *
     * @return to be closed when it is no longer needed
     * @throws IllegalArgumentException if a setting is unknown or has a bad value; the message names each, and carries no password
     * @throws IllegalStateException if values were hashed before in this JVM with another setting {@code mapping}
     */
    public static IdempotentCalls open() {
        return open(Map.of());
    }

    /**
     * As {@link #open()}, where these settings count more than the others.
     *
     * @param settings values by the names of the settings, such as {@code redis-url}; without null
     * @return to be closed when it is no longer needed
     * @throws IllegalArgumentException as {@link #open()}
     * @throws IllegalStateException as {@link #open()}
     */
    public static IdempotentCalls open(Map<String, String> settings) {
        return open(settings, warning -> System.err.println("idempotent-trace: " + warning));
    }

    /**
     * As {@link #open(Map)}; only entries that are text on both sides count.
     *
     * @param settings values by the names of the settings
     * @return to be closed when it is no longer needed
     */
    public static IdempotentCalls open(Properties settings) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : settings.stringPropertyNames()) {
            texts.put(name, settings.getProperty(name));
        }
        return open(texts);
    }

    /**
     * As {@link #open(Map)}, with another place for warnings.
     *
     * @param settings values by the names of the settings; without null
     * @param warnings told what a user should know, each in a sentence: that records live in memory though nobody asked for that, what
     *        of a Redis URL has no effect, how the server may lose records, what the memory had no room for. Called by this method, and
     *        later by calls and by a thread of the store, which it must not block
     * @return to be closed when it is no longer needed
     */
    public static IdempotentCalls open(Map<String, String> settings, Consumer<String> warnings) {
        Objects.requireNonNull(warnings, "warnings");
        Configuration configuration;
        try {
            configuration = Configuration.loadWith(settings);
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        OpenedStore opened = new OpenedStore(configuration, warnings);
        String inMemory = configuration.inMemoryWarning();
        if (inMemory != null) {
            warnings.accept(inMemory);
        }
        configuration.notes().forEach(warnings);
        return new IdempotentCalls(opened);
    }

    /**
     * For the agent: the store of the settings {@code store} and {@code redis-url}. For Redis, returns at once and connects aside: a server
     * that can't be reached is a failure of the calls, and is tried again.
     *
     * @param configuration what the settings say
     * @param warnings told, aside and at most once, how the server may lose records by the way it is set up; by calls and once in {@code
     *        log-period}, what the memory of this process had no room for
     * @return to be closed when it is no longer needed
     * @throws IllegalArgumentException if the Redis URL is none; the message does not repeat it, since it may carry a password
     */
    public static IdempotencyStore open(Configuration configuration, Consumer<String> warnings) {
        return configuration.usesRedis()
                ? RedisIdempotencyStore.open(redis(configuration), warnings)
                : inMemory(configuration, warnings);
    }

    /**
     * As {@link #open(Configuration, Consumer)}, with warnings unheard.
     *
     * @param configuration what the settings say
     * @return to be closed when it is no longer needed
     */
    public static IdempotencyStore open(Configuration configuration) {
        return open(configuration, warning -> {});
    }

    static RedisStoreSettings redis(Configuration configuration) {
        return new RedisStoreSettings(
                server(configuration),
                configuration.text(Setting.KEY_PREFIX),
                configuration.millis(Setting.COMMAND_TIMEOUT),
                durability(configuration),
                configuration.count(Setting.DUPLICATE_CACHE_BYTES),
                scope -> configuration.count(Setting.MAX_RESULT_BYTES, OpenedStore.settingScope(configuration, scope)),
                resultKeys(configuration),
                configuration.text(Setting.PLAIN_RESULTS).equals("accept"),
                configuration.millis(Setting.LOG_PERIOD));
    }

    private static Durability durability(Configuration configuration) {
        boolean disk = configuration.text(Setting.WAIT_DISK).equals("true");
        return new Durability(
                configuration.count(Setting.WAIT_REPLICAS),
                disk,
                configuration.millis(disk ? Setting.WAIT_DISK_TIMEOUT : Setting.WAIT_REPLICAS_TIMEOUT));
    }

    private static List<ResultKeys.Key> resultKeys(Configuration configuration) {
        String file = configuration.text(Setting.RESULT_KEY_FILE);
        try {
            return file.isEmpty() ? List.of() : ResultKeys.read(file);
        } catch (IOException e) {
            // Without the keys, results would silently be stored as they are.
            throw new IllegalArgumentException("setting 'result-key-file': the file '" + Printable.text(file) + "' "
                    + e.getMessage() + "; name a readable file of lines id=key, each key 32 bytes in Base64");
        }
    }

    private static RedisSettings server(Configuration configuration) {
        return new RedisSettings(
                configuration.text(Setting.REDIS_URL),
                configuration.text(Setting.REDIS_PASSWORD_FILE),
                PeerVerification.valueOf(upperCase(configuration.text(Setting.REDIS_VERIFY_PEER))),
                Protocol.valueOf(upperCase(configuration.text(Setting.REDIS_PROTOCOL))),
                new TlsFiles(
                        configuration.text(Setting.REDIS_CA_FILE),
                        configuration.text(Setting.REDIS_CERT_FILE),
                        configuration.text(Setting.REDIS_KEY_FILE)),
                configuration.millis(Setting.CONNECT_TIMEOUT));
    }

    private static String upperCase(String choice) {
        return choice.toUpperCase(Locale.ROOT);
    }

    /**
     * Records of this process alone. A share of the heap at most, so that they do not fill a small JVM.
     *
     * @param warnings told, by calls and once in {@code log-period}, what there was no room for
     */
    public static IdempotencyStore inMemory(Configuration configuration, Consumer<String> warnings) {
        long heap = Runtime.getRuntime().maxMemory();
        return new InMemoryIdempotencyStore(
                configuration.count(Setting.MEMORY_MAX_RECORDS),
                Math.min(configuration.count(Setting.MEMORY_MAX_BYTES), heap / 4),
                configuration.millis(Setting.LOG_PERIOD),
                warnings);
    }
}
