package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import java.io.File;

/** Checks the files of the TLS settings where they are named, not at the first handshake. */
final class TlsFiles {

    private TlsFiles() {
    }

    /** @throws IllegalArgumentException if a file can't be read, or one of two that belong together is missing */
    static void check(Configuration configuration) {
        for (Setting setting : new Setting[] {Setting.REDIS_CA_FILE, Setting.REDIS_CERT_FILE, Setting.REDIS_KEY_FILE}) {
            String file = configuration.text(setting);
            if (!file.isEmpty() && !new File(file).canRead()) {
                throw new IllegalArgumentException("setting '" + setting.key() + "': can't read '" + file + "'; name " + setting.allowed());
            }
        }
        if (configuration.text(Setting.REDIS_CERT_FILE).isEmpty() != configuration.text(Setting.REDIS_KEY_FILE).isEmpty()) {
            throw new IllegalArgumentException("settings 'redis-cert-file' and 'redis-key-file' go together; give both or neither");
        }
    }
}
