package io.idempotenttrace.core.open;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.guard.OwnerTokens;
import io.idempotenttrace.core.store.IdempotencyStore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What all views of one opened store share. */
final class OpenedStore {

    final Configuration configuration;
    final PayloadHasher hasher;
    final OwnerTokens ownerTokens = new OwnerTokens();
    final Consumer<String> warnings;
    private final IdempotencyStore store;
    private final LeaseKeeper leases;
    private volatile boolean closed;

    OpenedStore(Configuration configuration, Consumer<String> warnings) {
        this.configuration = configuration;
        this.warnings = warnings;
        this.hasher = PayloadHashers.open(configuration);
        this.store = IdempotencyStores.open(configuration, warnings);
        this.leases = new LeaseKeeper(store);
    }

    /** The scope in the names of settings; a shared key has the settings of all. */
    static String settingScope(@Nullable String scope) {
        return scope == null ? "" : scope;
    }

    /** As {@link #settingScope(String)}, of the scope in a record's name. */
    static String settingScope(Configuration configuration, @Nullable String recordScope) {
        return recordScope == null ? "" : configuration.settingScope(recordScope);
    }

    long millis(Setting setting, @Nullable String scope) {
        return configuration.millis(setting, settingScope(scope));
    }

    /** @throws IllegalStateException if it is closed */
    IdempotencyStore store() {
        if (closed) {
            throw new IllegalStateException(
                    "the store '" + store.name() + "' is closed; open another one by IdempotencyStores.open()");
        }
        return store;
    }

    LeaseKeeper leases() {
        return leases;
    }

    String storeName() {
        return store.name();
    }

    void close() {
        closed = true;
        leases.close();
        store.close();
    }
}
