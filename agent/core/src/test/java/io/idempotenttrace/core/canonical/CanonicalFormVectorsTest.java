package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The promise of the README for the forms {@code python-str} and {@code python-unicode}: to the byte what Python writes. The vectors are
 * written by Python, see {@code src/test/python/canonical_vectors.py}.
 */
class CanonicalFormVectorsTest {

    private static final String VECTORS = "canonical-form-vectors.jsonl";

    @Test
    void everyDocumentIsEqualInEachFormToTheByteAndTheHash() throws IOException {
        List<Map<?, ?>> vectors = PythonValues.parsed(lines().stream()).toList();
        assertTrue(vectors.size() >= 500, "only " + vectors.size() + " documents");
        Set<Object> seen = new HashSet<>();
        for (Map<?, ?> vector : vectors) {
            for (CanonicalForm form : List.of(CanonicalForm.PYTHON_STR, CanonicalForm.PYTHON_UNICODE)) {
                if (vector.containsKey(form.key())) {
                    check(vector, form);
                    seen.add(form);
                }
            }
        }
        assertEquals(2, seen.size());
    }

    private static void check(Map<?, ?> vector, CanonicalForm form) {
        PayloadHasher hasher = new PayloadHasher(form);
        Object document = PythonValues.read((String) vector.get("input"));
        String name = form.key() + " of " + vector.get("name");
        if (vector.get(form.key()) == null) {
            UnhashableException refusal =
                    assertThrows(UnhashableException.class, () -> hasher.hash(document, Exclusions.NONE), name);
            assertTrue(refusal.getMessage().contains("lone surrogate"), refusal.getMessage());
            return;
        }
        assertEquals(
                vector.get(form.key()),
                new String(hasher.canonical(document, Exclusions.NONE), StandardCharsets.UTF_8),
                name);
        assertEquals(vector.get(form.key() + "_sha256"), hasher.hash(document, Exclusions.NONE), name);
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = CanonicalFormVectorsTest.class.getResourceAsStream(VECTORS)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
