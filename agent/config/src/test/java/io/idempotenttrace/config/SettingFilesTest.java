package io.idempotenttrace.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that settings name are looked at when the settings are read. */
class SettingFilesTest {

    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBdjCCARugAwIBAgIUFBZ+ga+Btp/MEFGBpWkE99EtZ5owCgYIKoZIzj0EAwIw
            DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjkwMTQ0NTBaGA8yMTI2MTEwNTAxNDQ1
            MFowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEU7
            ynmknMwBhigvZWdHj6/HBywLukMx6Ff850JVHyLUHiXgVl9rqbb18akUVK7qea3L
            OvfVk88XWSRpoMqOfAyjUzBRMB0GA1UdDgQWBBSiW29Ix52/JuVzYFK5zdAyGGdL
            wDAfBgNVHSMEGDAWgBSiW29Ix52/JuVzYFK5zdAyGGdLwDAPBgNVHRMBAf8EBTAD
            AQH/MAoGCCqGSM49BAMCA0kAMEYCIQDyRSDBS1XqxVJA9kiwnIRJiEcgoRanWCQA
            rjGLqurbNAIhANApBHCOwc49RNU1rb4eOAL2CXGuZbs0qkQtE02a0S1t
            -----END CERTIFICATE-----
            """;

    /** A request to sign a certificate, which begins as one does. */
    private static final String REQUEST = """
            -----BEGIN CERTIFICATE REQUEST-----
            MIHGMG4CAQAwDDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
            BEU7ynmknMwBhigvZWdHj6/HBywLukMx6Ff850JVHyLUHiXgVl9rqbb18akUVK7q
            ea3LOvfVk88XWSRpoMqOfAygADAKBggqhkjOPQQDAgNIADBFAiAfL5vNbNxs37VA
            nzTGxJpP62hWaD17LgoJFQV0PhxV6gIhAPyCoGwrxMoUgXN35zHPR+m6sNppP2Np
            l9LpE1R/tBqm
            -----END CERTIFICATE REQUEST-----
            """;

    private static final String BYTES_OF_ANOTHER_KIND =
            Base64.getEncoder().encodeToString("no DER at all".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    private static final String KEY_OF_RESULTS = Base64.getEncoder().encodeToString(new byte[32]);

    @TempDir
    private Path folder;

    private static Configuration load(String argument) throws ConfigurationException {
        return new ConfigurationLoader(new Properties(), Map.of()).load(argument);
    }

    private static String problem(String argument) {
        List<String> problems =
                assertThrows(ConfigurationException.class, () -> load(argument)).problems();
        assertEquals(1, problems.size(), problems::toString);
        return problems.get(0);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "file", ".txt"), content);
    }

    private static String privateKey(String label) throws Exception {
        byte[] key = KeyPairGenerator.getInstance("EC")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        return pem(label, Base64.getMimeEncoder().encodeToString(key));
    }

    private static String pem(String label, String content) {
        return "-----BEGIN " + label + "-----\n" + content + "\n-----END " + label + "-----\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis-password-file",
                "hash-secret-file",
                "result-key-file",
                "redis-ca-file",
                "redis-cert-file",
                "redis-key-file",
                "config-file"
            })
    void aFileThatIsNotThereIsADirectoryOrIsEmptyIsNamedWithItsSetting(String setting) throws IOException {
        // The two that go together.
        String other = setting.equals("redis-cert-file") || setting.equals("redis-key-file")
                ? "," + (setting.equals("redis-cert-file") ? "redis-key-file" : "redis-cert-file") + "="
                : "";
        for (Path wrong : List.of(folder.resolve("none"), folder, file(""), file(" \n"))) {
            ConfigurationException refusal =
                    assertThrows(ConfigurationException.class, () -> load(setting + "=" + wrong + other));
            String problem = refusal.problems().get(0);
            assertTrue(
                    problem.startsWith("setting '" + setting + "': the file '" + wrong + "' ")
                            && problem.contains("; name a "),
                    problem);
            assertEquals(!setting.equals("config-file"), refusal.unready() != null, problem);
        }
    }

    @Test
    void aRightFileOfEachKindIsTaken() throws Exception {
        Configuration configuration = load("redis-password-file=" + file("s3cret\r\nmore") + ",hash-secret-file="
                + file("s3cret") + ",redis-ca-file=" + file("a comment\n" + CERTIFICATE + CERTIFICATE)
                + ",redis-cert-file=" + file(CERTIFICATE) + ",redis-key-file=" + file(privateKey("PRIVATE KEY"))
                + ",result-key-file=" + file("# keys\n\n k-1 = " + KEY_OF_RESULTS + "\r\nold=" + KEY_OF_RESULTS)
                + ",config-file=" + file("# nothing but a comment\n"));
        assertNull(configuration.problem());
    }

    @Test
    void certificatesThatAreNoneAreRefused() throws IOException {
        for (String wrong : List.of(
                "s3cret",
                pem("CERTIFICATE", BYTES_OF_ANOTHER_KIND),
                pem("CERTIFICATE", "###"),
                REQUEST,
                CERTIFICATE.substring(0, CERTIFICATE.length() / 2),
                // The second one is cut off.
                CERTIFICATE + CERTIFICATE.replace(CERTIFICATE.lines().toList().get(3) + "\n", ""))) {
            String problem = problem("redis-ca-file=" + file(wrong));
            assertTrue(
                    problem.contains("certificate") && problem.startsWith("setting 'redis-ca-file'"), problem + wrong);
            assertFalse(problem.contains("s3cret"), problem);
        }
    }

    @Test
    void keysThatCantBeUsedAreRefusedWithTheWayToConvertThem() throws Exception {
        String certificate = ",redis-cert-file=" + file(CERTIFICATE);
        assertTrue(problem("redis-key-file=" + file(CERTIFICATE) + certificate).contains("no private key"));
        assertTrue(problem("redis-key-file=" + file(privateKey("ENCRYPTED PRIVATE KEY")) + certificate)
                .contains("openssl pkcs8 -in"));
        assertTrue(problem("redis-key-file=" + file(privateKey("RSA PRIVATE KEY")) + certificate)
                .contains("openssl pkcs8 -topk8"));
        assertTrue(problem("redis-key-file=" + file(pem("PRIVATE KEY", BYTES_OF_ANOTHER_KIND)) + certificate)
                .contains("damaged"));
    }

    @Test
    void certificateAndKeyGoTogether() throws Exception {
        assertTrue(problem("redis-cert-file=" + file(CERTIFICATE)).contains("go together"));
        assertTrue(problem("redis-key-file=" + file(privateKey("PRIVATE KEY"))).contains("go together"));
    }

    @Test
    void filesThatTheUrlNamesAreCheckedToo() {
        assertTrue(problem("redis-url=rediss://host?ssl_ca_certs=/no/such/file")
                .startsWith("setting 'redis-ca-file': the file '/no/such/file' is not there"));
    }

    @Test
    void aSecretOfBytesThatAreNoTextIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});
        assertTrue(problem("hash-secret-file=" + file).contains("no text in UTF-8"));
        assertTrue(problem("hash-secret-file=" + file("x".repeat(70_000))).contains("more than"));
    }

    @Test
    void keysOfResultsThatCantBeUsedAreRefusedAndNotShown() throws IOException {
        String secret = "c2VjcmV0";
        for (List<String> wrong : List.of(
                List.of(KEY_OF_RESULTS, "number 1"),
                List.of("=" + KEY_OF_RESULTS, "number 1"),
                List.of("k=" + KEY_OF_RESULTS + "\nof card=" + KEY_OF_RESULTS, "number 2"),
                List.of("seventeen-letters=" + KEY_OF_RESULTS, "number 1"),
                List.of("k=" + secret, "'k' of 6 bytes"),
                List.of("k=" + KEY_OF_RESULTS.substring(4), "'k' of 29 bytes"),
                List.of("k=" + secret + "!", "'k' that is not in Base64"),
                List.of("k=" + KEY_OF_RESULTS + "\nk=" + KEY_OF_RESULTS, "two keys with the name 'k'"),
                List.of("# a comment alone", "holds no key"),
                List.of("#" + "x".repeat(70_000), "more than"))) {
            String problem = problem("result-key-file=" + file(wrong.get(0)));
            assertTrue(problem.startsWith("setting 'result-key-file': the file '"), problem);
            assertTrue(problem.contains(wrong.get(1)), problem);
            assertFalse(problem.contains(secret) || problem.contains(KEY_OF_RESULTS), problem);
        }
    }

    @Test
    void keysOfResultsComeInTheirOrder() throws IOException {
        List<ResultKeys.Key> keys =
                ResultKeys.read(file("b=" + KEY_OF_RESULTS + "\n# old\n\n  a = " + KEY_OF_RESULTS + "  \r\n")
                        .toString());
        assertEquals(List.of("b", "a"), keys.stream().map(ResultKeys.Key::id).toList());
        assertEquals(32, keys.get(1).bytes().length);
        assertEquals("[key 'b', key 'a']", keys.toString());
    }

    @Test
    void withAWrongFileTheAgentGoesOnThatItsPolicyMayRefuse() {
        Configuration unready = assertThrows(ConfigurationException.class, () -> load("redis-password-file=/none"))
                .unready();
        assertNotNull(unready);
        String problem = Configuration.fromMap(unready.toMap()).problem();
        assertNotNull(problem);
        assertTrue(problem.contains("redis-password-file"), problem);
    }

    @Test
    void withAWrongValueItGoesOnOnlyWhereBodiesMustNotRunUnguarded() {
        assertNull(
                assertThrows(ConfigurationException.class, () -> load("ttl=x")).unready());
        for (String closed : List.of("on-store-failure=throw", "scope.a.on-store-failure=throw")) {
            Configuration unready = assertThrows(ConfigurationException.class, () -> load("ttl=x," + closed))
                    .unready();
            assertNotNull(unready);
            assertEquals("throw", unready.text(Setting.ON_STORE_FAILURE, "a"));
            assertEquals(
                    java.util.Set.copyOf(unready.scopes()),
                    Configuration.fromMap(unready.toMap()).scopes());
        }
    }
}
