package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The promise of the README: the canonical JSON equals Python's, and RFC 8785's, to the byte. The vectors are written by Python, see
 * {@code src/test/python/canonical_vectors.py}.
 */
class CanonicalVectorsTest {

    private static final String VECTORS = "canonical-vectors.jsonl";

    private final PayloadHasher python = new PayloadHasher(CanonicalForm.PYTHON);
    private final PayloadHasher jcs = new PayloadHasher(CanonicalForm.JCS);

    @Test
    void everyDocumentIsEqualInBothFormsToTheByteAndTheHash() throws IOException {
        List<String> lines = lines();
        assertTrue(lines.size() >= 400, "only " + lines.size() + " documents");
        for (String line : lines) {
            Map<?, ?> vector = (Map<?, ?>) JsonReader.read(line);
            Object document = JsonReader.read((String) vector.get("input"));
            String name = (String) vector.get("name");
            assertEquals(vector.get("python"), text(python, document), name);
            assertEquals(vector.get("python_sha256"), python.hash(document, Exclusions.NONE), name);
            if (vector.get("jcs") == null) {
                assertThrows(UnhashableException.class, () -> jcs.hash(document, Exclusions.NONE), name);
            } else {
                assertEquals(vector.get("jcs"), text(jcs, document), name);
                assertEquals(vector.get("jcs_sha256"), jcs.hash(document, Exclusions.NONE), name);
            }
        }
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = CanonicalVectorsTest.class.getResourceAsStream(VECTORS)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static String text(PayloadHasher hasher, Object document) {
        return new String(hasher.canonical(document, Exclusions.NONE), StandardCharsets.UTF_8);
    }
}
