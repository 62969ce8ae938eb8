package io.idempotenttrace.core.store;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import io.idempotenttrace.core.store.redis.RedisIdempotencyStore;
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
        return configuration.usesRedis() ? RedisIdempotencyStore.open(configuration, warnings) : inMemory(configuration);
    }

    /** As {@link #open(Configuration, Consumer)}, with warnings unheard. */
    public static IdempotencyStore open(Configuration configuration) {
        return open(configuration, warning -> { });
    }

    /** Records of this process alone. */
    public static IdempotencyStore inMemory(Configuration configuration) {
        return new InMemoryIdempotencyStore(configuration.count(Setting.MEMORY_MAX_RECORDS));
    }
}
