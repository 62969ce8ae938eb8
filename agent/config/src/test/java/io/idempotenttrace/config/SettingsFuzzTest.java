package io.idempotenttrace.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.idempotenttrace.testkit.Fuzzing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Settings of every source, as bytes that anybody may have written: a configuration, or what is wrong with each. */
class SettingsFuzzTest {

    /** Each reads all settings, and some a file. */
    private static final int IN_THE_BUILD = 300;

    private static final List<String> NAMES = Stream.concat(
                    Stream.of(
                            "scope.s.",
                            "type.com.acme.",
                            "=",
                            ",",
                            ";",
                            "\n",
                            "\\u0041",
                            "24h",
                            "500ms",
                            "off",
                            "throw",
                            "true",
                            "PT1H"),
                    Stream.of(Setting.values()).map(Setting::key))
            .toList();

    private static final Path FILE = newFile();

    private static Path newFile() {
        try {
            Path file = Files.createTempFile("settings", ".properties");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void load(String argument, Map<String, String> environment) {
        try {
            check(new ConfigurationLoader(new Properties(), environment).load(argument));
        } catch (ConfigurationException refused) {
            assertFalse(refused.problems().isEmpty());
            refused.problems().forEach(SettingsFuzzTest::isOneLine);
            if (refused.unready() != null) {
                check(refused.unready());
            }
        }
    }

    /** Every setting can be read as what it is. */
    private static void check(Configuration configuration) {
        for (Setting setting : Setting.values()) {
            assertNotNull(configuration.text(setting));
            assertNotNull(configuration.text(setting, "scope"));
            configuration.ofTypes(setting);
        }
        for (String scope : configuration.scopes()) {
            configuration.recordScope(scope);
            configuration.settingScope(scope);
            configuration.millis(Setting.LEASE, scope);
        }
        configuration.notes().forEach(SettingsFuzzTest::isOneLine);
        Configuration.fromMap(configuration.toMap());
    }

    private static void isOneLine(String text) {
        assertFalse(text.isEmpty() || text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0, text);
    }

    @Test
    void agentArguments() {
        Fuzzing.run("arguments", NAMES, IN_THE_BUILD, SettingsFuzzTest::agentArgument);
    }

    private static void agentArgument(byte[] data) {
        load(new String(data, StandardCharsets.UTF_8), Map.of());
    }

    @Test
    void redisUrls() {
        Fuzzing.run(
                "redis-urls",
                List.of(
                        "redis://",
                        "rediss-sentinel://",
                        "redis-cluster://",
                        "valkey://",
                        "@",
                        ":",
                        "#",
                        "?db=1",
                        "&ssl_cert_reqs=none",
                        "[::1]",
                        "%40",
                        "host",
                        ","),
                IN_THE_BUILD,
                SettingsFuzzTest::redisUrl);
    }

    private static void redisUrl(byte[] data) {
        load("", Map.of("REDIS_URL", new String(data, StandardCharsets.UTF_8)));
    }

    @Test
    void variables() {
        Fuzzing.run("variables", NAMES, IN_THE_BUILD, SettingsFuzzTest::environment);
    }

    private static void environment(byte[] data) {
        Map<String, String> environment = new HashMap<>();
        for (String line : new String(data, StandardCharsets.UTF_8).split("\n")) {
            int equals = line.indexOf('=');
            environment.put("IDEMPOTENT_TRACE_" + line.substring(0, Math.max(0, equals)), line.substring(equals + 1));
        }
        load("", environment);
    }

    @Test
    void configFiles() {
        Fuzzing.run("config-files", NAMES, IN_THE_BUILD, SettingsFuzzTest::configFile);
    }

    private static void configFile(byte[] data) throws IOException {
        Files.write(FILE, data);
        load("config-file=" + FILE, Map.of());
    }

    /** The files of secrets and keys: a password's first line, hash secrets, keys of results, certificates. */
    @Test
    void filesOfSecrets() {
        Fuzzing.run(
                "secrets",
                List.of(
                        "k1=",
                        "plain",
                        ";",
                        "=",
                        "-----BEGIN CERTIFICATE-----",
                        "-----END CERTIFICATE-----",
                        "-----BEGIN PRIVATE KEY-----",
                        "MIIB"),
                IN_THE_BUILD,
                SettingsFuzzTest::fileOfSecrets);
    }

    private static void fileOfSecrets(byte[] data) throws IOException {
        Files.write(FILE, data);
        for (String setting : new String[] {
            "redis-password-file",
            "hash-secret-file",
            "result-key-file",
            "redis-ca-file",
            "redis-cert-file",
            "redis-key-file"
        }) {
            load(setting + "=" + FILE, Map.of());
        }
    }
}
