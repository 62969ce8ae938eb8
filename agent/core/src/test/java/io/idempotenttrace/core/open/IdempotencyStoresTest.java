package io.idempotenttrace.core.open;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.store.IdempotencyStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdempotencyStoresTest {

    /** Nobody listens there; to open a store does not wait for that. */
    private static final Configuration REDIS =
            Configuration.defaults().with(Setting.REDIS_URL, "redis://user:secret@127.0.0.1:1");

    @ParameterizedTest
    @EnumSource(
            value = Setting.class,
            names = {"REDIS_VERIFY_PEER", "REDIS_PROTOCOL"})
    void eachWordThatASettingAllowsIsUnderstood(Setting setting) {
        for (String word : setting.allowed().split("\\|")) {
            try (IdempotencyStore store = IdempotencyStores.open(REDIS.with(setting, word))) {
                assertEquals("redis", store.name());
            }
        }
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithItsSettingAtOnceAndNoPasswordIs() {
        for (Setting setting : new Setting[] {
            Setting.REDIS_CA_FILE, Setting.REDIS_CERT_FILE, Setting.REDIS_KEY_FILE, Setting.REDIS_PASSWORD_FILE
        }) {
            Configuration wrong = REDIS.with(setting, "/no/such/file");
            String message = assertThrows(IllegalArgumentException.class, () -> IdempotencyStores.open(wrong))
                    .getMessage();
            assertTrue(message.contains("'" + setting.key() + "'") && message.contains("'/no/such/file'"), message);
            assertFalse(message.contains("secret"), message);
        }
    }

    @Test
    void withoutAUrlRecordsAreInMemory() {
        try (IdempotencyStore store = IdempotencyStores.open(Configuration.defaults())) {
            assertEquals("memory", store.name());
        }
    }
}
