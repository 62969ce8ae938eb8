package io.idempotenttrace.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretEntriesTest {

    private static final String LONG = "s3cret-s3cret-s3cret";

    @TempDir
    private Path folder;

    private static Configuration load(String argument) throws ConfigurationException {
        return new ConfigurationLoader(new Properties(), Map.of()).load(argument);
    }

    /** What a worker of these entries knows, such as {@code k1=secret}; {@code =secret} without an id. */
    private static List<String> told(List<SecretEntries.Entry> entries) {
        return entries.stream()
                .map(entry -> entry.secret() == null
                        ? "plain"
                        : (entry.keyId() == null ? "" : entry.keyId()) + "=" + entry.secret())
                .toList();
    }

    private Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "file", ".txt"), content);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cret",
                "a;b",
                "c2VjcmV0LXNlY3JldC1zZWNyZXQ=",
                "YWI=",
                "YQ==",
                "=",
                "longer-than-an-id=s3cret",
                "a b=s3cret",
                "Plain",
                "a;=b"
            })
    void whatDoesNotBeginAsAnEntryIsOneSecretWithoutAnId(String value) throws IOException {
        assertEquals(List.of("=" + value), told(SecretEntries.ofValue(value)));
        assertEquals(
                List.of("=" + value),
                told(SecretEntries.ofFile(file(value + "\r\nmore\n").toString())));
    }

    @ParameterizedTest
    @CsvSource({
        "k1=s3cret-s3cret-s3cret, k1=s3cret-s3cret-s3cret",
        "k1=s3cret-s3cret-s3cret; plain ;, k1=s3cret-s3cret-s3cret|plain",
        "plain;k_2-A=s3cret=s3cret==s3cret, plain|k_2-A=s3cret=s3cret==s3cret",
        "=s3cret-s3cret-s3cret;k2=other-other-other-, =s3cret-s3cret-s3cret|k2=other-other-other-",
        "a=s3cret-s3cret-s3cret;b=s3cret-s3cret-s3cret, a=s3cret-s3cret-s3cret|b=s3cret-s3cret-s3cret",
        "plain, plain"
    })
    void whatBeginsAsAnEntryIsEntries(String value, String expected) throws IOException {
        List<String> wanted = List.of(expected.split("\\|"));
        assertEquals(wanted, told(SecretEntries.ofValue(value)));
        for (String end : List.of("\n", "\r\n", "\r", "\n\n \n")) {
            assertEquals(wanted, told(SecretEntries.ofValue(value.replace(";", end))));
            assertEquals(
                    wanted,
                    told(SecretEntries.ofFile(
                            file(value.replace(";", end) + end).toString())));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "k1=s3cret-s3cret-s3cret;s3cret, bad",
        "plain;s3cret, bad",
        "plain;longer-than-an-id=s3cret-s3cret, bad",
        "plain;k 1=s3cret-s3cret-s3cret, bad",
        "plain;k1=, bad",
        "k1=s3cret, fewer than 16 bytes",
        "=s3cret, fewer than 16 bytes",
        "k1=s3cret-s3cret-s3cret;k1=s3cret-other-s3cret, twice",
        "=s3cret-s3cret-s3cret;=s3cret-s3cret-s3cret, twice",
        "plain;plain, twice",
        "s3cret-s3cret-s3cret;k2=s3cret-other-s3cret, begins as one secret",
        ";k2=s3cret-other-s3cret, begins as one secret"
    })
    void whatIsNeitherIsRefusedWithoutAnythingOfItInTheMessage(String value, String reason) throws IOException {
        String ofValue = assertThrows(ConfigurationException.class, () -> load("hash-secret=" + value))
                .problems()
                .get(0);
        assertTrue(
                ofValue.startsWith("setting 'hash-secret' in the agent argument (its value is not shown) "), ofValue);
        assertTrue(ofValue.contains(reason), ofValue);
        assertFalse(ofValue.contains("s3cret") || ofValue.contains("k1") || ofValue.contains("k2"), ofValue);
        if (value.startsWith(";")) {
            return;
        }
        Path file = file(value.replace(';', '\n'));
        String ofFile = assertThrows(ConfigurationException.class, () -> load("hash-secret-file=" + file))
                .problems()
                .get(0);
        assertTrue(ofFile.startsWith("setting 'hash-secret-file': the file '" + file + "' "), ofFile);
        assertTrue(ofFile.contains(reason), ofFile);
        assertFalse(ofFile.contains("s3cret") || ofFile.contains("'k1'") || ofFile.contains("'k2'"), ofFile);
    }

    @Test
    void aShortSecretAloneIsTakenWithANote() throws Exception {
        for (String argument : List.of("hash-secret=s3cret", "hash-secret-file=" + file("s3cret"))) {
            List<String> notes = load(argument).notes();
            assertEquals(1, notes.size(), notes::toString);
            assertTrue(notes.get(0).contains("fewer than 16 bytes"), notes::toString);
            assertFalse(notes.get(0).contains("s3cret"), notes::toString);
        }
        assertEquals(
                List.of(),
                load("hash-secret=" + LONG + ",hash-secret-file=" + file("s3cret"))
                        .notes());
        assertEquals(
                List.of(), load("hash-secret-file=" + file("plain\nk1=" + LONG)).notes());
    }

    @Test
    void anEntryPrintsNothingOfItself() {
        SecretEntries.Entry entry = SecretEntries.ofValue("k1=" + LONG).get(0);
        assertFalse(entry.toString().contains("s3cret"), entry::toString);
        assertNull(SecretEntries.ofValue("plain").get(0).secret());
    }
}
