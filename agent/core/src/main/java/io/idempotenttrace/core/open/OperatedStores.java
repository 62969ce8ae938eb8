package io.idempotenttrace.core.open;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.operate.Doctor;
import io.idempotenttrace.core.operate.DoctorSettings;
import io.idempotenttrace.core.operate.Finding;
import io.idempotenttrace.core.operate.OperatedStore;
import io.idempotenttrace.core.operate.RecordFilter;
import io.idempotenttrace.core.store.redis.RedisRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Opens the store of the settings for the people who operate the fleet, who are no workers: they claim nothing. */
public final class OperatedStores {

    private OperatedStores() {}

    /**
     * Connects to Redis. Blocks for a few times {@code connect-timeout} at most.
     *
     * @throws IllegalArgumentException if a setting can't be used; the message carries no password
     * @throws io.idempotenttrace.IdempotencyStoreException if Redis can't be reached; {@link OperatedStore#isReached} tells whether it has
     *         answered
     */
    public static OperatedStore connect(Configuration configuration) {
        return OperatedStore.connect(
                RedisRecords.open(IdempotencyStores.redis(configuration)),
                scope -> configuration.millis(Setting.LEASE, OpenedStore.settingScope(configuration, scope)),
                scope -> configuration.millis(Setting.FAILED_TTL, OpenedStore.settingScope(configuration, scope)));
    }

    /**
     * Examines Redis as these settings reach it.
     *
     * @param filter the records that are looked at
     * @param each told of each finding as it is made
     * @return whether Redis could be reached
     * @throws IllegalArgumentException if a setting can't be used; the message carries no password
     */
    public static boolean examine(Configuration configuration, RecordFilter filter, Consumer<Finding> each) {
        String url = configuration.text(Setting.REDIS_URL);
        String authority = url.substring(url.indexOf("://") + 3).replaceAll("[/#].*", "");
        int at = authority.lastIndexOf('@');
        List<String> hosts = new ArrayList<>();
        for (String host : authority.substring(at + 1).split(",")) {
            hosts.add(host.replaceAll(":\\d+$", ""));
        }
        boolean password = at >= 0 && authority.substring(0, at).indexOf(':') >= 0
                || !configuration.text(Setting.REDIS_PASSWORD_FILE).isEmpty();
        DoctorSettings settings = new DoctorSettings(
                url.startsWith("rediss"),
                password,
                hosts,
                configuration.count(Setting.WAIT_REPLICAS),
                configuration.count(Setting.DUPLICATE_CACHE_BYTES) > 0);
        return new Doctor(RedisRecords.open(IdempotencyStores.redis(configuration)), settings, filter, each).examine();
    }
}
