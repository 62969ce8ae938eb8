package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.redisclient.RedisSettings;
import io.idempotenttrace.core.redisclient.TlsFiles;
import java.util.List;

/** Settings of a store of which nothing is asked: no server is at their address. */
final class SettingsWithoutServer {

    private SettingsWithoutServer() {}

    static RedisStoreSettings of(long commandTimeoutMillis, Durability durability) {
        RedisSettings server = new RedisSettings(
                "redis://127.0.0.1:1",
                "",
                RedisSettings.PeerVerification.FULL,
                RedisSettings.Protocol.AUTO,
                new TlsFiles("", "", ""),
                1000);
        return new RedisStoreSettings(
                server,
                "idem",
                commandTimeoutMillis,
                durability,
                0,
                scope -> LuaScript.NO_LIMIT,
                List.of(),
                true,
                1000);
    }
}
