package io.idempotenttrace.config;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Checks the files that settings name, before the application's first class: that each is there, can be read, is not empty and holds what
 * the setting asks for. Only files that are named are read, and nothing of the engine is loaded for it.
 */
final class SettingFiles {

    private SettingFiles() {}

    /** One check of a file. */
    private interface Check {

        /** @throws IOException if the file is not what it should be; the message goes on from "the file" */
        void of(String file) throws IOException;
    }

    /**
     * Adds a problem for each file that can't be used, which names the setting and the file, and tells what to do; and a note for one that
     * can be used and should not.
     */
    static void check(Map<Setting, String> values, List<String> problems, List<String> notes) {
        check(
                Setting.REDIS_PASSWORD_FILE,
                values,
                SecretFile::firstLine,
                "a readable file whose first line is the password",
                problems);
        check(
                Setting.HASH_SECRET_FILE,
                values,
                file -> {
                    if (SecretEntries.isShort(SecretEntries.ofFile(file)) && !values.containsKey(Setting.HASH_SECRET)) {
                        notes.add(SecretEntries.shortNote(Setting.HASH_SECRET_FILE));
                    }
                },
                "a readable file whose first line is the secret, or each line id=secret",
                problems);
        check(
                Setting.RESULT_KEY_FILE,
                values,
                ResultKeys::read,
                "a readable file of lines id=key, each key 32 bytes in Base64",
                problems);
        check(
                Setting.REDIS_CA_FILE,
                values,
                PemFile::checkCertificates,
                "a PEM file with the authorities' certificates",
                problems);
        check(
                Setting.REDIS_CERT_FILE,
                values,
                PemFile::checkCertificates,
                "a PEM file with the client's certificate chain",
                problems);
        check(
                Setting.REDIS_KEY_FILE,
                values,
                PemFile::checkPrivateKey,
                "a PEM file with the client's private key in PKCS#8, not encrypted",
                problems);
        if (values.containsKey(Setting.REDIS_CERT_FILE) != values.containsKey(Setting.REDIS_KEY_FILE)) {
            problems.add("settings 'redis-cert-file' and 'redis-key-file' go together; give both or neither");
        }
    }

    private static void check(
            Setting setting, Map<Setting, String> values, Check check, String wanted, List<String> problems) {
        String file = values.get(setting);
        if (file == null) {
            return;
        }
        try {
            if (isStream(new File(file))) {
                // A pipe can be read once, and that is for the engine to do.
                SecretFile.checkReadable(new File(file));
            } else {
                check.of(file);
            }
        } catch (IOException e) {
            problems.add("setting '" + setting.key() + "': the file '" + Printable.text(file) + "' " + e.getMessage()
                    + "; name " + wanted);
        }
    }

    private static boolean isStream(File file) {
        return file.exists() && !file.isFile() && !file.isDirectory();
    }
}
