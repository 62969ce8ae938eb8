package io.idempotenttrace.core.redisclient;

import java.io.File;

/**
 * The files of a TLS connection; each empty where there is none.
 *
 * @param authorities the certificates of the authorities to trust, PEM; empty for those of the JVM
 * @param certificate the client's certificate chain, PEM
 * @param key the client's private key, PEM, PKCS#8, not encrypted
 */
public record TlsFiles(String authorities, String certificate, String key) {

    /**
     * Checks the files where they are named, not at the first handshake.
     *
     * @throws IllegalArgumentException if a file can't be read, or one of two that belong together is missing
     */
    void check() {
        check("redis-ca-file", authorities);
        check("redis-cert-file", certificate);
        check("redis-key-file", key);
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException(
                    "settings 'redis-cert-file' and 'redis-key-file' go together; give both or neither");
        }
    }

    private static void check(String setting, String file) {
        if (!file.isEmpty() && !new File(file).canRead()) {
            throw new IllegalArgumentException("setting '" + setting + "': can't read '" + file + "'; name a PEM file");
        }
    }
}
