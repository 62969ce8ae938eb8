package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The vectors beside the repository: what Python wrote, the RFC 8785 author's files, and ECMAScript's numbers. */
class SharedVectorsTest {

    private final PayloadHasher python = new PayloadHasher(CanonicalForm.PYTHON);
    private final PayloadHasher jcs = new PayloadHasher(CanonicalForm.JCS);

    @Test
    void everyPythonDocumentIsEqualToTheByteAndTheHash() throws IOException {
        List<String> lines = Files.readAllLines(SharedData.require("canonical/python-json-dumps.jsonl"));
        assertTrue(lines.size() > 600, "only " + lines.size() + " documents");
        for (String line : lines) {
            Map<?, ?> vector = (Map<?, ?>) JsonReader.read(line);
            String name = (String) vector.get("name");
            Object document = JsonReader.read((String) vector.get("input"));
            assertEquals(vector.get("canonical"), text(python.canonical(document, Exclusions.NONE)), name);
            assertEquals(vector.get("sha256"), python.hash(document, Exclusions.NONE), name);
        }
    }

    @Test
    void everyDocumentOfTheRfc8785AuthorIsEqualToTheByte() throws IOException {
        Path folder = SharedData.require("canonical/jcs");
        int count = 0;
        try (DirectoryStream<Path> inputs = Files.newDirectoryStream(folder.resolve("input"), "*.json")) {
            for (Path input : inputs) {
                Object document = JsonReader.read(Files.readString(input));
                String expected = Files.readString(folder.resolve("output").resolve(input.getFileName()));
                assertEquals(
                        expected,
                        text(jcs.canonical(document, Exclusions.NONE)),
                        input.getFileName().toString());
                count++;
            }
        }
        assertEquals(6, count);
    }

    @Test
    void everyEcmaScriptNumberIsWrittenAsItsAuthorsDo() throws IOException {
        List<String> lines = Files.readAllLines(SharedData.require("canonical/jcs/numbers.csv"));
        assertTrue(lines.size() >= 4000, "only " + lines.size() + " numbers");
        for (String line : lines) {
            int comma = line.indexOf(',');
            double value = Double.longBitsToDouble(Long.parseUnsignedLong(line.substring(0, comma), 16));
            assertEquals(line.substring(comma + 1), text(jcs.canonical(value, Exclusions.NONE)), line);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
