package io.idempotenttrace.core.open;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.redisclient.RedisSettings;
import io.idempotenttrace.core.redisclient.RedisSettings.PeerVerification;
import io.idempotenttrace.core.redisclient.RedisSettings.Protocol;
import io.idempotenttrace.core.redisclient.TlsFiles;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import io.idempotenttrace.core.store.redis.RedisIdempotencyStore;
import io.idempotenttrace.core.store.redis.RedisStoreSettings;
import java.util.Locale;
import java.util.function.Consumer;

/** Opens the store that the configuration asks for. Nothing of the Redis client is loaded in a process that needs none. */
public final class IdempotencyStores {

    private IdempotencyStores() {
    }

    /**
     * The store of the settings {@code store} and {@code redis-url}. For Redis, returns at once and connects aside: a server
     * that can't be reached is a failure of the calls, and is tried again.
     *
     * @param warnings told, aside and at most once, how the server may lose records by the way it is set up
     * @throws IllegalArgumentException if the Redis URL is none; the message does not repeat it, since it may carry a password
     */
    public static IdempotencyStore open(Configuration configuration, Consumer<String> warnings) {
        return configuration.usesRedis() ? RedisIdempotencyStore.open(redis(configuration), warnings) : inMemory(configuration);
    }

    /** As {@link #open(Configuration, Consumer)}, with warnings unheard. */
    public static IdempotencyStore open(Configuration configuration) {
        return open(configuration, warning -> { });
    }

    private static RedisStoreSettings redis(Configuration configuration) {
        return new RedisStoreSettings(server(configuration), configuration.millis(Setting.COMMAND_TIMEOUT),
                configuration.count(Setting.WAIT_REPLICAS), configuration.millis(Setting.WAIT_REPLICAS_TIMEOUT),
                configuration.count(Setting.DUPLICATE_CACHE_BYTES));
    }

    private static RedisSettings server(Configuration configuration) {
        return new RedisSettings(configuration.text(Setting.REDIS_URL), configuration.text(Setting.REDIS_PASSWORD_FILE),
                PeerVerification.valueOf(upperCase(configuration.text(Setting.REDIS_VERIFY_PEER))),
                Protocol.valueOf(upperCase(configuration.text(Setting.REDIS_PROTOCOL))),
                new TlsFiles(configuration.text(Setting.REDIS_CA_FILE), configuration.text(Setting.REDIS_CERT_FILE),
                        configuration.text(Setting.REDIS_KEY_FILE)),
                configuration.millis(Setting.CONNECT_TIMEOUT));
    }

    private static String upperCase(String choice) {
        return choice.toUpperCase(Locale.ROOT);
    }

    /** Records of this process alone. */
    public static IdempotencyStore inMemory(Configuration configuration) {
        return new InMemoryIdempotencyStore(configuration.count(Setting.MEMORY_MAX_RECORDS));
    }
}
